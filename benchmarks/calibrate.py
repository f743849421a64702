"""Measures how often each kind of built-in evidence is right, and writes the calibration tables.

Roles: LinkedIn postings of 2023 (a posting has several functions; a role is right if it is one of
them). Levels: the two level development sets. The department set is not used, so that it stays a
check. Small counts are pulled towards the overall rate.

Run from the repository root: `.venv/bin/python benchmarks/calibrate.py` (needs ../shared/data).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from leadline.titles.builtin import MARGIN_BINS, STRENGTH_BINS
from leadline.titles.evidence import NO_RANK
from leadline.titles.linear import soft_share
from leadline.titles.taxonomy import load_taxonomy
from leadline.titles.understanding import Reading, Understanding

DATA = Path("../shared/data")
TARGET = Path("src/leadline/data/builtin/calibration.json")
TAXONOMIES = Path("benchmarks/taxonomies")
#: So many imaginary titles at the overall rate are added to every cell.
PRIOR_TITLES = 30.0
#: Roles cells are read off postings, whose functions are noisy; the ceiling of that source.
MAX_CONFIDENCE = 97
Floats = npt.NDArray[np.float64]

#: LinkedIn's names of functions in postings → roles; what is not here says nothing.
FUNCTIONS = {
    "Information Technology": ["Information Technology", "Engineering"],
    "Sales": ["Sales"],
    "Manufacturing": ["Operations", "Engineering", "Other"],
    "Engineering": ["Engineering", "Information Technology"],
    "Health Care Provider": ["Healthcare Services"],
    "Business Development": ["Business Development", "Sales"],
    "Finance": ["Finance", "Accounting"],
    "Marketing": ["Marketing"],
    "Accounting/Auditing": ["Accounting", "Finance"],
    "Administrative": ["Administrative"],
    "Project Management": ["Program and Project Management"],
    "Customer Service": ["Support", "Sales"],
    "Research": ["Research"],
    "Science": ["Research"],
    "Design": ["Arts and Design"],
    "Art/Creative": ["Arts and Design"],
    "Human Resources": ["Human Resources"],
    "Legal": ["Legal"],
    "Education": ["Education"],
    "Training": ["Education", "Human Resources"],
    "Consulting": ["Consulting"],
    "Quality Assurance": ["Quality Assurance"],
    "Public Relations": ["Media and Communication", "Marketing"],
    "Writing/Editing": ["Media and Communication", "Marketing"],
    "Strategy/Planning": ["Business Development", "Operations", "Consulting"],
    "Supply Chain": ["Operations", "Purchasing"],
    "Distribution": ["Operations"],
    "Production": ["Operations", "Engineering"],
    "Product Management": ["Product Management"],
    "Purchasing": ["Purchasing"],
    "Advertising": ["Marketing"],
    "General Business": ["Operations", "Administrative", "Business Development"],
    "Analyst": ["Information Technology", "Finance", "Research"],
}


def rows_of(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the development data."""
    with (DATA / path).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def pulled(hits: Floats, total: Floats, rate: float) -> npt.NDArray[np.int64]:
    """Percentages of hits, small totals pulled towards `rate`."""
    share = (hits + PRIOR_TITLES * rate) / (total + PRIOR_TITLES)
    return np.minimum(np.rint(share * 100), MAX_CONFIDENCE).astype(np.int64)


