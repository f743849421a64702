"""What a record of a delimited file looks like: the one place that knows about quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Cells", "Dialect", "Strict", "quoted"]

QUOTE = b'"'
#: A quoted cell up to its closing quote. Possessive (here and below): matching takes linear time, and
#: no memory for going back.
INSIDE = rb'"[^"]*+(?:""[^"]*+)*+'


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written. `separator` is empty where a file has one column."""

    separator: bytes
    eol: bytes = b"\n"


def quoted(cell: bytes) -> bytes:
    """The cell as every reader of CSV understands it."""
    return QUOTE + cell.replace(QUOTE, b'""') + QUOTE


def _end_of_line(dialect: Dialect) -> bytes:
    return rb"\r?\n" if dialect.eol == b"\n" else rb"\r"


@dataclass(frozen=True, slots=True)
class Strict:
    """Patterns of the records that Polars reads correctly.

    They have exactly `cells` cells, and quotes only where RFC 4180 puts them. `run` matches as many of
    them as there are, `blank` lines that are no leads.
    """

    dialect: Dialect
    cells: int
    record: re.Pattern[bytes] = field(init=False)
    run: re.Pattern[bytes] = field(init=False)
    blank: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        sep, eol = re.escape(self.dialect.separator), re.escape(self.dialect.eol)
        end = _end_of_line(self.dialect)
        plain = rb'[^"%s%s]*+' % (sep, eol)
        if self.cells == 1:  # a line with nothing on it is no record of a one-column file
            plain = rb'[^"\r\n%s]%s' % (sep, plain)
        # Polars takes a carriage return off the end of any unquoted cell, not only of the last.
        inner = rb'(?>%s"|[^"\r%s%s]*+)' % (INSIDE, sep, eol)
        last = rb'(?>%s"|%s)' % (INSIDE, plain)
        record = rb"(?:%s%s){%d}%s%s" % (inner, sep, self.cells - 1, last, end)
        object.__setattr__(self, "record", re.compile(record))
        object.__setattr__(self, "run", re.compile(rb"(?:%s)*+" % record))
        object.__setattr__(
            self, "blank", re.compile(rb"(?:%s%s)++" % (rb"[ \t]*+" if self.cells > 1 else rb"", end))
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads one record into its cells, tolerating quotes inside an unquoted cell (`5" pipe fitter`)."""

    dialect: Dialect
    _cell: re.Pattern[bytes] = field(init=False)
    _open: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        sep, eol = re.escape(self.dialect.separator), re.escape(self.dialect.eol)
        after = rb"(?=%s%s|\Z)" % (sep + rb"|" if sep else rb"", _end_of_line(self.dialect))
        object.__setattr__(self, "_cell", re.compile(rb'%s"%s|(?!")[^%s%s]*+' % (INSIDE, after, sep, eol)))
        object.__setattr__(self, "_open", re.compile(INSIDE))

    def read(self, text: bytes, start: int) -> tuple[list[bytes], int] | None:
        """The cells of the record at `start`, and where the next record begins.

        None where a quoted cell does not close, or closes with text behind it.
        """
        sep, eol = self.dialect.separator, self.dialect.eol
        cells: list[bytes] = []
        at = start
        while (match := self._cell.match(text, at)) is not None:
            cell, at = match.group(), match.end()
            is_quoted = cell[:1] == QUOTE
            cells.append(cell[1:-1].replace(b'""', QUOTE) if is_quoted else cell)
            if sep and text.startswith(sep, at):
                at += 1
                continue
            if eol == b"\n":
                if not is_quoted:
                    cells[-1] = cell.removesuffix(b"\r")
                elif text.startswith(b"\r", at):
                    at += 1
            return cells, at + 1
        return None

    def never_closes(self, text: bytes, start: int) -> bool:
        """Whether the record at `start` has a quoted cell that is still open at the end of `text`."""
        at = start
        while (match := self._cell.match(text, at)) is not None:
            at = match.end()
            if not self.dialect.separator or not text.startswith(self.dialect.separator, at):
                return False
            at += 1
        opened = self._open.match(text, at)
        return opened is not None and opened.end() == len(text)
