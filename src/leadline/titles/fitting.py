"""Fits a `LinearModel` to labelled titles (scikit-learn's multinomial logistic regression, then rounding)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from leadline.titles.features import BUCKETS, Weights, ngram_buckets, word_pairs
from leadline.titles.linear import SCALE, LinearModel
from leadline.titles.trie import Ints
from leadline.titles.understanding import Reading, Understanding

__all__ = ["Design", "design_matrix", "fit"]

#: A word or pair in fewer titles than this is left to its n-grams.
MIN_WORD_COUNT = 2
MIN_PAIR_COUNT = 3
MAX_WORDS = 60_000
MAX_PAIRS = 60_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Titles as a sparse matrix: words, then pairs, then n-gram buckets, then concepts."""

    matrix: sparse.csr_matrix
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    concepts: tuple[str, ...]

    def take(self, rows: Ints) -> sparse.csr_matrix:
        """The rows `rows` of the matrix."""
        return self.matrix[rows]


def design_matrix(
    titles: pl.Series, understanding: Understanding, *, reading: Reading | None = None, concepts: bool = True
) -> Design:
    """The features of `titles` that `fit` learns weights for; the vocabulary is that of these titles."""
    reading = reading or understanding.read(titles)
    analysis = reading.analysis
    at = np.flatnonzero(analysis.is_word)
    used, word_of = np.unique(analysis.token[at], return_inverse=True)
    vocabulary = [understanding.analyser.words[token] for token in used.tolist()]
    occurrence = _counts(analysis.row[at], word_of, (analysis.titles, len(used)))
    owner, bucket = ngram_buckets(vocabulary)
    size = np.maximum(np.bincount(owner, minlength=len(used)), 1)
    ngrams = sparse.csr_matrix(
        (1.0 / np.sqrt(size[owner]), (owner, bucket)), shape=(len(used), BUCKETS), dtype=np.float64
    )
    frequent = _most_frequent(occurrence, MIN_WORD_COUNT, MAX_WORDS)
    pair_matrix, pairs = _pairs(reading, understanding, kept={vocabulary[i] for i in frequent.tolist()})
    concept_matrix = understanding.concepts.matrix(reading.evidence).astype(np.float64)
    if not concepts:
        concept_matrix = concept_matrix[:, :0]
    return Design(
        matrix=sparse.hstack(
            [occurrence[:, frequent], pair_matrix, occurrence @ ngrams, sparse.csr_matrix(concept_matrix)]
        )
        .tocsr()
        .astype(np.float32),
        words=tuple(vocabulary[i] for i in frequent.tolist()),
        pairs=pairs,
        concepts=tuple(understanding.concepts.names) if concepts else (),
    )


def _counts(row: Ints, column: Ints, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=shape, dtype=np.float64)


def _most_frequent(occurrence: sparse.csr_matrix, least: int, most: int) -> Ints:
    """The columns that occur in at least `least` titles; the `most` most frequent, ties in column order."""
    count = np.asarray((occurrence > 0).sum(axis=0)).ravel()
    order = np.argsort(-count, kind="stable")[:most]
    return np.sort(order[count[order] >= least])


def _pairs(
    reading: Reading, understanding: Understanding, *, kept: set[str]
) -> tuple[sparse.csr_matrix, tuple[tuple[str, str], ...]]:
    analysis = reading.analysis
    at = np.flatnonzero(analysis.is_word)
    before, after = word_pairs(analysis, at)
    row, first, second = analysis.row[at[before]], analysis.token[at[before]], analysis.token[at[after]]
    words = understanding.analyser.words
    known = np.array([word in kept for word in words], bool)
    both = known[first] & known[second]
    row, first, second = row[both], first[both], second[both]
    key = first * len(words) + second
    used, column = np.unique(key, return_inverse=True)
    matrix = _counts(row, column, (analysis.titles, len(used)))
    frequent = _most_frequent(matrix, MIN_PAIR_COUNT, MAX_PAIRS)
    names = tuple((words[k // len(words)], words[k % len(words)]) for k in used[frequent].tolist())
    return matrix[:, frequent], names


def fit(
    design: Design,
    rows: Ints,
    label: Ints,
    weight: Floats,
    labels: Sequence[str],
    *,
    regularisation: float = 1.0,
    iterations: int = 40,
) -> LinearModel:
    """The model that tells `labels` (indices in `label`) apart on the rows `rows` of `design`.

    `regularisation` is scikit-learn's C. A label without rows gets the weights of none.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    present = np.unique(label)
    coefficients = np.zeros((len(labels), design.matrix.shape[1]))
    bias = np.full(len(labels), -8.0)
    if len(present) == 1:
        bias[present[0]] = 8.0
    else:
        solver = LogisticRegression(C=regularisation, max_iter=iterations, tol=1e-3)
        with warnings.catch_warnings():
            # Stopping early is a choice: the last digits of a weight are rounded away anyway.
            warnings.simplefilter("ignore", ConvergenceWarning)
            solver.fit(design.take(rows), label, sample_weight=weight.astype(np.float32))
        if len(solver.coef_) == 1:  # two labels: one row of weights, for the second against the first
            coefficients[present[1]], bias[present[1]] = solver.coef_[0] / 2, solver.intercept_[0] / 2
            coefficients[present[0]], bias[present[0]] = -solver.coef_[0] / 2, -solver.intercept_[0] / 2
        else:
            coefficients[present], bias[present] = solver.coef_, solver.intercept_
    return _rounded(design, coefficients.T, bias, labels)


def _rounded(design: Design, coefficients: Floats, bias: Floats, labels: Sequence[str]) -> LinearModel:
    def whole(values: Floats) -> Weights:
        return np.rint(values * SCALE).astype(np.int32)

    ends = np.cumsum([len(design.words), len(design.pairs), BUCKETS])
    words, pairs, ngrams, concepts = np.split(coefficients, ends)
    return LinearModel(
        labels=tuple(labels),
        bias=whole(bias),
        words=design.words,
        word_weights=whole(words),
        pairs=design.pairs,
        pair_weights=whole(pairs),
        ngram_weights=whole(ngrams),
        concepts=design.concepts,
        concept_weights=whole(concepts),
    )
