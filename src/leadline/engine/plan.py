"""Steps in order, checked before the first lead is read. A plan does not know where it will run."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.core.errors import InputError
from leadline.engine.step import Compute

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """What happens to every lead: `steps` in this order."""

    steps: tuple[Compute, ...]

    def check(self, columns: Sequence[str]) -> None:
        """Checks that every step finds what it reads in `columns` or in what an earlier step adds.

        Raises:
            InputError: a step reads a column that nobody gives, or two give the same one.
        """
        known = list(columns)
        for step in self.steps:
            for column in step.reads:
                if column not in known:
                    near = difflib.get_close_matches(column, known, 1)
                    hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known[:30])}."
                    raise InputError(
                        f"The step '{step.name}' reads the column '{column}', which is not there.", hint=hint
                    )
            for column in step.adds:
                if column in known:
                    raise InputError(
                        f"The step '{step.name}' adds the column '{column}', which is already there."
                    )
                known.append(column)

    @property
    def adds(self) -> tuple[str, ...]:
        """The columns that the steps add, in order."""
        return tuple(column for step in self.steps for column in step.adds)
