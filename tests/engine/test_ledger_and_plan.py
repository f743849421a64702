"""The account of a run, and the check of a plan before the first lead is read."""

from __future__ import annotations

import polars as pl
import pytest
from enginestandins import ListSink, ListSource, Step, shout
from hypothesis import given
from hypothesis import strategies as st

from leadline.core.errors import InputError, LedgerError
from leadline.core.events import silent
from leadline.engine.ledger import Ledger
from leadline.engine.local import run_local
from leadline.engine.plan import Plan

REASONS = st.lists(st.sampled_from(["no job title", "test address", "unreadable line"]), max_size=20)


def ledger(leads: int, accepted: int, reasons: list[str]) -> Ledger:
    book = Ledger(leads=leads, accepted=accepted)
    book.skip(pl.Series(reasons, dtype=pl.String))
    return book


@given(st.integers(0, 50), REASONS, st.integers(-3, 3))
def test_a_ledger_balances_exactly_if_leads_are_accepted_plus_skipped(
    accepted: int, reasons: list[str], off: int
) -> None:
    book = ledger(accepted + len(reasons) + off, accepted, reasons)
    assert book.skipped == len(reasons)
    if off:
        with pytest.raises(
            LedgerError, match=f"{accepted} were accepted and {len(reasons)} skipped.*Nothing was published"
        ):
            book.check()
    else:
        book.check()


def test_skipped_leads_are_counted_by_reason_over_several_batches() -> None:
    book = ledger(4, 0, ["a", "b", "a"])
    book.skip(pl.Series(["a"]))
    assert book.skip_reasons == {"a": 3, "b": 1}


@pytest.mark.parametrize(
    ("steps", "columns", "said"),
    [
        (
            [shout("title")],
            ["Title"],
            r"'shout' reads the column 'title', which is not there\. Did you mean 'Title'",
        ),
        (
            [shout("phone")],
            ["id", "name"],
            r"reads the column 'phone', which is not there\. There are: id, name",
        ),
        ([shout("title")], ["title", "loud"], r"'shout' adds the column 'loud', which is already there"),
        ([shout("title"), shout("title")], ["title"], r"adds the column 'loud', which is already there"),
        ([shout("loud")], ["title"], r"reads the column 'loud'"),
    ],
    ids=["a near miss", "no such column", "the input has it", "two steps add it", "reads what only it adds"],
)
def test_a_plan_that_cannot_work_is_refused_before_the_first_lead(
    steps: list[Step], columns: list[str], said: str
) -> None:
    plan = Plan(tuple(steps))
    with pytest.raises(InputError, match=said):
        plan.check(columns)
    source = ListSource({column: ["x"] for column in columns})
    with pytest.raises(InputError, match=said):
        run_local(plan, source, accepted=ListSink(), skipped=ListSink(), listener=silent)
    assert source.given == 0


def test_a_step_may_read_what_an_earlier_one_adds() -> None:
    plan = Plan((shout("title"), Step("more", ["loud", "title"], ["more"], lambda *_: {"more": "x"})))
    plan.check(["title"])
    assert plan.adds == ("loud", "more")