def role_tables(understanding: Understanding) -> dict[str, object]:
    """The tables for roles, from postings whose functions are all known and not LinkedIn's default pair."""
    postings = [
        row
        for row in rows_of("postings/linkedin_2023.csv")
        if row["functions"] != "Management|Manufacturing"
        and all(f in FUNCTIONS for f in row["functions"].split("|"))
    ]
    reading = understanding.read(pl.Series([row["title"] for row in postings]))
    scores = understanding.role_scores(reading.evidence)
    label = scores.argmax(axis=1)
    best = scores.max(axis=1)
    behind = np.where(np.arange(scores.shape[1]) == label[:, None], 0, scores).max(axis=1)
    allowed = [{role for f in row["functions"].split("|") for role in FUNCTIONS[f]} for row in postings]
    right = np.array(
        [understanding.roles[i] in roles for i, roles in zip(label.tolist(), allowed, strict=True)]
    )
    known = best > 0
    rate = float(right[known].mean())
    strength = np.searchsorted(STRENGTH_BINS, best, side="right")
    margin = np.searchsorted(MARGIN_BINS, best - behind, side="right")
    cells = [
        [
            pulled(*_count(right, known & (strength == s) & (margin == m)), rate)[()]
            for m in range(len(MARGIN_BINS) + 1)
        ]
        for s in range(len(STRENGTH_BINS) + 1)
    ]
    print(f"roles: {known.sum():,} of {len(known):,} postings have evidence, {rate:.1%} right")
    return {"role": np.array(cells).tolist(), **spelling_tables(understanding, reading, ~known, allowed)}


def spelling_tables(
    understanding: Understanding, reading: Reading, unknown: npt.NDArray[np.bool_], allowed: list[set[str]]
) -> dict[str, object]:
    """How often the guess by spelling is right, by its share in tenths."""
    scores = understanding.spelling_scores(reading)
    share, label = soft_share(scores), scores.argmax(axis=1)
    roles = understanding.roles
    right = np.array([roles[i] in wanted for i, wanted in zip(label.tolist(), allowed, strict=True)])
    bins = np.minimum(share // 100, 9)
    rate = float(right[unknown].mean())
    table = [pulled(*_count(right, unknown & (bins == b)), rate)[()] for b in range(10)]
    print(f"spelling: {unknown.sum():,} postings without evidence, {rate:.1%} right")
    return {"spelling": np.maximum.accumulate(np.array(table)).tolist()}


def _count(right: npt.NDArray[np.bool_], where: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    return np.array(float(right[where].sum())), np.array(float(where.sum()))


def rank_tables(understanding: Understanding) -> dict[str, object]:
    """The tables for levels, from both level sets, each in its own taxonomy."""
    ranks = [rank.name for rank in understanding.lexicon.ranks]
    hits, total = np.zeros(len(ranks) + 1), np.zeros(len(ranks) + 1)
    for path, name, column in (
        ("levels/joblevel_dev.csv", "joblevels", "top_level"),
        ("levels/rootstrap_dev.csv", "companyroles", "level"),
    ):
        rows = rows_of(path)
        facet = load_taxonomy(TAXONOMIES / f"{name}.yml").facet("level")
        reading = understanding.read(pl.Series([row["title"] for row in rows]))
        guess = decided(understanding, facet)(reading)
        right = np.array([facet.label_names[i] == row[column] for i, row in zip(guess, rows, strict=True)])
        rank = np.where(reading.evidence.rank == NO_RANK, len(ranks), reading.evidence.rank)
        np.add.at(hits, rank, right)
        np.add.at(total, rank, 1)
    rate = float(hits.sum() / total.sum())
    table = pulled(hits, total, rate)
    print(f"levels: {int(total.sum()):,} titles, {rate:.1%} right")
    return {
        "rank": {name: int(table[i]) for i, name in enumerate(ranks)},
        "no_rank": [int(table[-1]), max(50, int(table[-1]) - 15)],
    }


def decided(understanding: Understanding, facet: object) -> Callable[[Reading], list[int]]:
    """The decisions of an untrained facet."""
    from leadline.titles.facets import FacetDecider

    decider = FacetDecider(facet, understanding)  # type: ignore[arg-type]
    return lambda reading: [int(label) for label in decider(reading).label]


def main() -> None:
    """Writes all tables."""
    understanding = Understanding.shared()
    tables = json.loads(TARGET.read_text("utf-8"))
    tables |= role_tables(understanding) | rank_tables(understanding)
    text = json.dumps(tables, default=int, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
