"""Teaches a facet from labelled titles, on top of what the lexicon knows.

Besides the user's titles the model learns from the lexicon's own terms: what a label's `match` (or,
without one, the list itself) says about a function or a rank holds for that function's words in
every language. Functions that no label claims are examples of the fallback; that is how a model
taught with marketing and sales titles knows that a nurse is neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from leadline.titles.calibration import calibrate
from leadline.titles.facets import NO_LABEL, FacetDecider, TrainedFacet
from leadline.titles.fitting import Design, Floats, design_matrix, fit
from leadline.titles.keywords import title_keys
from leadline.titles.lexicon import KINDS, Lexicon
from leadline.titles.linear import LinearModel, Scorer, soft_share
from leadline.titles.metrics import Scores, score
from leadline.titles.taxonomy import Facet
from leadline.titles.trie import Ints
from leadline.titles.understanding import Reading, Understanding

__all__ = ["Examples", "Trained", "train_facet"]

FOLDS = 5
#: Beyond so many distinct titles a random part is used for fitting; the figures are taken on the rest.
MAX_FIT_TITLES = 120_000
#: All of the lexicon's examples together count as much as this share of the user's list (at least
#: as much as `MIN_LIST` titles, for small lists).
LEXICON_SHARE = 1.0
MIN_LIST = 2_000
UNLABELLED_SHARE = 0.5
#: Without `match`, a function belongs to a label if so many of its titles in the list have it.
MIN_FUNCTION_TITLES, MIN_FUNCTION_SHARE = 3, 0.6
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Examples:
    """Titles with the index of their label in `facet.label_names`, and how much each counts."""

    titles: pl.Series
    label: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.titles)


@dataclass(frozen=True)
class Trained:
    """A trained facet and what cross-validation measured on titles that the model had not seen."""

    facet: Facet
    trained: TrainedFacet
    scores: Scores
    examples: int


def train_facet(
    facet: Facet,
    titles: pl.Series,
    labels: pl.Series,
    understanding: Understanding,
    *,
    unlabelled: pl.Series | None = None,
    say: Progress = lambda text: None,
) -> Trained:
    """Teaches `facet` from `titles` and their `labels` (names of the facet's labels, nothing else).

    `unlabelled` are further titles that the built-in understanding labels as far as it can. Labels
    that do not occur in the list are taught by the lexicon alone.
    """
    own = _own_examples(facet, titles, labels)
    say(f"{len(own):,} distinct titles of yours")
    lexicon = _lexicon_examples(facet, own, understanding, unlabelled)
    say(f"{len(lexicon):,} terms of the lexicon")
    together = Examples(
        pl.concat([own.titles, lexicon.titles]),
        np.concatenate([own.label, lexicon.label]),
        np.concatenate([own.weight, lexicon.weight]),
    )
    reading = understanding.read(together.titles)
    design = design_matrix(together.titles, understanding, reading=reading)
    fold = _folds(title_keys(reading.analysis)[: len(own)])
    predicted, share = np.full(len(own), NO_LABEL), np.zeros(len(own), np.int64)
    for number in range(FOLDS):
        held = np.flatnonzero(fold == number)
        if not len(held):
            continue
        say(f"cross-validation {number + 1} of {FOLDS}")
        seen = np.concatenate([np.flatnonzero(fold != number), np.arange(len(own), len(together))])
        model = _fit(design, seen, together, facet)
        held_reading = _part(reading, held, together.titles)
        predicted[held], share[held] = _apply(model, held_reading, understanding)
    confidence = calibrate(share, predicted == own.label, weight=None)
    say("final model")
    final = _fit(design, np.arange(len(together)), together, facet)
    scores = score(facet.label_names, own.label, predicted, confidence[share // 10], ordered=facet.ordered)
    return Trained(facet, TrainedFacet(final, confidence), scores, len(own))


def _part(reading: Reading, rows: Ints, titles: pl.Series) -> Reading:
    return reading.understanding.read(titles[rows])


def _fit(design: Design, rows: Ints, examples: Examples, facet: Facet) -> LinearModel:
    return fit(design, rows, examples.label[rows], examples.weight[rows], facet.label_names)


def _apply(model: LinearModel, reading: Reading, understanding: Understanding) -> tuple[Ints, Ints]:
    scores = Scorer(model, understanding.analyser, understanding.concepts)(reading.analysis, reading.evidence)
    return scores.argmax(axis=1), soft_share(scores)


def _own_examples(facet: Facet, titles: pl.Series, labels: pl.Series) -> Examples:
    """The user's list: each distinct (title, label) once, frequent ones and rare labels weighing more."""
    counted = (
        pl.DataFrame({"title": titles, "label": labels})
        .group_by("title", "label", maintain_order=True)
        .agg(pl.len().alias("count"))
    )
    index = {name: i for i, name in enumerate(facet.label_names)}
    label = np.array([index[name] for name in counted["label"].to_list()], np.int64)
    weight = np.sqrt(counted["count"].to_numpy().astype(np.float64))
    size = np.bincount(label, minlength=len(index))
    # Half-way to equal classes: rare labels are heard, frequent ones keep their prior.
    weight *= np.sqrt(size[size > 0].mean() / size[label])
    return Examples(counted["title"], label, weight)


def _lexicon_examples(
    facet: Facet, own: Examples, understanding: Understanding, unlabelled: pl.Series | None
) -> Examples:
    terms = _lexicon_titles(understanding.lexicon)
    decided = _by_match if any(label.match for label in facet.labels) else _by_list
    parts = [(terms, LEXICON_SHARE)]
    if unlabelled is not None and len(unlabelled):
        parts.append((unlabelled.unique(maintain_order=True), UNLABELLED_SHARE))
    out: list[Examples] = []
    for titles, share in parts:
        label = decided(facet, own, understanding.read(titles), understanding)
        known = np.flatnonzero(label != NO_LABEL)
        size = np.bincount(label[known], minlength=len(facet.label_names)).astype(np.float64)
        weight = 1.0 / np.sqrt(np.maximum(size, 1))[label[known]] if len(known) else np.empty(0)
        total = share * max(own.weight.sum(), MIN_LIST)
        out.append(Examples(titles[known], label[known], weight * (total / weight.sum()) if len(known) else weight))
    return Examples(
        pl.concat([one.titles for one in out]),
        np.concatenate([one.label for one in out]),
        np.concatenate([one.weight for one in out]),
    )


def _lexicon_titles(lexicon: Lexicon) -> pl.Series:
    """Titles made of the lexicon: every occupation and field alone, and ranks in front of fields.

    Which field goes with which rank is fixed by their order, so that training can be repeated.
    """
    symbols = list(lexicon.symbols)
    functions = [
        " ".join(symbols[s] for s in term)
        for term, meanings in lexicon.function_terms.items()
        if any(KINDS[kind] != "hint" for _, kind in meanings)
    ]
    ranks = [" ".join(symbols[s] for s in term) for term in lexicon.rank_terms]
    step = max(1, len(functions) // 997)
    ranked = [
        f"{rank} {functions[(number * 31 + offset * step) % len(functions)]}"
        for number, rank in enumerate(ranks)
        for offset in range(3)
    ]
    return pl.Series([*functions, *ranks, *ranked], dtype=pl.String)


def _by_match(facet: Facet, own: Examples, reading: Reading, understanding: Understanding) -> Ints:
    """What the facet's rules say; titles that no rule covers are examples of the fallback."""
    return FacetDecider(facet, understanding)(reading).label


def _by_list(facet: Facet, own: Examples, reading: Reading, understanding: Understanding) -> Ints:
    """What the list says about functions: the label that most of a function's titles have.

    Functions that never occur in the list belong to the fallback; those with mixed labels to none.
    """
    main = _main_function(understanding.read(own.titles))
    votes = np.zeros((reading.evidence.functions.shape[1], len(facet.label_names)))
    known = main != NO_LABEL
    np.add.at(votes, (main[known], own.label[known]), 1)
    total = votes.sum(axis=1)
    best = votes.argmax(axis=1)
    clear = (total >= MIN_FUNCTION_TITLES) & (votes.max(axis=1) >= MIN_FUNCTION_SHARE * total)
    label_of = np.where(clear, best, NO_LABEL)
    if facet.fallback is not None and votes.sum() > 0:
        label_of[total == 0] = facet.label_names.index(facet.fallback)
    function = _main_function(reading)
    return np.where(function == NO_LABEL, NO_LABEL, label_of[function])


def _main_function(reading: Reading) -> Ints:
    functions = reading.evidence.functions
    best = functions.argmax(axis=1)
    return np.where(functions[np.arange(len(best)), best] > 0, best, NO_LABEL)


def _folds(keys: np.typing.NDArray[np.uint64]) -> Ints:
    """A fold per title; titles that are the same but for case and accents share one."""
    mixed = (keys ^ (keys >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((mixed >> np.uint64(40)) % np.uint64(FOLDS)).astype(np.int64)
