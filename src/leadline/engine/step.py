"""What the engine asks of a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import polars as pl

__all__ = ["SKIP_REASON", "Compute", "Step"]

#: The column in which a step's outcome says why a lead goes no further; null where it does.
SKIP_REASON = "skip_reason"


class Step(Protocol):
    """What every step declares: the columns it reads and the columns it adds."""

    @property
    def name(self) -> str:
        """What the step is called in messages."""
        ...

    @property
    def version(self) -> str:
        """Changes when the same reads may give another outcome."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that its outcome depends on."""
        ...

    @property
    def adds(self) -> Mapping[str, pl.DataType]:
        """The columns that it fills, with their types."""
        ...


@runtime_checkable
class Compute(Step, Protocol):
    """A pure step: the same reads give the same outcome, on any machine."""

    def compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """The outcome of each row of `distinct` (columns: `reads`), in the same order.

        Columns: `adds`, and optionally `SKIP_REASON`.
        """
        ...
