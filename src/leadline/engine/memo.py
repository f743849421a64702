"""Computes each distinct combination of a step's reads once and spreads the outcome onto the leads."""

from __future__ import annotations

import polars as pl

from leadline.core.codes import Codes
from leadline.core.errors import RunError
from leadline.engine.step import SKIP_REASON, Compute
from leadline.sinks.cells import printable

__all__ = ["Memo"]

#: A step whose reads are nearly unique (e-mail addresses) is computed on the rows themselves.
NEARLY_UNIQUE = 0.6
SAMPLE_ROWS = 20_000
#: Outcomes remembered at most; beyond it the memo starts anew, which costs time but no memory.
MAX_OUTCOMES = 2_000_000
#: A text longer than this is remembered by a hash.
LONG_BYTES = 1_000


class Memo:
    """One step with its memory. `computed` counts the distinct reads that were worked on."""

    def __init__(self, step: Compute) -> None:
        self.step = step
        self.computed = 0
        self._reads = list(step.reads)
        self._direct: bool | None = None
        #: A step whose number of distinct reads is shown is always remembered.
        self._remembers = bool(getattr(step, "remember", False))
        self._forget()

    def _forget(self) -> None:
        self._codes = Codes()
        self._known: pl.DataFrame | None = None

    def outcome(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The outcome of each row of `leads`, in order; columns `adds` and perhaps `SKIP_REASON`."""
        reads = printable(leads.select(self._reads))
        if self._direct is None and reads.height and not self._remembers:
            sample = reads.head(SAMPLE_ROWS)
            self._direct = sample.height >= SAMPLE_ROWS and sample.n_unique() > NEARLY_UNIQUE * sample.height
        if self._direct or not reads.height:
            self.computed += reads.height
            return self._compute(reads)
        if self._known is not None and self._known.height > MAX_OUTCOMES:
            self._forget()
        codes, new = self._codes(self._keys(reads))
        if len(new):
            worked = self._compute(reads[new])
            self.computed += worked.height
            self._known = worked if self._known is None else pl.concat([self._known, worked], rechunk=True)
        assert self._known is not None  # noqa: S101 - the first batch with rows has new codes
        return self._known[codes]

    def _keys(self, reads: pl.DataFrame) -> pl.Series:
        """One text per row: equal for rows with equal reads."""
        if reads.width == 1:
            return _shortened(reads.to_series().cast(pl.String))
        # Each text behind its length: ("ab", "c") and ("a", "bc") stay two, and no text is like a null.
        texts = [pl.col(column).cast(pl.String) for column in self._reads]
        parts = [pl.format("{}:{}", text.str.len_bytes(), text).fill_null("-") for text in texts]
        return _shortened(reads.select(pl.concat_str(parts)).to_series())

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


def _shortened(texts: pl.Series) -> pl.Series:
    """The texts, very long ones as a 128-bit hash: what is remembered is bounded in bytes too."""
    if texts.estimated_size() <= LONG_BYTES * len(texts) // 4:
        return texts  # short on the whole; a look at each would cost more than a few long ones
    long = (texts.str.len_bytes() > LONG_BYTES).fill_null(value=False)
    hashes = pl.DataFrame({"a": texts.hash(1), "b": texts.hash(2)})
    names = hashes.select(pl.format("\x00long {} {}", "a", "b")).to_series()
    return texts.zip_with(~long, names)
