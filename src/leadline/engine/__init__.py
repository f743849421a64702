"""Runs a plan over leads: deduplicates, remembers, spreads, accounts, shows.

    step     what a step must declare and do
    plan     steps in order, checked against the input's columns before row one
    memo     distinct reads → outcome, spread back onto the leads
    ledger   leads in = accepted + skipped
    local    runs a plan on this machine
    run      one execution: folder, files, run.json
    catalog  the names of everything a run can be made of
"""
