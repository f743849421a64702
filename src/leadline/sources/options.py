"""What a reader may be told about how to read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ReadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a file, whatever its format.

    `sheet` names a sheet of a workbook (the first without). `raw_cells` leaves the apostrophe that our
    CSV files put before a formula. `id_columns` are headers whose cells are never touched, besides
    those that are ids by their name.
    """

    sheet: str | None = None
    raw_cells: bool = False
    id_columns: frozenset[str] = frozenset()
