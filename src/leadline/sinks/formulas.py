"""Keeps a spreadsheet from running what a lead says: an apostrophe before what would be a formula.

What a formula is stands in `core.formulas`; `sources.apostrophe` takes the apostrophe off again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from leadline.core.formulas import APOSTROPHE, is_formula, suspect

__all__ = ["neutralised"]


def neutralised(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The frame with an apostrophe before each formula in the text columns named.

    A column without one is not rewritten.
    """
    formulas = _hits(frame, _hits(frame, columns, suspect), is_formula)
    if not formulas:
        return frame
    return frame.with_columns(
        pl.when(is_formula(pl.col(name)))
        .then(pl.lit(APOSTROPHE) + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in formulas
    )


def _hits(frame: pl.DataFrame, columns: Sequence[str], look: Callable[[pl.Expr], pl.Expr]) -> list[str]:
    if not columns or not frame.height:
        return []
    seen = frame.select(look(pl.col(name)).any() for name in columns).row(0)
    return [name for name, hit in zip(columns, seen, strict=True) if hit]
