"""Computes each distinct combination of a step's reads once and spreads the outcome onto the leads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from leadline.core.errors import RunError
from leadline.engine.step import SKIP_REASON, Compute

__all__ = ["Memo"]

#: A step whose reads are nearly unique (e-mail addresses) is computed on the rows themselves.
NEARLY_UNIQUE = 0.6
SAMPLE_ROWS = 20_000
#: Outcomes remembered at most; beyond it the memo starts anew, which costs time but no memory.
MAX_OUTCOMES = 2_000_000
_NULL, _BETWEEN, _ANCHOR = "\x00", "\x1f", "\x00anchor"

Codes = npt.NDArray[np.uint32]


class Memo:
    """One step with its memory. `computed` counts the distinct reads that were worked on."""

    def __init__(self, step: Compute) -> None:
        self.step = step
        self.computed = 0
        self._reads = list(step.reads)
        self._direct: bool | None = None
        self._forget()

    def _forget(self) -> None:
        # Polars numbers the values of one set of categories 0, 1, 2, … as they appear: a code per
        # distinct read, and outcomes are rows of a table at that number. No join is needed.
        self._type = pl.Categorical(pl.Categories.random())
        # Polars forgets numbers that no living series uses; this one keeps them alive.
        self._anchor = pl.Series([_ANCHOR], dtype=self._type)
        self._known: pl.DataFrame | None = None

    def outcome(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The outcome of each row of `leads`, in order; columns `adds` and perhaps `SKIP_REASON`."""
        reads = leads.select(self._reads)
        if self._direct is None and reads.height:
            sample = reads.head(SAMPLE_ROWS)
            self._direct = sample.height >= SAMPLE_ROWS and sample.n_unique() > NEARLY_UNIQUE * sample.height
        if self._direct or not reads.height:
            self.computed += reads.height
            return self._compute(reads)
        if self._known is not None and self._known.height > MAX_OUTCOMES:
            self._forget()
        codes = self._codes(reads)
        known = self._known
        already = 0 if known is None else known.height
        fresh = codes >= already
        if fresh.any():
            rows = np.flatnonzero(fresh)
            new, first = np.unique(codes[rows], return_index=True)
            if len(new) != new[-1] + 1 - already:
                raise RunError("The memory of a step lost count.", hint="Please report this.")
            worked = self._compute(reads[rows[first]])
            self.computed += worked.height
            known = worked if known is None else pl.concat([known, worked], rechunk=True)
            self._known = known
        assert known is not None  # noqa: S101 - the first batch with rows has fresh codes
        return known[codes]

    def _codes(self, reads: pl.DataFrame) -> Codes:
        if reads.width == 1:
            key = reads.to_series().cast(pl.String)
            key = key.fill_null(_NULL) if key.null_count() else key
        else:
            texts = [pl.col(column).cast(pl.String).fill_null(_NULL) for column in self._reads]
            key = reads.select(pl.concat_str(texts, separator=_BETWEEN)).to_series()
        codes = key.cast(self._type).to_physical().to_numpy()
        if pl.Series([_ANCHOR]).cast(self._type).to_physical()[0] != 0:
            raise RunError("The memory of a step was lost while it ran.", hint="Please report this.")
        return codes - np.uint32(1)

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
