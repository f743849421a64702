"""Keeps a spreadsheet from running what a lead says: an apostrophe before what would be a formula.

A text cell is a formula if it begins with `=`, `@`, a tab or a carriage return, or with `+` or `-` and is
neither a number nor a phone:

- a number: a sign, perhaps a blank, digits with `.`, `,`, `'` or blanks between them (or after a leading
  `.` or `,`), perhaps an exponent, perhaps a percent sign: `-5`, `-5,3`, `+1 000.5`, `-1e-7`, `-.5`, `+12 %`;
- a phone: `+` and 5 to 20 digits with at most three blanks, dots, slashes, hyphens or brackets between
  two of them, perhaps an extension: `+49 (0)30 123-45`, `+1 555 123 4567 x89`.

So `-`, `-2+3`, `--`, `- none -` and `+cmd|' /C calc'!A0` get one. `sources.apostrophe` takes it off again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

__all__ = ["NOT_A_FORMULA", "SUSPECT", "neutralised"]

#: What may be a formula: a look at the first character, cheap enough for every cell.
SUSPECT = r"^[=@\t\r+\-]"
#: The numbers and phones among them.
NOT_A_FORMULA = (
    r"^(?:[+\-] ?(?:\d+(?:[.,' \x{a0}\x{202f}]\d+)*|[.,]\d+)(?:[eE][+\-]?\d+)? ?%?"
    r"|\+ ?\(?\d(?:[ \x{a0}./()\-]{0,3}\d){4,19}(?: ?(?:x|ext\.?|Ext\.?) ?\d{1,6})?)$"
)


def neutralised(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The frame with an apostrophe before each formula in the text columns named.

    A column without one is not rewritten.
    """
    suspects = _hits(frame, columns, lambda column: column.str.contains(SUSPECT))
    formulas = _hits(frame, suspects, _is_formula)
    if not formulas:
        return frame
    return frame.with_columns(
        pl.when(_is_formula(pl.col(name)))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in formulas
    )


def _is_formula(column: pl.Expr) -> pl.Expr:
    return column.str.contains(SUSPECT) & ~column.str.contains(NOT_A_FORMULA)


def _hits(frame: pl.DataFrame, columns: Sequence[str], look: Callable[[pl.Expr], pl.Expr]) -> list[str]:
    if not columns or not frame.height:
        return []
    seen = frame.select(look(pl.col(name)).any() for name in columns).row(0)
    return [name for name, hit in zip(columns, seen, strict=True) if hit]
