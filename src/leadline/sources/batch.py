"""The contract between a source and the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

__all__ = ["Batch", "Source", "Unreadable"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One line that is no lead's row: `at` rows of its batch stand before it."""

    at: int
    line: int
    raw: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some leads in input order, and the unreadable lines that stood between them.

    `frame` has exactly the source's `columns`. For text formats all of them are String, and an empty
    cell is null.
    """

    frame: pl.DataFrame
    unreadable: tuple[Unreadable, ...] = field(default=())

    @property
    def leads(self) -> int:
        """Readable and unreadable together."""
        return self.frame.height + len(self.unreadable)


class Source(Protocol):
    """Somewhere leads come from.

    `columns` are unique names for the engine; `headers` are the names as the input spells them
    (the same length; they may repeat or be empty). `notes` is filled while reading: sentences that
    the user should see (a line decoded as Windows-1252, blank lines passed over).
    """

    columns: list[str]
    headers: list[str]
    notes: list[str]

    def batches(self) -> Iterator[Batch]:
        """The leads in input order; memory stays bounded whatever the size of the input.

        Each call reads from the start. Raises InputError where the input turns out to be damaged.
        """
        ...

    def share_read(self) -> float | None:
        """How much of the input has been read, 0 to 1; None if unknown."""
        ...
