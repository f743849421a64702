"""What every place that results go to can do."""

from __future__ import annotations

from typing import Protocol

import polars as pl

__all__ = ["Sink"]


class Sink(Protocol):
    """Takes leads, table by table, in order. After `close` all is there, after `discard` nothing."""

    def write(self, frame: pl.DataFrame) -> None:
        """Adds the frame's rows. Its columns are the sink's headers, by place. Raises RunError."""
        ...

    def close(self) -> None:
        """Finishes; calling it again does nothing. Raises RunError."""
        ...

    def discard(self) -> None:
        """Removes what was written so far; never raises, and does nothing after `close`."""
        ...
