"""The user's reference table: a whole title first, then whole words, the longest first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.core.errors import InputError
from leadline.titles.explain import Explanation
from leadline.titles.reference import Reference, load_reference

TABLE = [
    ("PO", "Product Owner"),
    ("PO Box", "Mail Room"),
    ("T&S", "Trust & Safety"),
    ("ML", "Machine Learning"),
    ("ML Ops", "Infrastructure"),
    ("head honcho", "CEO"),
    ("C++", "Software"),
    ("Sr. PO", "Senior Product Owner"),
    ("gone", ""),
    ("Größe", "Size"),
    ("(x)", "Ex"),
]


@pytest.mark.parametrize(
    ("title", "standard"),
    [
        ("PO", "Product Owner"),  # a whole title
        ("po", "Product Owner"),
        ("  HEAD   Honcho ", "CEO"),
        ("gone", ""),
        ("Senior PO", "Senior Product Owner"),  # a whole word in a title
        ("PO, Payments", "Product Owner, Payments"),
        ("PO/ML", "Product Owner/Machine Learning"),
        ("POS Manager", "POS Manager"),  # no part of a word
        ("HTML Developer", "HTML Developer"),
        ("ML_Ops", "ML_Ops"),
        ("PO Box Keeper", "Mail Room Keeper"),  # the longest first
        ("ML Ops and ML", "Infrastructure and Machine Learning"),
        ("Sr. PO wanted", "Senior Product Owner wanted"),
        ("Head of T&S", "Head of Trust & Safety"),  # signs
        ("C++ Developer", "Software Developer"),
        ("Head (x)", "Head Ex"),
        ("GRÖSSE", "GRÖSSE"),  # ß and SS are other letters here
        ("Größe messen", "Size messen"),
        ("Nurse", "Nurse"),
        ("", ""),
    ],
)
def test_a_title_is_put_into_the_tables_spelling(title: str, standard: str) -> None:
    assert Reference(TABLE).apply(pl.Series([title])).to_list() == [standard]


def test_what_was_put_in_is_not_replaced_again() -> None:
    assert Reference([("a", "b"), ("b", "c")]).apply(pl.Series(["a b x"])).to_list() == ["b c x"]


def test_of_two_rows_for_one_reference_the_first_counts() -> None:
    assert Reference([("PO", "Owner"), ("po", "Officer")]).apply(pl.Series(["PO"])).to_list() == ["Owner"]
    assert len(Reference([("PO", "Owner"), ("po", "Officer"), ("", "nothing")])) == 1


def test_a_table_with_nothing_in_it_changes_nothing() -> None:
    titles = pl.Series(["PO", "Nurse", ""])
    assert Reference([]).apply(titles).to_list() == titles.to_list()


@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6),
    st.lists(st.text(max_size=20), max_size=6),
)
def test_no_table_and_no_title_makes_it_fail_and_a_title_does_not_depend_on_the_others(
    rows: list[tuple[str, str]], titles: list[str]
) -> None:
    reference = Reference(rows)
    together = reference.apply(pl.Series(titles, dtype=pl.String)).to_list()
    assert together == [reference.apply(pl.Series([title])).item() for title in titles]


def test_a_file_is_read_whatever_else_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "reference.csv"
    file.write_text(
        '\ufeffNote,Reference , Standardization\nx,PO,"Owner, Product"\ny,"T&S"\n,,\n', encoding="utf-8"
    )
    titles = pl.Series(["PO", "T&S", "x"])
    assert load_reference(file).apply(titles).to_list() == ["Owner, Product", "", "x"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Reference,Standard\nPO,Owner\n", "has no column 'Standardization'. It has: Reference, Standard."),
        (b"", "has no column 'Reference'"),
        (b"\xff\xfe\xff", "cannot be read"),
    ],
)
def test_a_file_that_is_no_reference_table_is_refused_with_its_name(
    tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "reference.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match="reference.csv") as caught:
        load_reference(file)
    assert says in str(caught.value)


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere.csv"):
        load_reference(tmp_path / "nowhere.csv")


def test_titles_are_understood_in_the_tables_spelling(explain: Callable[..., Explanation]) -> None:
    explanation = explain("Head of GTM", reference=Reference([("GTM", "Sales")]))
    assert (explanation.title, explanation.standardised) == ("Head of GTM", "Head of Sales")
    assert explanation.facets[0].label == "Sales"
