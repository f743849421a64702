"""Counts what a run decided, while the leads pass; keeps a few titles to show at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from leadline.sinks.cells import printable

__all__ = ["FacetColumns", "Tally"]

#: The titles shown at the end are taken from so many leads, and are so many, of at most this length.
SAMPLE_LEADS = 200_000
SHOWN_SAMPLES = 8
SHOWN_CHARACTERS = 60

#: Label, confidence and who decided: the three columns of a facet.
FacetColumns = tuple[str, str, str]


class Tally:
    """Counts labels and who decided, per facet; `headers` are the labels' columns as the user sees them."""

    def __init__(self, title: str, columns: Sequence[FacetColumns], headers: Sequence[FacetColumns]) -> None:
        self.headers = tuple(label for label, _, _ in headers)
        self.labels: dict[str, Counter[str]] = {header: Counter() for header in self.headers}
        self.decided_by: dict[str, Counter[str]] = {header: Counter() for header in self.headers}
        self._title = title
        self._columns = columns
        self._seen = 0
        self._samples: list[pl.DataFrame] = []

    def __call__(self, accepted: pl.DataFrame) -> None:
        """Counts the accepted leads of one batch."""
        for header, (label, _, decided) in zip(self.headers, self._columns, strict=True):
            _count(accepted[label], self.labels[header])
            _count(accepted[decided], self.decided_by[header])
        if self._seen < SAMPLE_LEADS:
            part = accepted.head(SAMPLE_LEADS - self._seen)
            self._seen += part.height
            names = [name for three in self._columns for name in three[:2]]
            titles = printable(part.select(self._title)).to_series().cast(pl.String).str.strip_chars()
            titles = titles.str.slice(0, SHOWN_CHARACTERS)
            together = part.select(titles.alias("title"), *names)
            self._samples.append(together.group_by(together.columns).len("leads"))

    def samples(self, *, surest: bool) -> list[tuple[str, ...]]:
        """A few titles with their labels, the surest (or least sure) first, frequent before rare.

        One title per combination of labels, so that the list shows more than one kind.
        """
        if not self._samples:
            return []
        sure = pl.min_horizontal([pl.col(confidence).fill_null(0) for _, confidence, _ in self._columns])
        together = pl.concat(self._samples)
        table = (
            together.group_by(together.columns[:-1])
            .agg(pl.col("leads").sum())
            .with_columns(sure.alias("sure"))
        )
        ordered = table.sort("sure", "leads", "title", descending=[surest, True, False])
        labels = [label for label, _, _ in self._columns]
        shown = ordered.unique(labels, keep="first", maintain_order=True).head(SHOWN_SAMPLES)
        return [self._row(row) for row in shown.iter_rows(named=True)]

    def _row(self, row: dict[str, object]) -> tuple[str, ...]:
        verdicts = [
            f"{row[label]} {row[confidence]}" if row[label] else "–" for label, confidence, _ in self._columns
        ]
        return (str(row["title"]), *verdicts)


def _count(values: pl.Series, into: Counter[str]) -> None:
    for value, count in values.drop_nulls().value_counts().iter_rows():
        into[str(value)] += count
