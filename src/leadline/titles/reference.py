"""The user's reference table: how titles and words of titles are spelled in this company.

A CSV with the columns `Reference` and `Standardization`. A whole title is replaced first; then whole
words, the longest references first. Upper and lower case do not matter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from leadline.core.errors import InputError

__all__ = ["Reference", "load_reference"]


class Reference:
    """Replaces what stands in the table; titles in which nothing stands stay as they are."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._table: dict[str, str] = {}
        for reference, standard in rows:
            if key := _key(reference):
                self._table.setdefault(key, standard.strip())
        longest_first = sorted(self._table, key=lambda key: (-len(key), key))
        inside = "|".join(r"\s+".join(map(re.escape, key.split())) for key in longest_first)
        self._inside = re.compile(rf"(?<!\w)(?:{inside})(?!\w)", re.IGNORECASE) if inside else None
        self._any = longest_first

    def __len__(self) -> int:
        return len(self._table)

    def apply(self, titles: pl.Series) -> pl.Series:
        """`titles` (String) in the table's spelling."""
        if self._inside is None:
            return titles
        keys = titles.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
        touched = keys.str.contains_any(self._any)
        if not touched.any():
            return titles
        at = touched.arg_true()
        changed = [self._replace(title, key) for title, key in zip(titles[at], keys[at], strict=True)]
        return titles.scatter(at, pl.Series(changed, dtype=pl.String))

    def _replace(self, title: str, key: str) -> str:
        whole = self._table.get(key)
        if whole is not None or self._inside is None:
            return whole if whole is not None else title
        return self._inside.sub(lambda found: self._table.get(_key(found[0]), found[0]), title)


def _key(text: str) -> str:
    return " ".join(text.lower().split())


def load_reference(path: Path) -> Reference:
    """The table in the CSV file `path`.

    Raises:
        InputError: the file cannot be read or lacks one of the two columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            lines.seek(0)
            separator = max(",;\t", key=header.count)
            reader = csv.DictReader(lines, delimiter=separator)
            headers = [(name or "").strip() for name in reader.fieldnames or []]
            reader.fieldnames = headers
            missing = [name for name in ("Reference", "Standardization") if name not in headers]
            if missing:
                raise InputError(
                    f"The reference table {path} has no column '{missing[0]}'.",
                    hint=f"It has: {', '.join(headers)[:300] or 'no header'}.",
                )
            rows = [(row["Reference"] or "", row["Standardization"] or "") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The reference table {path} cannot be read: {error}.") from error
    return Reference(rows)
