"""Rules that a user writes down: keywords anywhere in a title, and examples that are a whole title."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from leadline.titles.analysis import Analyser, Analysis
from leadline.titles.lexicon import Lexicon
from leadline.titles.taxonomy import Facet
from leadline.titles.trie import Bools, Ints, Trie

__all__ = ["ExactTitles", "Keywords", "normal_title", "title_keys", "word_numbers"]

Keys = npt.NDArray[np.uint64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def normal_title(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of `text` as an analysis holds them: normal, articles left out, compounds split."""
    return tuple(part for word in lexicon.words_of(text) for part in lexicon.split(word))


class _LocalSymbols:
    """Numbers for the words of some terms, looked up for every word of an analyser."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self.numbers: dict[str, int] = {}
        self._of_token: Ints = np.empty(0, np.int64)
        self._generation = -1

    def of(self, analysis: Analysis) -> Ints:
        """For each token of `analysis` its number, −1 for words of no term."""
        if self._generation != self._analyser.generation:
            self._of_token, self._generation = self._of_token[:0], self._analyser.generation
        new = self._analyser.words[len(self._of_token) :]
        if new:
            numbers = np.array([self.numbers.get(word, -1) for word in new], np.int64)
            self._of_token = np.concatenate([self._of_token, numbers])
        return self._of_token[analysis.token]


class Keywords:
    """The keywords of a facet's labels; of several labels in one title the first in priority order wins."""

    def __init__(self, facet: Facet, analyser: Analyser, lexicon: Lexicon) -> None:
        self._symbols = _LocalSymbols(analyser)
        numbers = self._symbols.numbers
        terms: list[tuple[int, list[tuple[int, ...]]]] = []
        for index, label in enumerate(facet.labels):
            words = [normal_title(keyword, lexicon) for keyword in label.keywords]
            coded = [tuple(numbers.setdefault(word, len(numbers)) for word in term) for term in words if term]
            if coded:
                terms.append((index, coded))
        self._tries = [(index, Trie.of(coded, symbols=len(numbers))) for index, coded in terms]

    def __call__(self, analysis: Analysis) -> Ints:
        """For each title the index of the label whose keyword it has, −1 for none."""
        label = np.full(analysis.titles, -1, np.int64)
        if self._tries:
            symbols = self._symbols.of(analysis)
            for index, trie in reversed(self._tries):
                label[analysis.row[trie.find(symbols).start]] = index
        return label


def title_keys(analysis: Analysis, *, numbers: Keys | None = None) -> Keys:
    """A 64-bit key per title: equal for titles with the same normal words in the same order.

    `numbers` are the words' own numbers, for keys that must not depend on what was read before.
    """
    words = np.flatnonzero(analysis.is_word)
    row = analysis.row[words]
    position = np.arange(len(words)) - np.searchsorted(row, row)
    token = analysis.token[words]
    value = (token.astype(np.uint64) + np.uint64(1) if numbers is None else numbers[token]) * _MULTIPLIER
    value ^= value >> np.uint64(31)
    value = (value + position.astype(np.uint64)) * _MULTIPLIER
    value ^= value >> np.uint64(29)
    keys = np.zeros(analysis.titles, np.uint64)
    np.add.at(keys, row, value * _MULTIPLIER)
    return keys


def word_numbers(words: Sequence[str]) -> Keys:
    """A number per word that depends on the word alone."""
    digests = (hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)


class ExactTitles:
    """Whole titles with a known label (examples of a taxonomy; later a person's corrections)."""

    def __init__(self, titles: Iterable[tuple[str, int]], analyser: Analyser) -> None:
        import polars as pl

        self._analyser = analyser
        self._titles: Sequence[tuple[str, int]] = list(titles)
        self._series = pl.Series([title for title, _ in self._titles], dtype=pl.String)
        self._labels = np.array([label for _, label in self._titles], np.int64)
        self._keys: Keys = np.empty(0, np.uint64)
        self._generation = -1

    def __call__(self, analysis: Analysis) -> Ints:
        """For each title the index of the label of an equal one, −1 for none."""
        label = np.full(analysis.titles, -1, np.int64)
        if not self._titles:
            return label
        if self._generation != self._analyser.generation:
            keys = title_keys(self._analyser(self._series))
            # The first of equal titles counts: labels stand in priority order.
            self._keys, first = np.unique(keys, return_index=True)
            self._sorted_labels = self._labels[first]
            self._generation = self._analyser.generation
        keys = title_keys(analysis)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        hit: Bools = (self._keys[at] == keys) & (keys != 0)
        label[hit] = self._sorted_labels[at[hit]]
        return label
