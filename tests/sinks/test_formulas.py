"""What a spreadsheet would run gets an apostrophe; what people write does not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.sinks.formulas import neutralised
from leadline.sources.apostrophe import apostrophe_off


def written(cell: str | None) -> str | None:
    return neutralised(pl.DataFrame({"a": [cell]}, schema={"a": pl.String}), ["a"]).item()  # type: ignore[no-any-return]


def read_back(cell: str | None) -> str | None:
    return pl.DataFrame({"a": [cell]}, schema={"a": pl.String}).select(apostrophe_off(pl.col("a"))).item()  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "=", "@SUM(A1)", "@", "\t=1", "\rx", '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0",
        "-cmd|' /C calc'!A0",
        "-2+3", "+2-3", "-", "+", "--", "- none -", "-A1", "+A1", "-5\n=1", "-1-1", "-5 apples",
        "+49 (0)30 123-45=1",
        "+1(2)*3", "-(5)", "+49a", "-$A$1", "-5:6", "++49 30 123456", "+12;34", "-1e", "+(12", "-1%%",
    ],
)  # fmt: skip
def test_a_formula_gets_an_apostrophe_that_reading_takes_off(cell: str) -> None:
    assert written(cell) == "'" + cell
    assert read_back("'" + cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "-5", "-5,3", "+5.25", "-1.234.567,89", "+1 000", "-1'000", "-1e5", "-1.5E-7", "-.5", "-,5", "- 5",
        "-12%", "+12 %",
        "+49 (0)30 123-45", "+1 (555) 123-4567", "+4930123456", "+1.555.123.4567", "+33 1 23 45 67 89",
        "+49/30/12345",
        "+1 555 123 4567 x89", "+1 555 123 4567 ext. 12", "+(49) 30 12345",
        "CEO", "", "'tis", "a=1", "a@b.c", " =1", "'=1", "''", "1-2", "x\n=1", "’=1",
    ],
)  # fmt: skip
def test_a_number_a_phone_and_plain_text_stay_as_they_are(cell: str) -> None:
    assert written(cell) == cell


def test_null_stays_null() -> None:
    assert written(None) is None
    assert read_back(None) is None


@given(st.text(st.sampled_from("=@\t\r+-'5.,e% ()/x\naé") | st.characters(exclude_categories=["Cs"])))
def test_writing_reading_and_writing_again_changes_nothing(cell: str) -> None:
    once = written(cell)
    assert written(read_back(once)) == once
    if not cell.startswith("'"):
        assert read_back(once) == cell


@given(st.text(st.sampled_from("=@\t\r+-'5.,e% ()/x\n"), min_size=1))
def test_what_is_written_never_begins_like_a_formula_unless_it_is_a_number_or_a_phone(cell: str) -> None:
    out = written(cell)
    assert out is not None
    assert out[0] not in "=@\t\r"
    if out[0] in "+-":
        assert any(digit in "0123456789" for digit in out)
        assert set(out[1:]) <= set("0123456789.,eE+- ()/%x'")
