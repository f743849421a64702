"""Tables as files: CSV for people and spreadsheets, Parquet for programs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from leadline.core.names import unique_names
from leadline.sinks.cells import printable
from leadline.sinks.failures import writing
from leadline.sinks.formulas import neutralised

__all__ = ["CsvSink", "ParquetSink", "table_sink"]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: Rows that Polars formats at a time per thread; its own 1,024 cost a fifth more.
ROWS_AT_ONCE = 8192


class CsvSink:
    r"""A CSV file: UTF-8 with byte-order mark, comma, `\n`; formulas neutralised (`formulas`).

    `headers` may repeat. `neutralise` says for each column whether it may hold what a lead says (all by
    default; ids are left out by the caller); `raw_cells` leaves every cell as it is. The byte-order mark
    tells spreadsheets that the file is UTF-8; programs that compare headers to the letter do without.
    """

    def __init__(
        self,
        path: Path,
        headers: Sequence[str],
        *,
        neutralise: Sequence[bool] | None = None,
        raw_cells: bool = False,
        byte_order_mark: bool = True,
    ) -> None:
        flags = [True] * len(headers) if neutralise is None else list(neutralise)
        if len(flags) != len(headers):
            raise ValueError(f"{len(flags)} flags for {len(headers)} headers")
        self.path = path
        self._flags = [False] * len(headers) if raw_cells else flags
        self._columns = len(headers)
        with writing(path):
            self._file = path.open("wb", buffering=0)  # Polars writes to it in large pieces
        try:
            with writing(path):
                self._file.write((BYTE_ORDER_MARK if byte_order_mark else b"") + _header_line(headers))
        except BaseException:
            self.discard()
            raise

    def write(self, frame: pl.DataFrame) -> None:
        """Adds the frame's rows, by place of its columns."""
        _check_width(frame, self._columns)
        frame = printable(frame)
        texts = [
            name
            for (name, dtype), flag in zip(frame.schema.items(), self._flags, strict=True)
            if flag and dtype == pl.String
        ]
        frame = neutralised(frame, texts)
        if frame.width == 1:  # an empty cell alone on its line would be no line when read back
            frame = frame.select(pl.all().cast(pl.String).fill_null(""))
        with writing(self.path):
            frame.write_csv(self._file, include_header=False, batch_size=ROWS_AT_ONCE)

    def close(self) -> None:
        """Finishes the file."""
        with writing(self.path):
            self._file.close()

    def discard(self) -> None:
        """Removes the unfinished file."""
        if not self._file.closed:
            _closed_quietly(self._file)
            _removed_quietly(self.path)


class ParquetSink:
    """A Parquet file, its columns' types as they come. A repeated header gets ` (2)`.

    The tables lie as parts beside it until `close` streams them into one file.
    """

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self.path = path
        self._names = unique_names(headers)
        self._parts = path.with_name(path.name + ".parts")
        self._count = 0
        self._open = True
        with writing(path):
            self._parts.mkdir()

    def write(self, frame: pl.DataFrame) -> None:
        """Adds the frame's rows, by place of its columns."""
        _check_width(frame, len(self._names))
        renamed = pl.DataFrame(
            [column.alias(name) for column, name in zip(frame.iter_columns(), self._names, strict=True)]
        )
        with writing(self.path):
            renamed.write_parquet(self._part(self._count))
        self._count += 1

    def close(self) -> None:
        """Makes one file of the parts."""
        if not self._open:
            return
        with writing(self.path):
            if not self._count:
                pl.DataFrame(schema=dict.fromkeys(self._names, pl.String)).write_parquet(self.path)
            elif self._count == 1:
                self._part(0).replace(self.path)
            else:
                parts = [self._part(number) for number in range(self._count)]
                pl.scan_parquet(parts, glob=False).sink_parquet(self.path, maintain_order=True)
        self._open = False
        shutil.rmtree(self._parts, ignore_errors=True)

    def discard(self) -> None:
        """Removes the parts."""
        if self._open:
            self._open = False
            shutil.rmtree(self._parts, ignore_errors=True)
            _removed_quietly(self.path)

    def _part(self, number: int) -> Path:
        return self._parts / f"{number:06d}.parquet"


def table_sink(
    path: Path, headers: Sequence[str], *, neutralise: Sequence[bool] | None = None, raw_cells: bool = False
) -> CsvSink | ParquetSink:
    """The sink that the ending of `path` asks for: `.parquet`, else CSV."""
    if path.suffix == ".parquet":
        return ParquetSink(path, headers)
    return CsvSink(path, headers, neutralise=neutralise, raw_cells=raw_cells)


def _header_line(headers: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(headers)
    return line.getvalue().encode("utf-8", "replace")


def _check_width(frame: pl.DataFrame, columns: int) -> None:
    if frame.width != columns:
        raise ValueError(f"a frame of {frame.width} columns for {columns} headers")


def _closed_quietly(file: io.FileIO) -> None:
    try:
        file.close()
    except OSError:
        return  # what follows removes it anyway


def _removed_quietly(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the folder that it lies in is removed with it
