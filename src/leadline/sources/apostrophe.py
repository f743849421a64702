"""Takes off the apostrophe that our CSV files put before a cell that a spreadsheet would run."""

from __future__ import annotations

import polars as pl

__all__ = ["apostrophe_off"]

#: The cells that `sinks.formulas` puts an apostrophe before, with it. The two rooms do not import each
#: other; a test holds the two patterns together.
FORMULA = r"^'[=@\t\r+\-]"
NOT_A_FORMULA = (
    r"^'(?:[+\-] ?(?:\d+(?:[.,' \x{a0}\x{202f}]\d+)*|[.,]\d+)(?:[eE][+\-]?\d+)? ?%?"
    r"|\+ ?\(?\d(?:[ \x{a0}./()\-]{0,3}\d){4,19}(?: ?(?:x|ext\.?|Ext\.?) ?\d{1,6})?)$"
)


def apostrophe_off(column: pl.Expr) -> pl.Expr:
    """The column as it was before our sink wrote it."""
    ours = column.str.contains(FORMULA) & ~column.str.contains(NOT_A_FORMULA)
    return pl.when(ours).then(column.str.slice(1)).otherwise(column)
