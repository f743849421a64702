"""Labelled titles from a file: what people teach with and what models are measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from leadline.core.errors import InputError
from leadline.sources.columns import find_column
from leadline.sources.open import open_source
from leadline.titles.reference import Reference
from leadline.titles.taxonomy import Facet

__all__ = ["Labelled", "label_column", "labels_of", "read_labelled", "read_titles"]

MAX_ROWS = 1_000_000


@dataclass(frozen=True)
class Labelled:
    """Titles (String, no nulls) with the label of each facet asked for; `notes` for the user."""

    titles: pl.Series
    labels: Mapping[str, pl.Series]
    notes: tuple[str, ...]


def read_titles(
    path: Path, *, title_column: str | None = None, reference: Reference | None = None
) -> pl.Series:
    """The titles of a file without labels."""
    return read_labelled(path, columns={}, title_column=title_column, reference=reference).titles


def read_labelled(
    path: Path,
    *,
    columns: Mapping[str, str | None],
    title_column: str | None = None,
    reference: Reference | None = None,
) -> Labelled:
    """The labelled titles in `path`; `columns` says for each facet in which column its labels stand.

    Rows without a title are left out and counted in the notes; so are unreadable lines.

    Raises:
        InputError: the file or a column is not there, or it has more than a million rows.
    """
    source = open_source(path)
    found = find_column(source.headers, wanted="title", chosen=title_column)
    assert found is not None  # noqa: S101 - find_column raises where there is no title column
    places = {
        facet: label_column(source.headers, facet=facet, chosen=chosen) for facet, chosen in columns.items()
    }
    wanted = {"title": source.columns[found.place]} | {
        f"facet {facet}": source.columns[at] for facet, at in places.items()
    }
    parts: list[pl.DataFrame] = []
    rows = unreadable = 0
    for batch in source.batches():
        parts.append(
            batch.frame.select(pl.col(column).cast(pl.String).alias(name) for name, column in wanted.items())
        )
        rows += batch.frame.height
        unreadable += len(batch.unreadable)
        if rows > MAX_ROWS:
            raise InputError(f"{path} has more than {MAX_ROWS:,} rows.", hint="Take a sample of it.")
    table = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
    table = table.with_columns(pl.all().str.strip_chars().fill_null(""))
    titled = table.filter(pl.col("title") != "")
    notes = [found.note] if found.note else []
    notes += (
        [f"{table.height - titled.height:,} rows without a title were left out."]
        if titled.height < table.height
        else []
    )
    notes += [f"{unreadable:,} unreadable lines were left out."] if unreadable else []
    notes += list(source.notes)
    titles = titled["title"] if reference is None else reference.apply(titled["title"])
    return Labelled(titles, {facet: titled[f"facet {facet}"] for facet in columns}, tuple(notes))


def label_column(headers: Sequence[str], *, facet: str, chosen: str | None) -> int:
    """The place of the column with a facet's labels: the chosen one, by the facet's name, or "label"."""
    plain = [header.strip().casefold() for header in headers]
    wanted = (
        [chosen.strip().casefold()]
        if chosen
        else [facet.casefold(), facet.replace("_", " ").casefold(), "label"]
    )
    for name in wanted:
        if name in plain:
            return plain.index(name)
    named = chosen or facet
    raise InputError(
        f"There is no column '{named}' with labels.",
        hint=f"The columns are: {', '.join(headers[:30])}. Say which with --facet {facet}=COLUMN.",
    )


def labels_of(labelled: Labelled, facet: Facet) -> tuple[pl.Series, pl.Series, Counter[str]]:
    """The titles with a label of `facet`, the labels as the taxonomy spells them, and all others, counted.

    Rows with an empty label are left out without a word: they ask nothing.
    """
    spelled = {name.casefold(): name for name in facet.label_names}
    table = pl.DataFrame({"title": labelled.titles, "raw": labelled.labels[facet.name]}).filter(
        pl.col("raw") != ""
    )
    known = {raw: spelled.get(raw.casefold(), "") for raw in table["raw"].unique().to_list()}
    table = table.with_columns(label=pl.col("raw").replace_strict(known, return_dtype=pl.String))
    strange = table.filter(pl.col("label") == "")["raw"].value_counts()
    kept = table.filter(pl.col("label") != "")
    return kept["title"], kept["label"], Counter({str(raw): int(count) for raw, count in strange.iter_rows()})
