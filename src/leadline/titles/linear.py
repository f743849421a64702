"""A linear model whose weights are integers: score = sum of the weights of a title's features.

Applying it is a table look-up: the n-gram weights of a word are summed once per distinct word, so a
title costs one row per word, whatever its number of n-grams. Integer sums do not depend on their
order, so every machine gives the same label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from leadline.titles.analysis import Analyser, Analysis
from leadline.titles.evidence import Evidence
from leadline.titles.features import Concepts, Weights, ngram_buckets, word_pairs
from leadline.titles.trie import Ints

__all__ = ["SCALE", "LinearModel", "Scorer", "soft_share"]

#: One unit of log-odds is so many integer steps.
SCALE = 256
_SHARE_ONE = 1 << 20


@dataclass(frozen=True)
class LinearModel:
    """Weights per label (columns) for each feature (rows); all in steps of 1/`SCALE` of log-odds."""

    labels: tuple[str, ...]
    bias: Weights
    words: tuple[str, ...]
    word_weights: Weights
    pairs: tuple[tuple[str, str], ...]
    pair_weights: Weights
    ngram_weights: Weights
    concepts: tuple[str, ...]
    concept_weights: Weights
    word_index: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "word_index", {word: i for i, word in enumerate(self.words)})

    def word_rows(self, words: Sequence[str]) -> Weights:
        """Words × labels: each word's own weight plus that of its n-grams.

        The n-grams of a word share one unit (1/√n each), so that long words do not shout.
        """
        rows = np.zeros((len(words), len(self.labels)), np.int64)
        owner, bucket = ngram_buckets(words)
        np.add.at(rows, owner, self.ngram_weights[bucket].astype(np.int64))
        count = np.maximum(np.bincount(owner, minlength=len(words)), 1)
        rows = np.rint(rows / np.sqrt(count)[:, None]).astype(np.int64)
        own = np.array([self.word_index.get(word, -1) for word in words], np.int64)
        known = own >= 0
        rows[known] += self.word_weights[own[known]]
        return rows.astype(np.int32)


class Scorer:
    """Applies a model to analyses made by one analyser; remembers what each of its words weighs."""

    def __init__(self, model: LinearModel, analyser: Analyser, concepts: Concepts) -> None:
        self.model = model
        self._analyser = analyser
        self._concepts = concepts
        index = {name: i for i, name in enumerate(model.concepts)}
        weights = np.zeros((len(concepts.names), len(model.labels)))
        for row, name in enumerate(concepts.names):
            if name in index:
                weights[row] = model.concept_weights[index[name]]
        self._concept_weights = weights.astype(np.float32)
        keys = [
            model.word_index[first] * len(model.words) + model.word_index[second]
            for first, second in model.pairs
        ]
        order = np.argsort(np.array(keys, np.int64))
        self._pair_keys = np.array(keys, np.int64)[order]
        self._pair_weights = model.pair_weights[order]
        self._generation = -1
        self._rows: Weights = np.empty((0, len(model.labels)), np.int32)
        self._own: Ints = np.empty(0, np.int64)

    def __call__(self, analysis: Analysis, evidence: Evidence, *, rows: Ints | None = None) -> Ints:
        """Titles × labels: integer scores; with `rows` (rising) only of those titles."""
        self._learn_words()
        words = np.flatnonzero(analysis.is_word)
        row = analysis.row[words]
        if rows is not None:
            place = np.full(analysis.titles, -1)
            place[rows] = np.arange(len(rows))
            words, row = words[place[row] >= 0], place[row]
            row = row[row >= 0]
        titles = analysis.titles if rows is None else len(rows)
        scores = _sum_by_row(self._rows, analysis.token[words], row, titles)
        if self.model.concepts:
            # Whole numbers far below 2**24: the float product is exact, in any order of summing.
            has = self._concepts.matrix(evidence if rows is None else evidence.take(rows)).astype(np.float32)
            scores += (has @ self._concept_weights).astype(np.int64)
        scores += self.model.bias
        self._add_pairs(scores, analysis, words, row)
        return scores

    def _add_pairs(self, scores: Ints, analysis: Analysis, words: Ints, row: Ints) -> None:
        if not len(self._pair_keys):
            return
        first, second = word_pairs(analysis, words)
        own = self._own[analysis.token[words]]
        own_first, own_second = own[first], own[second]
        both = (own_first >= 0) & (own_second >= 0)
        key = own_first[both] * len(self.model.words) + own_second[both]
        at = np.minimum(np.searchsorted(self._pair_keys, key), len(self._pair_keys) - 1)
        hit = self._pair_keys[at] == key
        np.add.at(scores, row[first[both][hit]], self._pair_weights[at[hit]])

    def _learn_words(self) -> None:
        if self._generation != self._analyser.generation:
            self._rows, self._own = self._rows[:0], self._own[:0]
            self._generation = self._analyser.generation
        new = self._analyser.words[len(self._rows) :]
        if new:
            self._rows = np.concatenate([self._rows, self.model.word_rows(new)])
            own = np.array([self.model.word_index.get(word, -1) for word in new], np.int64)
            self._own = np.concatenate([self._own, own])


def _sum_by_row(table: Weights, token: Ints, row: Ints, rows: int) -> Ints:
    """Rows × labels: the sums of `table[token]` over each row (`row` is sorted).

    Goes by the position of a word in its title, all titles at once: ten whole-array additions
    instead of a million small ones.
    """
    out = np.zeros((rows, table.shape[1]), np.int32)
    edges = np.searchsorted(row, np.arange(rows + 1))
    start, count = edges[:-1], np.diff(edges)
    active = np.arange(rows)
    for position in range(int(count.max(initial=0))):
        active = active[count[active] > position]
        out[active] += table[token[start[active] + position]]
    return out.astype(np.int64)


def soft_share(scores: Ints) -> Ints:
    """The best label's softmax share of each row of `scores`, in thousandths.

    Computed on a table of whole numbers, so that it is the same on every machine.
    """
    behind = np.minimum((scores.max(axis=1, keepdims=True) - scores) // 4, len(_EXP) - 1)
    share: Ints = (1000 * _SHARE_ONE) // _EXP[behind].sum(axis=1)
    return share


#: 2**20 · exp(−d) for d in steps of 4/SCALE; beyond 16 it is nothing.
_EXP: Ints = np.rint(_SHARE_ONE * np.exp(-np.arange(16 * SCALE // 4) * 4 / SCALE)).astype(np.int64)
