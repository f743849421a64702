"""Delimited text: CSV, TSV and their relatives, however they are written.

A thread reads ahead: blocks of about 16 MB, cut at a record's border, looked over (`shape`), sorted
where they are not clean (`records`), and parsed by Polars.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from leadline.core.errors import InputError
from leadline.core.names import unique_names
from leadline.sources.ahead import ahead
from leadline.sources.batch import Batch
from leadline.sources.columns import id_places
from leadline.sources.compression import ByteStream
from leadline.sources.dialect import Header, read_header
from leadline.sources.encoding import ByteReader, Encoding, Transcoder, encoding_of
from leadline.sources.grammar import Dialect
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions
from leadline.sources.parser import Parser
from leadline.sources.records import OPEN_LIMIT_BYTES, Sorted, Sorter
from leadline.sources.shape import shape_of

__all__ = ["CsvSource"]

SAMPLE_BYTES = 1 << 20
BLOCK_BYTES = 16 << 20
#: A block holds at most about so many cells: 16 bytes each in Polars, and several blocks are in memory.
BLOCK_CELLS = 4_000_000
SMALLEST_BLOCK_BYTES = 1 << 16
#: A physical line longer than this is no line of a table (and would have to fit into memory).
LINE_LIMIT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A batch, and what its part of the file had besides."""

    batch: Batch
    blank: int = 0
    repaired: int = 0


class CsvSource:
    """The leads of a delimited text file, compressed or not. Every column is text; empty is null."""

    columns: list[str]
    headers: list[str]
    notes: list[str]

    def __init__(self, file: InputFile, *, options: ReadOptions, block_bytes: int = BLOCK_BYTES) -> None:
        self._file = file
        self._block_bytes = block_bytes
        with ByteStream.open(file.path, where=file.where) as stream:
            self._encoding = encoding_of(stream.read(1 << 16))
        with ByteStream.open(file.path, where=file.where) as stream:
            sample = _text(stream, self._encoding).read(SAMPLE_BYTES)
        self._header: Header = read_header(sample, whole=len(sample) < SAMPLE_BYTES, where=file.where)
        self._bytes_per_mark = len(sample) / _marks(sample, self._header.dialect)
        self.headers = list(self._header.names)
        self.columns = unique_names(self.headers)
        self.notes = list(self._header.notes)
        ids = id_places(self.headers, chosen=options.id_columns)
        restored = [] if options.raw_cells else [n for at, n in enumerate(self.columns) if at not in ids]
        self._parser = Parser(self._header.dialect, self.columns, restored)
        self._sorter = Sorter(self._header.dialect, len(self.columns))
        self._stream: ByteStream | None = None

    @property
    def dialect(self) -> Dialect:
        """The separator and the line ends that were found."""
        return self._header.dialect

    def batches(self) -> Iterator[Batch]:
        """The leads in input order, read ahead by at most two blocks. Each call reads from the start."""
        self.notes[:] = self._header.notes
        blank = wrong = 0
        try:
            with contextlib.closing(ahead(self._parsed)) as ready:
                for parsed in ready:
                    blank += parsed.blank
                    wrong += parsed.repaired
                    if parsed.batch.leads:
                        yield parsed.batch
        finally:
            if wrong:
                self.notes.append(f"{_lines(wrong)} not UTF-8 and read as Windows-1252.")
            if blank:
                self.notes.append(f"{_lines(blank)} blank and passed over.")

    def share_read(self) -> float | None:
        """How much of the file has been read, 0 to 1."""
        return 0.0 if self._stream is None else self._stream.share_read()

    def _parsed(self) -> Iterator[_Parsed]:
        header, eol = self._header, self._header.dialect.eol
        with ByteStream.open(self._file.path, where=self._file.where) as stream:
            self._stream = stream
            text = _text(stream, self._encoding)
            text.read(header.end)
            line, size = header.lines + 1, self._size(self._bytes_per_mark)
            rest, at_end = b"", False
            while not at_end:
                chunk = text.read(size)
                at_end = len(chunk) < size
                block = rest + chunk if rest else chunk
                if at_end and block and not block.endswith(eol):
                    block += eol
                end = rows = 0
                for part in self._sorted(block, line=line, at_end=at_end):
                    line += part.lines
                    end, rows = part.end, rows + part.rows
                    yield self._parse(part)
                rest = block[end:]
                self._check_line(rest, line)
                if rows:
                    size = self._size(end / (rows * len(self.columns)))
                elif not end:  # one record fills the block
                    size = min(size * 2, self._block_bytes)

    def _sorted(self, block: bytes, *, line: int, at_end: bool) -> Iterator[Sorted]:
        """The records of a block: at one stroke as far as they are clean, one by one where not."""
        shape = shape_of(block, self._header.dialect, cells=len(self.columns))
        start = 0
        if shape is not None:
            yield Sorted(block[: shape.end], shape.rows, shape.lines, shape.end)
            start, line = shape.end, line + shape.lines
            # What is left is one unfinished record, unless a stray quote holds back the rest.
            if not at_end and len(block) - start < OPEN_LIMIT_BYTES:
                return
        if start < len(block):
            for part in self._sorter.sort(block[start:] if start else block, line=line, at_end=at_end):
                part.end += start
                yield part

    def _size(self, bytes_per_cell: float) -> int:
        smallest = min(self._block_bytes, SMALLEST_BLOCK_BYTES)
        return max(smallest, min(self._block_bytes, int(BLOCK_CELLS * bytes_per_cell)))

    def _check_line(self, rest: bytes, line: int) -> None:
        if len(rest) > LINE_LIMIT_BYTES and self._header.dialect.eol not in rest:
            raise InputError(
                f"{self._file.where}: line {line} is longer than {LINE_LIMIT_BYTES >> 20} MB.",
                hint="Is this a table? Each lead must stand on a line of its own.",
            )

    def _parse(self, part: Sorted) -> _Parsed:
        frame, wrong = self._parser.parse(part.clean, part.rows)
        return _Parsed(Batch(frame, tuple(part.unreadable)), part.blank, wrong)


def _text(stream: ByteStream, encoding: Encoding) -> ByteReader:
    """The file's text as UTF-8 (or what passes for it), behind its byte-order mark."""
    if encoding.mark_bytes:
        stream.read(encoding.mark_bytes)
    return stream if encoding.is_utf8 else Transcoder(stream, encoding.name)


def _marks(sample: bytes, dialect: Dialect) -> int:
    separators = sample.count(dialect.separator) if dialect.separator else 0
    return max(1, separators + sample.count(dialect.eol))


def _lines(count: int) -> str:
    return "1 line was" if count == 1 else f"{count:,} lines were"
