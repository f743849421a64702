"""The second look, at a block that is not all clean: record by record, from one clean run to the next.

Runs of clean records stay slices of the block; a line that is no record becomes `Unreadable`, and
reading goes on with the line after it. One bad line in 16 MB costs about 0.1 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from leadline.sources.batch import Unreadable
from leadline.sources.encoding import decoded
from leadline.sources.grammar import Cells, Dialect, Strict, quoted
from leadline.sources.shape import shape_of

__all__ = ["OPEN_LIMIT_BYTES", "Sorted", "Sorter"]

#: A quoted cell that has not closed after so many bytes is taken for a stray quote.
OPEN_LIMIT_BYTES = 4 << 20
#: So many unreadable lines at most travel together: a file of nothing else must not fill the memory.
UNREADABLE_AT_ONCE = 50_000
#: Below this a run's records are counted one by one, above it with NumPy.
SMALL_RUN_BYTES = 1 << 16


@dataclass(slots=True)
class Sorted:
    """Some records in order: `clean` bytes for Polars (`rows` records), and what was between them."""

    clean: bytes = b""
    rows: int = 0
    lines: int = 0
    end: int = 0
    blank: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)


@dataclass(slots=True)
class Sorter:
    """Sorts the records of blocks of one file."""

    dialect: Dialect
    cells: int
    _strict: Strict = field(init=False)
    _reader: Cells = field(init=False)

    def __post_init__(self) -> None:
        self._strict = Strict(self.dialect, self.cells)
        self._reader = Cells(self.dialect)

    def sort(self, block: bytes, *, line: int, at_end: bool) -> Iterator[Sorted]:
        """Everything in the block up to the last record that the block completes.

        `line` is the physical line that the block begins with; `end` of each result counts from the
        start of the block. With `at_end` the block ends with a line end and nothing is left over.
        """
        eol = self.dialect.eol
        text = block if at_end else block[: block.rfind(eol) + 1]
        done, pieces, at = Sorted(), [], 0
        while at < len(text):
            start = at
            run_end = self._end_of_run(text, at)
            if run_end > at:
                pieces.append(text[at:run_end])
                done.rows += self._rows(pieces[-1])
                at = run_end
            elif blank := self._strict.blank.match(text, at):
                at = blank.end()
                done.blank += text.count(eol, start, at)
            elif loose := self._loose(text, at):
                pieces.append(loose[0])
                done.rows += 1
                at = loose[1]
            elif not at_end and len(block) - at < OPEN_LIMIT_BYTES and self._reader.never_closes(text, at):
                break
            else:
                at = text.index(eol, at) + 1
                raw = decoded(text[start : at - 1].removesuffix(b"\r"))
                done.unreadable.append(Unreadable(done.rows, line + done.lines, raw))
            done.lines += text.count(eol, start, at)
            if len(done.unreadable) >= UNREADABLE_AT_ONCE:
                done.clean, done.end = b"".join(pieces), at
                yield done
                line += done.lines
                done, pieces = Sorted(), []
        done.clean, done.end = b"".join(pieces), at
        yield done

    def _end_of_run(self, text: bytes, at: int) -> int:
        run = self._strict.run.match(text, at)
        return at if run is None else run.end()

    def _rows(self, run: bytes) -> int:
        if b'"' not in run:
            return run.count(self.dialect.eol)
        shape = shape_of(run, self.dialect, cells=self.cells) if len(run) > SMALL_RUN_BYTES else None
        return shape.rows if shape is not None else sum(1 for _ in self._strict.record.finditer(run))

    def _loose(self, text: bytes, at: int) -> tuple[bytes, int] | None:
        """The record at `at` with every cell quoted, if it has the right number of cells."""
        read = self._reader.read(text, at)
        if read is None or len(read[0]) != self.cells:
            return None
        cells, end = read
        return self.dialect.separator.join(map(quoted, cells)) + self.dialect.eol, end
