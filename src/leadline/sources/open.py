"""Opens a file of leads, whatever its format."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from pathlib import Path
from typing import IO, Literal, cast

from leadline.core.errors import InputError
from leadline.sources.batch import Source
from leadline.sources.formats import FORMATS, format_of
from leadline.sources.inputfile import input_file
from leadline.sources.options import ReadOptions

__all__ = ["open_source"]


def open_source(
    path: Path | Literal["-"],
    *,
    sheet: str | None = None,
    raw_cells: bool = False,
    id_columns: Collection[str] = (),
    stdin: IO[bytes] | None = None,
) -> Source:
    """The leads of a file, or of standard input for `-` (spooled to a temporary file first).

    `sheet` names a sheet of a workbook. Unless `raw_cells`, the apostrophe that our CSV files put before a
    formula is taken off, except in `id_columns` and the columns that are ids by their name. Raises
    InputError where the file cannot be read, or is no table.
    """
    file = input_file(path, stdin=stdin)
    name = format_of(file)
    if sheet is not None and name != "excel":
        raise InputError(
            f"{file.where} is no Excel workbook: it has no sheet “{sheet}”.", hint="Leave out --sheet."
        )
    module, _, reader = FORMATS[name].partition(":")
    options = ReadOptions(sheet=sheet, raw_cells=raw_cells, id_columns=frozenset(id_columns))
    return cast("Source", getattr(importlib.import_module(module), reader)(file, options=options))
