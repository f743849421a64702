"""Excel workbooks: one sheet, every cell as text, ids with all their digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from leadline.core.errors import InputError
from leadline.core.names import unique_names
from leadline.sources.batch import Batch
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions

if TYPE_CHECKING:
    from fastexcel import ExcelReader

__all__ = ["ExcelSource"]

BATCH_ROWS = 100_000
#: A date without a time, and a time without a date, as calamine writes them out.
MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
NO_DATE = r"^1899-12-3[01] (\d{2}:\d{2}:\d{2}(?:\.\d+)?)$"


class ExcelSource:
    """The leads of one sheet: the one named, or the first. Its first row that is not empty is the header.

    A workbook is read whole (Excel's limit is 1,048,576 rows) and given out in batches.
    """

    columns: list[str]
    headers: list[str]
    notes: list[str]

    def __init__(self, file: InputFile, *, options: ReadOptions) -> None:
        self._file = file
        self.notes = []
        self._table, self.headers = _under_header(self._load(options.sheet))
        self.columns = unique_names(self.headers)
        self._table.columns = self.columns
        filled = self._table.filter(~pl.all_horizontal(pl.all().is_null()))
        blank = self._table.height - filled.height
        self._table = filled
        if blank:
            self.notes.append(
                f"{'1 row was' if blank == 1 else f'{blank:,} rows were'} blank and passed over."
            )
        self._read = 0

    def batches(self) -> Iterator[Batch]:
        """The leads in input order. Each call reads from the start."""
        for start in range(0, self._table.height, BATCH_ROWS):
            frame = self._table.slice(start, BATCH_ROWS)
            self._read = start + frame.height
            yield Batch(frame)

    def share_read(self) -> float | None:
        """How much of the sheet has been given out, 0 to 1."""
        return self._read / self._table.height if self._table.height else 1.0

    def _load(self, sheet: str | None) -> pl.DataFrame:
        try:
            import fastexcel
        except ModuleNotFoundError as error:
            raise InputError(
                f"Reading {self._file.where} needs the package fastexcel.",
                hint="Install it with `pip install 'leadline[excel]'`, or save the sheet as CSV.",
            ) from error
        try:
            workbook = fastexcel.read_excel(self._file.path)
            name = self._sheet(workbook, sheet)
            rows = workbook.load_sheet(name, header_row=None, dtypes="string").to_polars()
        except fastexcel.FastExcelError as error:
            reason = str(error).split("\n", 1)[0]
            raise InputError(
                f"{self._file.where} cannot be read as a workbook: {reason}.",
                hint="Save it again as .xlsx, or as CSV.",
            ) from error
        rows = rows.with_columns(pl.when(pl.all() != "").then(pl.all()))
        if not rows.width or not rows.height:
            others = ", ".join(f"“{other}”" for other in workbook.sheet_names if other != name)
            hint = f"Choose another with --sheet: {others}." if others else "Is it the right file?"
            raise InputError(f"The sheet “{name}” of {self._file.where} is empty.", hint=hint)
        return rows

    def _sheet(self, workbook: ExcelReader, wanted: str | None) -> str:
        names = workbook.sheet_names
        if not names:
            raise InputError(f"{self._file.where} has no sheets.", hint="Is it the right file?")
        if wanted is None:
            if len(names) > 1:
                self.notes.append(f"Read the first of {len(names)} sheets, “{names[0]}” (--sheet chooses).")
            return names[0]
        for name in names:
            if name == wanted or name.casefold().strip() == wanted.casefold().strip():
                return name
        listed = ", ".join(f"“{name}”" for name in names)
        raise InputError(f"{self._file.where} has no sheet “{wanted}”.", hint=f"Its sheets are: {listed}.")


def _under_header(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The rows under the first that is not empty, and that row; nameless empty columns at the sides go."""
    filled = rows.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    start = filled.arg_max() or 0
    headers = [cell or "" for cell in rows.row(start)]
    body = rows.slice(start + 1)
    used = [
        bool(header) or column.null_count() < body.height
        for header, column in zip(headers, body.iter_columns(), strict=True)
    ]
    body = body.select(name for name, use in zip(body.columns, used, strict=True) if use)
    body = body.with_columns(pl.all().str.replace(MIDNIGHT, "$1").str.replace(NO_DATE, "$1"))
    return body, [header for header, use in zip(headers, used, strict=True) if use]
