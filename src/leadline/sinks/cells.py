"""Cells of every type as a text file can hold them."""

from __future__ import annotations

import json

import polars as pl

__all__ = ["printable"]

#: What Polars writes to CSV by itself, as ISO dates, plain numbers, true and false.
PLAIN = (pl.String, pl.Boolean, pl.Date, pl.Time, pl.Datetime, pl.Null, pl.Decimal)


def printable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column as CSV can hold it: lists and structs as JSON, bytes as text or hex."""
    changed = [_printable(column) for column in frame.iter_columns() if not _is_plain(column.dtype)]
    return frame.with_columns(changed) if changed else frame


def _is_plain(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or isinstance(dtype, PLAIN)


def _printable(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(column.dtype, pl.Duration):
        return column.dt.to_string("iso")
    texts = [None if value is None else _text(value) for value in column.to_list()]
    return pl.Series(column.name, texts, dtype=pl.String)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return _text(value) if isinstance(value, bytes) else str(value)
