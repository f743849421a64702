"""Finds the longest terms in many token sequences at once, with whole-array operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Bools", "Ints", "Matches", "Trie"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Matches:
    """Terms found: where each begins, how many tokens it covers, and its number in the trie's order."""

    start: Ints
    length: Ints
    term: Ints


class Trie:
    """Terms (sequences of symbol numbers) compiled into one sorted table of transitions.

    Looking up follows all tokens at the same time: step k extends every sequence that is still alive
    by its k-th token, with one search for all of them.
    """

    PARTS = ("keys", "next", "accept", "longest")

    def __init__(self, keys: Ints, following: Ints, accept: Ints, *, symbols: int, longest: int) -> None:
        self._keys, self._next, self._accept = keys, following, accept
        self._symbols = max(symbols, 1)
        self._longest = longest
        # The first step is by far the most frequent: a table instead of a search.
        roots = int(np.searchsorted(keys, self._symbols))
        self._first = np.zeros(self._symbols, np.int64)
        self._first[keys[:roots]] = following[:roots]
        self._continues = np.zeros(len(accept), bool)
        self._continues[keys[roots:] // self._symbols] = True

    @classmethod
    def of(cls, terms: Iterable[tuple[int, ...]], *, symbols: int) -> Trie:
        """The trie of `terms`, whose symbols are below `symbols`."""
        edges: dict[int, int] = {}
        accepts: dict[int, int] = {}
        longest = 0
        for number, term in enumerate(terms):
            state = 0
            for symbol in term:
                state = edges.setdefault(state * symbols + symbol, len(edges) + 1)
            accepts[state] = number
            longest = max(longest, len(term))
        keys = np.fromiter(edges.keys(), np.int64, len(edges))
        order = np.argsort(keys)
        following = np.fromiter(edges.values(), np.int64, len(edges))[order]
        accept = np.full(len(edges) + 1, -1, np.int64)
        accept[np.fromiter(accepts.keys(), np.int64, len(accepts))] = np.fromiter(
            accepts.values(), np.int64, len(accepts)
        )
        return cls(keys[order], following, accept, symbols=symbols, longest=longest)

    def arrays(self) -> dict[str, npt.NDArray[np.signedinteger[Any]]]:
        """What `from_arrays` makes the same trie of."""
        parts = (
            self._keys,
            self._next.astype(np.int32),
            self._accept.astype(np.int32),
            np.array([self._longest]),
        )
        return dict(zip(self.PARTS, parts, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], *, symbols: int) -> Trie:
        """The trie that `arrays` were made of."""
        keys, following, accept = (arrays[part].astype(np.int64) for part in cls.PARTS[:3])
        return cls(keys, following, accept, symbols=symbols, longest=int(arrays["longest"][0]))

    def find(self, symbols: Ints) -> Matches:
        """The longest terms in `symbols` (one flat array; −1 is a token of no term), from left to right.

        Terms never overlap; of two that would, the longer wins, then the one further left.
        """
        alive = np.flatnonzero(symbols >= 0)
        state = self._first[symbols[alive]]
        alive, state = alive[state > 0], state[state > 0]
        term = np.full(len(symbols), -1, np.int64)
        length = np.zeros(len(symbols), np.int64)
        for step in range(1, self._longest + 1):
            accepted = self._accept[state]
            done = alive[accepted >= 0]
            term[done] = accepted[accepted >= 0]
            length[done] = step
            more = self._continues[state] & (alive + step < len(symbols))
            alive, state = alive[more], state[more]
            symbol = symbols[alive + step]
            alive, state, symbol = alive[symbol >= 0], state[symbol >= 0], symbol[symbol >= 0]
            if not len(alive):
                break
            key = state * self._symbols + symbol
            at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            hit = self._keys[at] == key
            alive, state = alive[hit], self._next[at[hit]]
        return self._without_overlaps(term, length)

    def _without_overlaps(self, term: Ints, length: Ints) -> Matches:
        taken = np.zeros(len(term) + self._longest, bool)
        keep: list[Ints] = []
        for size in range(int(length.max(initial=0)), 0, -1):
            starts = np.flatnonzero(length == size)
            free = np.ones(len(starts), bool)
            for offset in range(size):
                free &= ~taken[starts + offset]
            starts = starts[free]
            if size > 1 and len(starts) > 1 and (np.diff(starts) < size).any():
                starts = _leftmost(starts, size)
            for offset in range(size):
                taken[starts + offset] = True
            keep.append(starts)
        start = np.sort(np.concatenate(keep)) if keep else np.empty(0, np.int64)
        return Matches(start, length[start], term[start])


def _leftmost(starts: Ints, size: int) -> Ints:
    """Of starts that overlap within `size` tokens, those met first from the left."""
    kept: list[int] = []
    end = -1
    for start in starts.tolist():
        if start >= end:
            kept.append(start)
            end = start + size
    return np.array(kept, np.int64)
