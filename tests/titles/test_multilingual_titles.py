"""Titles in thirteen languages, written down without looking at the lexicon, are mostly understood.

The mistakes stay in the table: it measures, nothing is tuned to it.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import leadline
from leadline.titles.taxonomy import Taxonomy

TABLE = Path(__file__).parent.parent / "data/multilingual_titles.csv"
SEVEN = ("en", "de", "fr", "es", "pt", "it", "nl")
OTHERS = ("pl", "sv", "tr", "ru", "zh", "ja")
LEAST = 0.90
Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def judged(rows: list[Row]) -> list[Row]:
    """The rows with what was made of them: `is role`, `is seniority`."""
    table = leadline.classify([row["title"] for row in rows])
    columns = zip(rows, table["Role"].to_list(), table["Seniority"].to_list(), strict=True)
    return [
        row | {"is role": role or "", "is seniority": seniority or ""} for row, role, seniority in columns
    ]


def wrong(rows: list[Row], *columns: str) -> list[str]:
    """The rows that are wrong in any of the columns, with what they were taken for."""
    mistakes = []
    for row in rows:
        pairs = [(row[column], row[f"is {column}"]) for column in columns]
        if any(wanted != taken for wanted, taken in pairs):
            mistakes.append(
                f"{row['title']}: " + ", ".join(f"{wanted}, taken for {taken}" for wanted, taken in pairs)
            )
    return mistakes


def test_the_table_is_large_enough_and_holds_only_labels_of_the_taxonomy(
    rows: list[Row], default_taxonomy: Taxonomy
) -> None:
    counts = Counter(row["language"] for row in rows)
    assert len(rows) >= 300
    assert all(counts[language] >= 30 for language in SEVEN)
    assert all(counts[language] >= 10 for language in OTHERS)
    role, seniority = default_taxonomy.facets
    assert {row["role"] for row in rows} <= set(role.label_names)
    assert {row["seniority"] for row in rows} <= set(seniority.label_names)


@pytest.mark.parametrize("column", ["role", "seniority"])
@pytest.mark.parametrize("language", SEVEN)
def test_nine_of_ten_titles_in_each_of_seven_languages_are_right(
    judged: list[Row], language: str, column: str
) -> None:
    own = [row for row in judged if row["language"] == language]
    mistakes = wrong(own, column)
    assert len(mistakes) <= (1 - LEAST) * len(own), "\n".join(mistakes)


@pytest.mark.parametrize("column", ["role", "seniority"])
def test_three_of_four_titles_in_six_further_languages_are_right(judged: list[Row], column: str) -> None:
    own = [row for row in judged if row["language"] in OTHERS]
    mistakes = wrong(own, column)
    assert len(mistakes) <= 0.25 * len(own), "\n".join(mistakes)


def test_the_share_of_titles_right_in_both_is_shown(
    judged: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = []
    for language in SEVEN + OTHERS:
        own = [row for row in judged if row["language"] == language]
        role, seniority, both = (
            1 - len(wrong(own, *columns)) / len(own)
            for columns in (["role"], ["seniority"], ["role", "seniority"])
        )
        lines.append(
            f"{language}  {len(own):3} titles  role {role:4.0%}  seniority {seniority:4.0%}  both {both:4.0%}"
        )
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - the figures are the point of the table
    assert len(wrong(judged, "role", "seniority")) <= 0.2 * len(judged)
