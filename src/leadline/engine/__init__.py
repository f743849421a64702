"""Runs a plan over leads: deduplicates, remembers, spreads, accounts, shows.

step      what a step must declare and do
plan      steps in order, checked against the input's columns before row one
memo      distinct reads → outcome, spread back onto the leads
ledger    leads in = accepted + skipped
local     runs a plan on this machine
contacts  the main job: contacts in, verdicts and a run folder out
tally     what a run decided, counted while the leads pass
labelled  titles with the labels that people gave them
learning  train and evaluate
segments  the two fixed jobs of make predict and make train
"""
