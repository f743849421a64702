"""How a delimited file is written: its separator, its line ends, its header."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadline.core.errors import InputError
from leadline.sources.encoding import decoded
from leadline.sources.grammar import Cells, Dialect

__all__ = ["Header", "read_header"]

#: In order of preference where two explain the file equally well.
SEPARATORS = (b",", b";", b"\t", b"|", b"^", b"\x1f")
#: So many records after the header are looked at to choose the separator.
SAMPLE_RECORDS = 100
#: Excel's own way to say which separator follows, on a first line of its own.
SEP_LINE = re.compile(rb'"?sep=([^"\r\n\w])"?[ \t]*(?:\r?\n|\r)', re.IGNORECASE)
BLANK_LINES = re.compile(rb"(?:[ \t]*(?:\r?\n|\r))*")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of a delimited file say.

    `end` is where the leads begin (bytes of the UTF-8 text), `lines` the physical lines before it,
    `notes` what the user should know about the choice.
    """

    dialect: Dialect
    names: tuple[str, ...]
    end: int
    lines: int
    notes: tuple[str, ...] = ()


def read_header(sample: bytes, *, whole: bool, where: str) -> Header:
    """The header of the file that begins with `sample`; `whole` says whether that is all of it.

    Raises InputError where the first line is longer than the sample.
    """
    eol = _line_end(sample)
    given = SEP_LINE.match(sample)
    start = 0 if given is None else given.end()
    blank = BLANK_LINES.match(sample, start)
    start = start if blank is None else blank.end()
    if eol not in sample[start:] and not whole:
        raise InputError(
            f"The first line of {where} is longer than {len(sample) >> 20} MB.",
            hint="The first line must hold the names of the columns; is this a table?",
        )
    separator = _separator(sample, start, eol, whole=whole) if given is None else given.group(1)
    dialect = Dialect(separator, eol)
    cells, end = _record(sample, start, dialect)
    names = [decoded(cell).removeprefix("\ufeff") for cell in cells]
    names, note = _trailing_separator(names, sample, end, dialect, whole=whole)
    notes = (note,) if note else ()
    return Header(dialect, tuple(names), min(end, len(sample)), sample.count(eol, 0, end), notes)


def _line_end(sample: bytes) -> bytes:
    """A lone carriage return ends lines only in a file that has no line feed outside of quotes."""
    outside = b"".join(sample.split(b'"')[0::2])
    return b"\r" if b"\r" in outside and b"\n" not in outside else b"\n"


def _record(sample: bytes, start: int, dialect: Dialect) -> tuple[list[bytes], int]:
    """The cells of the record at `start`; one with a damaged quote is read as one literal line."""
    read = Cells(dialect).read(sample, start)
    if read is not None:
        return read
    end = sample.find(dialect.eol, start) + 1 or len(sample)
    line = sample[start:end].rstrip(b"\r\n")
    cells = line.split(dialect.separator) if dialect.separator else [line]
    return [cell.strip(b'"') for cell in cells], end


def _separator(sample: bytes, start: int, eol: bytes, *, whole: bool) -> bytes:
    """The separator that splits the header, and most records into as many cells; none: one column."""
    best, best_score = b"", (-1.0, 0)
    for separator in SEPARATORS:
        dialect = Dialect(separator, eol)
        header, end = _record(sample, start, dialect)
        if len(header) == 1:
            continue
        widths = _widths(sample, end, dialect, whole=whole)
        # A trailing separator makes all records one cell longer or shorter: still a table.
        same = sum(width == len(header) for width in widths)
        near = sum(abs(width - len(header)) == 1 for width in widths)
        share = (same + near / 2) / len(widths) if widths else 0.0
        score = (share, len(header))
        if score > best_score:
            best, best_score = separator, score
    return best


def _widths(sample: bytes, start: int, dialect: Dialect, *, whole: bool) -> list[int]:
    return [len(cells) for cells in _records(sample, start, dialect, whole=whole)]


def _records(sample: bytes, start: int, dialect: Dialect, *, whole: bool) -> list[list[bytes]]:
    """The first records after the header that can be read and are not cut off by the sample's end."""
    reader = Cells(dialect)
    records: list[list[bytes]] = []
    at = start
    while at < len(sample) and len(records) < SAMPLE_RECORDS:
        line_end = sample.find(dialect.eol, at) + 1 or len(sample)
        read = reader.read(sample, at)
        if read is None:
            at = line_end
            continue
        cells, at = read
        if at >= len(sample) and not whole:
            break
        if any(cells):
            records.append(cells)
    return records


def _trailing_separator(
    names: list[str], sample: bytes, start: int, dialect: Dialect, *, whole: bool
) -> tuple[list[str], str]:
    """Evens out a separator at the end of each record that the header lacks, or the other way round."""
    if not dialect.separator:
        return names, ""
    records = _records(sample, start, dialect, whole=whole)
    if records and all(len(record) == len(names) + 1 and not record[-1].strip() for record in records):
        return (
            [*names, ""],
            "Every row ends with a separator; the empty column that makes is kept, without a name.",
        )
    if (
        records
        and len(names) > 1
        and not names[-1]
        and all(len(record) == len(names) - 1 for record in records)
    ):
        return names[:-1], "The header ends with a separator that no row has; it is passed over."
    return names, ""
