"""What a run tells those who watch it: a terminal, a log, later a web page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Event", "Finished", "Listener", "Note", "Progress", "silent"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run."""


@dataclass(frozen=True, slots=True)
class Note(Event):
    """One sentence for the user that is no error: a column chosen between two, a renamed column."""

    text: str


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """How far a run is. `share` is between 0 and 1, None where the input's size is unknown."""

    leads: int
    share: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The run is complete and its outputs are in place."""

    leads: int
    seconds: float


Listener = Callable[[Event], None]


def silent(event: Event) -> None:
    """A listener that hears nothing."""
