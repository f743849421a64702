"""Which cells a spreadsheet would run.

A text cell is a formula if it begins with `=`, `@`, a tab or a carriage return, or with `+` or `-` and is
neither a number nor a phone:

- a number: a sign, perhaps a blank, digits with `.`, `,`, `'` or blanks between them (or after a leading
  `.` or `,`), perhaps an exponent, perhaps a percent sign: `-5`, `-5,3`, `+1 000.5`, `-1e-7`, `-.5`, `+12 %`;
- a phone: `+` and 5 to 20 digits with at most three blanks, dots, slashes, hyphens or brackets between
  two of them, perhaps an extension: `+49 (0)30 123-45`, `+1 555 123 4567 x89`.

So `-`, `-2+3`, `--`, `- none -` and `+cmd|' /C calc'!A0` are formulas.
"""

from __future__ import annotations

import polars as pl

__all__ = ["APOSTROPHE", "is_formula", "suspect"]

#: What is written before a formula, and taken off when the cell is read back.
APOSTROPHE = "'"
_SUSPECT = r"[=@\t\r+\-]"
_NUMBER = r"[+\-] ?(?:\d+(?:[.,' \x{a0}\x{202f}]\d+)*|[.,]\d+)(?:[eE][+\-]?\d+)? ?%?"
_PHONE = r"\+ ?\(?\d(?:[ \x{a0}./()\-]{0,3}\d){4,19}(?: ?(?:x|ext\.?|Ext\.?) ?\d{1,6})?"


def suspect(column: pl.Expr) -> pl.Expr:
    """Cells that may be formulas: a look at the first character, cheap enough for every cell."""
    return column.str.contains(f"^{_SUSPECT}")


def is_formula(column: pl.Expr, *, behind: str = "") -> pl.Expr:
    """Cells that are formulas, or, with `behind`, that text and then a formula."""
    return column.str.contains(f"^{behind}{_SUSPECT}") & ~column.str.contains(
        f"^{behind}(?:{_NUMBER}|{_PHONE})$"
    )
