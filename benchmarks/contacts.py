"""Writes a contacts file of any size whose titles are drawn from real CRM titles by their counts."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import polars as pl

FIRST = ["Anna", "Ben", "Clara", "David", "Eva", "François", "Giulia", "Hugo", "Inês", "José", "Karin", "Léa"]
LAST = ["Müller", "Smith", "Rossi", "García", "de Vries", "Dubois", "Silva", "Kowalski", "O'Brien", "Jansen"]
COMPANIES = ["Acme", "Globex", "Initech", "Umbrella, Inc.", "Stark & Co", "Wayne GmbH", "Hooli", "Vandelay"]
COUNTRIES = ["Germany", "United States", "France", "Spain", "Portugal", "Italy", "Netherlands", "Brazil"]
#: What people add to a title; about an eighth of the rows gets one, which makes the distinct titles.
PLACES = [
    "EMEA",
    "APAC",
    "DACH",
    "LATAM",
    "Nordics",
    "North",
    "South",
    "East",
    "West",
    "Global",
    "Central Europe",
]
CHUNK_ROWS = 500_000


def titles_by_count(path: Path) -> tuple[list[str], np.ndarray]:
    """The distinct titles of `path` (columns `title`, `n`) and their probabilities."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row["title"], int(row["n"])) for row in csv.DictReader(lines)]
    counts = np.array([count for _, count in rows], dtype=np.float64)
    return [title for title, _ in rows], counts / counts.sum()


def varied(titles: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same titles, a part of them written as people write them: case, blanks, a place, a unit."""
    out = titles.copy()
    kind = rng.random(len(out))
    places = np.array(PLACES, dtype=object)
    for low, high, change in (
        (0.00, 0.03, str.upper),
        (0.03, 0.07, str.title),
        (0.07, 0.08, lambda title: f"{title} "),
    ):
        where = np.flatnonzero((kind >= low) & (kind < high))
        out[where] = [change(title) for title in out[where]]
    where = np.flatnonzero((kind >= 0.08) & (kind < 0.115))
    out[where] = [
        f"{title} {place}"
        for title, place in zip(out[where], places[rng.integers(0, len(places), len(where))], strict=True)
    ]
    where = np.flatnonzero((kind >= 0.115) & (kind < 0.13))
    out[where] = [
        f"{title} - Unit {unit}"
        for title, unit in zip(out[where], rng.integers(1, 40, len(where)), strict=True)
    ]
    return out


def write(path: Path, *, rows: int, titles: Path, seed: int = 7) -> int:
    """Writes `rows` contacts to `path` as CSV; returns the number of distinct titles."""
    rng = np.random.default_rng(seed)
    names, weights = titles_by_count(titles)
    pool = np.array(names, dtype=object)
    seen: set[str] = set()
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK_ROWS):
            n = min(CHUNK_ROWS, rows - start)
            drawn = varied(pool[rng.choice(len(pool), n, p=weights)], rng)
            seen.update(drawn)
            first = rng.choice(FIRST, n)
            last = rng.choice(LAST, n)
            ids = np.arange(start, start + n)
            frame = pl.DataFrame(
                {
                    "Record ID": pl.Series(ids + 10_000_000_000).cast(pl.String),
                    "First Name": first,
                    "Last Name": last,
                    "Email": pl.Series("e", first).str.to_lowercase()
                    + "."
                    + pl.Series(ids).cast(pl.String)
                    + "@acme.io",
                    "Company": rng.choice(COMPANIES, n),
                    "Job Title": pl.Series("t", drawn.tolist(), dtype=pl.String),
                    "Country": rng.choice(COUNTRIES, n),
                    "Phone": "+49 " + pl.Series(rng.integers(10**8, 10**9, n)).cast(pl.String),
                }
            )
            frame.write_csv(out, include_header=start == 0)
    return len(seen)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--titles", type=Path, default=Path("../shared/data/titles/crm_unlabelled.csv"))
    arguments = parser.parse_args()
    distinct = write(arguments.path, rows=arguments.rows, titles=arguments.titles)
    print(f"{arguments.rows:,} contacts, {distinct:,} distinct titles: {arguments.path}")
