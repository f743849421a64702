"""Writes the tables of functions and ranks into docs/lexicon.md, between their markers.

Run after functions.tsv or ranks.tsv changed: `.venv/bin/python scripts/lexicon_tables.py`. A test says
when that was forgotten.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/lexicon.md"
TABLES = {
    "functions": ("function", "role", "weight", "meaning"),
    "ranks": ("rank", "seniority", "priority", "meaning"),
}


def table(name: str) -> str:
    """The table `name` of the lexicon as Markdown."""
    columns = TABLES[name]
    text = (ROOT / f"src/leadline/data/lexicon/{name}.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    lines = [" | ".join([f"`{row[columns[0]]}`", *(row[column] for column in columns[1:])]) for row in rows]
    head = [" | ".join(columns), " | ".join("---" for _ in columns)]
    return "".join(f"| {line} |\n" for line in [*head, *lines])


def page(text: str) -> str:
    """The page with its tables as they should be."""
    for name in TABLES:
        opening = re.search(rf"<!-- {name}:[^\n]*-->\n", text)
        if opening is None:
            raise ValueError(f"docs/lexicon.md has no marker for {name}")
        before, after = text[: opening.end()], text[opening.end() :]
        text = before + table(name) + after[after.index(f"<!-- end of {name} -->") :]
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
