"""Reads whatever bytes a test writes down, and shows all that came out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from leadline.sources import Source
from leadline.sources.csv import CsvSource
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions

Cell = object
Row = tuple[Cell, ...]


@dataclass
class Reading:
    """What a source gave: `unreadable` as (rows before it, line, raw text)."""

    headers: list[str]
    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    unreadable: list[tuple[int, int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def everything(source: Source) -> Reading:
    """All that a source gives, as one table."""
    reading = Reading(source.headers, source.columns)
    for batch in source.batches():
        assert batch.frame.columns == source.columns
        before = len(reading.rows)
        reading.unreadable += [(before + bad.at, bad.line, bad.raw) for bad in batch.unreadable]
        reading.rows += batch.frame.rows()
    reading.notes = source.notes
    return reading


def csv_source(path: Path, *, raw_cells: bool = True, block_bytes: int = 16 << 20) -> CsvSource:
    """A CSV file read in blocks of any size."""
    return CsvSource(
        InputFile(path, path.name), options=ReadOptions(raw_cells=raw_cells), block_bytes=block_bytes
    )
