"""Each distinct read is computed once, and its outcome is spread onto the leads in order."""

from __future__ import annotations

import polars as pl
import pytest
from enginestandins import Step, shout
from hypothesis import given
from hypothesis import strategies as st

from leadline.core.errors import RunError
from leadline.engine import memo as memo_module
from leadline.engine.memo import Memo

#: Texts that could be mistaken for what the memo keeps for itself.
TRICKY = st.sampled_from(
    [None, "", "\x00", "\x1f", "-", "1:a", "0:", "\x00anchor", "\x00null", "a", "A", "é", "a\x1fb"]
)
CELLS = TRICKY | st.text(max_size=3)


def pair() -> Step:
    return Step("pair", ["a", "b"], ["both"], lambda a, b: {"both": f"{a!r}|{b!r}"})


def test_each_distinct_read_is_computed_once_over_all_batches() -> None:
    step = shout()
    memo = Memo(step)
    batches = [["a", "b", "a"], ["b", "c", None], [None, "a"], []]
    given = [
        memo.outcome(pl.DataFrame({"title": pl.Series(batch, dtype=pl.String)}))["loud"].to_list()
        for batch in batches
    ]
    assert given == [["A", "B", "A"], ["B", "C", None], [None, "A"], []]
    assert step.asked == [("a",), ("b",), ("c",), (None,)]
    assert memo.computed == 4


@given(st.lists(st.lists(CELLS, max_size=8), max_size=4))
def test_whatever_the_texts_the_outcome_is_that_of_each_text_by_itself(
    batches: list[list[str | None]],
) -> None:
    step = Step("show", ["title"], ["shown"], lambda text: {"shown": repr(text)})
    memo = Memo(step)
    for batch in batches:
        outcome = memo.outcome(pl.DataFrame({"title": pl.Series(batch, dtype=pl.String)}))
        assert outcome["shown"].to_list() == [repr(text) for text in batch]
    assert len(step.asked) == len(set(step.asked)) == len({text for batch in batches for text in batch})


@given(st.lists(st.tuples(CELLS, CELLS), max_size=12))
def test_two_columns_are_one_read_and_no_two_pairs_are_mixed_up(
    rows: list[tuple[str | None, str | None]],
) -> None:
    step = pair()
    leads = pl.DataFrame(
        {"a": [a for a, _ in rows], "b": [b for _, b in rows]}, dict.fromkeys("ab", pl.String)
    )
    assert Memo(step).outcome(leads)["both"].to_list() == [f"{a!r}|{b!r}" for a, b in rows]
    assert len(step.asked) == len(set(rows))


def test_texts_that_only_together_are_the_same_stay_apart() -> None:
    """Two pairs whose texts run together alike, and a null beside an empty text."""
    rows = [
        ("ab", "c"),
        ("a", "bc"),
        ("a\x1f", "b"),
        ("a", "\x1fb"),
        (None, "a"),
        ("a", None),
        ("", "a"),
        ("-", "a"),
    ]
    outcome = Memo(pair()).outcome(pl.DataFrame(rows, schema=["a", "b"], orient="row"))
    assert outcome["both"].n_unique() == len(rows)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pl.Series("title", [12, 3, 12]), ["12", "3", "12"]),
        (pl.Series("title", [["CEO", "CTO"], None], dtype=pl.List(pl.String)), ['["CEO", "CTO"]', None]),
        (pl.Series("title", [b"CEO", b"\xff"]), ["CEO", "ff"]),
        (pl.Series("title", ["a", "b", "a"], dtype=pl.Categorical), ["a", "b", "a"]),
        (pl.Series("title", [None, None], dtype=pl.Null), [None, None]),
    ],
    ids=["numbers", "lists", "bytes", "categories", "nothing"],
)
def test_a_column_of_any_type_is_read(column: pl.Series, texts: list[str | None]) -> None:
    step = Step("text", ["title"], ["text"], lambda value: {"text": None if value is None else str(value)})
    assert Memo(step).outcome(column.to_frame())["text"].to_list() == texts


def test_nearly_unique_reads_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """E-mail addresses are nearly unique: a memory of them all would cost more than it saves."""
    monkeypatch.setattr(memo_module, "SAMPLE_ROWS", 10)
    step = shout()
    memo = Memo(step)
    first = pl.DataFrame({"title": [f"t{n}" for n in range(9)] + ["t0"]})
    second = pl.DataFrame({"title": ["t0", "t0"]})
    assert memo.outcome(first)["loud"].to_list() == [f"T{n}" for n in range(9)] + ["T0"]
    assert memo.outcome(second)["loud"].to_list() == ["T0", "T0"]
    assert len(step.asked) == memo.computed == 12


def test_a_full_memo_starts_anew_and_goes_on_being_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded; a read that was forgotten is computed again."""
    monkeypatch.setattr(memo_module, "MAX_OUTCOMES", 3)
    step = shout()
    memo = Memo(step)
    for batch in (["a", "b"], ["c", "d"], ["a", "e"], ["a", "b", "c", "e"]):
        assert memo.outcome(pl.DataFrame({"title": batch}))["loud"].to_list() == [
            text.upper() for text in batch
        ]
    assert [text for (text,) in step.asked] == ["a", "b", "c", "d", "a", "e", "b", "c"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (pl.DataFrame({"loud": ["A"]}), r"'shout' gave 1 rows for 2\."),
        (pl.DataFrame({"loud": ["A", "B", "C"]}), r"'shout' gave 3 rows for 2\."),
        (pl.DataFrame({"other": ["A", "B"]}), r"'shout' gave 2 rows for 2 and left out loud\."),
    ],
    ids=["too few rows", "too many rows", "a column missing"],
)
def test_a_step_that_breaks_its_promise_stops_the_run(
    outcome: pl.DataFrame, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = shout()
    monkeypatch.setattr(step, "compute", lambda distinct: outcome)
    with pytest.raises(RunError, match=said):
        Memo(step).outcome(pl.DataFrame({"title": ["a", "b", "a"]}))


def test_only_what_the_step_promised_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    step = shout()
    monkeypatch.setattr(
        step, "compute", lambda distinct: distinct.with_columns(loud=pl.lit("x"), more=pl.lit(1))
    )
    assert Memo(step).outcome(pl.DataFrame({"title": ["a"]})).columns == ["loud"]
