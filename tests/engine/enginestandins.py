"""Stand-ins for what surrounds the engine: a source and a sink that are lists, steps of one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from leadline.sources import Batch, Unreadable

Texts = Sequence[str | None]


class ListSource:
    """Leads from memory: `batches` are tables as dictionaries, and the unreadable lines in each."""

    def __init__(
        self, *batches: Mapping[str, Texts], unreadable: Sequence[Sequence[Unreadable]] | None = None
    ) -> None:
        self.columns = list(batches[0]) if batches else []
        self.headers = self.columns
        self.notes: list[str] = []
        self.given = 0
        self._batches = batches
        self._unreadable = unreadable or [()] * len(batches)

    def batches(self) -> Iterator[Batch]:
        for table, lines in zip(self._batches, self._unreadable, strict=True):
            self.given += 1
            yield Batch(pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)), tuple(lines))

    def share_read(self) -> float | None:
        return None


class ListSink:
    """Keeps what is written as rows."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []

    def write(self, frame: pl.DataFrame) -> None:
        self.rows += frame.rows()

    def close(self) -> None:
        pass

    def discard(self) -> None:
        pass


class Step:
    """A step that calls a function per distinct row, and keeps what it was asked."""

    version = "1"

    def __init__(
        self,
        name: str,
        reads: Sequence[str],
        adds: Sequence[str],
        work: Callable[..., Mapping[str, str | None]],
    ) -> None:
        self.name = name
        self.reads = tuple(reads)
        self.adds = dict.fromkeys(adds, pl.String())
        self.asked: list[tuple[object, ...]] = []
        self._work = work

    def compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        assert tuple(distinct.columns) == self.reads
        rows = distinct.rows()
        self.asked += rows
        outcomes = [self._work(*row) for row in rows]
        names = list(outcomes[0]) if outcomes else list(self.adds)
        return pl.DataFrame(
            {name: [outcome[name] for outcome in outcomes] for name in names}, dict.fromkeys(names, pl.String)
        )


def shout(column: str = "title") -> Step:
    """Adds `loud`: the text in capitals."""
    return Step("shout", [column], ["loud"], lambda text: {"loud": None if text is None else text.upper()})


def refuse(text: str, reason: str, column: str = "title") -> Step:
    """Skips the leads whose column is `text`, and adds nothing."""
    return Step("refuse", [column], [], lambda given: {"skip_reason": reason if given == text else None})
