"""Numbers for texts: equal texts get equal numbers, 0, 1, 2, … in the order in which they are first seen.

Polars keeps such numbers for its categorical type and finds them many times faster than a join or a
Python dictionary would. Its interface for them is marked unstable; this is the only place that uses it.
"""

from __future__ import annotations

import secrets

import numpy as np
import numpy.typing as npt
import polars as pl

from leadline.core.errors import RunError

__all__ = ["Codes"]

#: What stands for no text, and beside the texts: no text of a file can be these by chance or by design.
_UNGUESSABLE = secrets.token_hex(16)
_ANCHOR, _NULL = f"\x00anchor {_UNGUESSABLE}", f"\x00null {_UNGUESSABLE}"


class Codes:
    """Numbers texts; `len` is how many distinct ones were seen."""

    def __init__(self) -> None:
        self._type = pl.Categorical(pl.Categories.random())
        # Polars forgets numbers that no living series uses; this one keeps them alive.
        self._anchor = pl.Series([_ANCHOR], dtype=self._type)
        self._seen = 0

    def __len__(self) -> int:
        return self._seen

    def __call__(self, texts: pl.Series) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
        """The numbers of `texts`, and the places in `texts` of those never seen before, in number order."""
        texts = texts.fill_null(_NULL) if texts.null_count() else texts
        codes = texts.cast(self._type).to_physical().to_numpy() - np.uint32(1)
        if pl.Series([_ANCHOR]).cast(self._type).to_physical()[0] != 0:
            raise RunError("Leadline lost count of the texts it has seen.", hint="Please report this.")
        fresh = np.flatnonzero(codes >= self._seen)
        if not len(fresh):
            return codes, fresh
        new, first = np.unique(codes[fresh], return_index=True)
        if new[-1] + 1 != self._seen + len(new):
            raise RunError("Leadline lost count of the texts it has seen.", hint="Please report this.")
        self._seen += len(new)
        return codes, fresh[first]
