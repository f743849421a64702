"""Computes each distinct combination of a step's reads once and spreads the outcome onto the leads."""

from __future__ import annotations

import polars as pl

from leadline.core.errors import RunError
from leadline.engine.step import SKIP_REASON, Compute

__all__ = ["Memo"]

#: A step whose reads are nearly unique (e-mail addresses) is computed on the rows themselves.
NEARLY_UNIQUE = 0.6
#: Outcomes remembered at most; beyond it the memo starts anew, which costs time but no memory.
MAX_OUTCOMES = 2_000_000


class Memo:
    """One step with its memory. `computed` counts the distinct reads that were worked on."""

    def __init__(self, step: Compute) -> None:
        self.step = step
        self.computed = 0
        self._reads = list(step.reads)
        self._known: pl.DataFrame | None = None
        self._direct: bool | None = None

    def outcome(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The outcome of each row of `leads`, in order; columns `adds` and perhaps `SKIP_REASON`."""
        reads = leads.select(self._reads)
        if self._direct is None and reads.height:
            self._direct = reads.n_unique() > NEARLY_UNIQUE * max(reads.height, 1000)
        if self._direct:
            self.computed += reads.height
            return self._compute(reads)
        distinct = reads.unique()
        if self._known is None or self._known.height > MAX_OUTCOMES:
            self._known = None
            new = distinct
        else:
            new = distinct.join(self._known, on=self._reads, how="anti", nulls_equal=True)
        if new.height or self._known is None:
            # In a stated order, whatever the number of threads, so that a run can be repeated exactly.
            new = new.sort(self._reads)
            self.computed += new.height
            fresh = new.hstack(self._compute(new))
            self._known = fresh if self._known is None else pl.concat([self._known, fresh])
        spread = reads.join(self._known, on=self._reads, how="left", nulls_equal=True, maintain_order="left")
        return spread.drop(self._reads)

    def _compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        outcome = self.step.compute(distinct)
        missing = [column for column in self.step.adds if column not in outcome.columns]
        if missing or outcome.height != distinct.height:
            raise RunError(
                f"The step '{self.step.name}' gave {outcome.height} rows for {distinct.height}"
                + (f" and left out {', '.join(missing)}." if missing else "."),
                hint="That is a mistake in the step, not in your file.",
            )
        wanted = [*self.step.adds, *([SKIP_REASON] if SKIP_REASON in outcome.columns else [])]
        return outcome.select(wanted)
