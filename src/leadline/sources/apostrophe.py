"""Takes off the apostrophe that our CSV files put before a cell that a spreadsheet would run."""

from __future__ import annotations

import polars as pl

from leadline.core.formulas import APOSTROPHE, is_formula

__all__ = ["apostrophe_off"]


def apostrophe_off(column: pl.Expr) -> pl.Expr:
    """The column as it was before our sink wrote it."""
    return pl.when(is_formula(column, behind=APOSTROPHE)).then(column.str.slice(1)).otherwise(column)
