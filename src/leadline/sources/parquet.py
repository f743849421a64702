"""Parquet files, their columns' types kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import polars as pl

from leadline.core.errors import InputError
from leadline.core.names import unique_names
from leadline.sources.batch import Batch
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions

__all__ = ["ParquetSource"]

FIRST_ROWS = 10_000
BATCH_ROWS = 200_000
BATCH_BYTES = 32 << 20


class ParquetSource:
    """The leads of a Parquet file.

    Read in slices, which is Polars' stable way, takes a third of the memory of `collect_batches` where a
    file is one large row group, and costs a tenth more time.
    """

    columns: list[str]
    headers: list[str]
    notes: list[str]

    def __init__(self, file: InputFile, *, options: ReadOptions) -> None:
        del options  # nothing to choose: one table, no apostrophes
        self._file = file
        self.notes = []
        with self._damage_explained():
            self._scan = pl.scan_parquet(file.path, glob=False, hive_partitioning=False)
            self.headers = self._scan.collect_schema().names()
            self._rows = int(self._scan.select(pl.len()).collect().item())
        if not self.headers:
            raise InputError(f"{file.where} has no columns.", hint="Export it again.")
        self.columns = unique_names(self.headers)
        self._read = 0

    def batches(self) -> Iterator[Batch]:
        """The leads in input order, about 32 MB at a time. Each call reads from the start."""
        self._read, size = 0, FIRST_ROWS
        while self._read < self._rows:
            with self._damage_explained():
                frame = self._scan.slice(self._read, size).collect()
            if not frame.height:
                raise InputError(f"{self._file.where} changed while it was read.", hint="Start again.")
            self._read += frame.height
            bytes_per_row = max(1.0, frame.estimated_size() / frame.height)
            size = max(1, min(BATCH_ROWS, int(BATCH_BYTES / bytes_per_row)))
            frame.columns = self.columns
            yield Batch(frame)

    def share_read(self) -> float | None:
        """How much of the file has been read, 0 to 1."""
        return self._read / self._rows if self._rows else 1.0

    @contextlib.contextmanager
    def _damage_explained(self) -> Iterator[None]:
        try:
            yield
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = str(error).split("\n", 1)[0]
            raise InputError(
                f"{self._file.where} is damaged or no Parquet file: {reason}.",
                hint="Export or fetch it again.",
            ) from error
