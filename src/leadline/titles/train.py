"""Teaches a facet from labelled titles, on top of what the lexicon knows.

Besides the user's titles the model learns from the lexicon's own terms: what a label's `match` (or,
without one, the list itself) says about a function or a rank holds for that function's words in
every language. Functions that no label claims are examples of the fallback; that is how a model
taught with marketing and sales titles knows that a nurse is neither.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from leadline.titles.calibration import calibrate
from leadline.titles.facets import NO_LABEL, FacetDecider, TrainedFacet
from leadline.titles.fitting import Design, Floats, design_matrix, fit
from leadline.titles.keywords import Keys, title_keys, word_numbers
from leadline.titles.lexicon import Lexicon
from leadline.titles.linear import LinearModel, Scorer, soft_share
from leadline.titles.metrics import Scores, score
from leadline.titles.taxonomy import Facet
from leadline.titles.trie import Ints
from leadline.titles.understanding import Reading, Understanding

__all__ = ["Examples", "Trained", "train_facet"]

#: So many folds at random, which tell how good the model is on titles like those of the list, and as
#: many that hold whole subjects back, which tell how sure it may be where the list has nothing alike.
FOLDS = 3
#: Beyond so many distinct titles a random part is used: more teach little and cost minutes.
MAX_FIT_TITLES = 120_000
#: All of the lexicon's examples together count as much as so many of the user's lists (at least so many
#: times `MIN_LIST` titles, for small lists): more where the user wrote down what a label means.
MATCH_SHARE = 3.0
LIST_SHARE = 1.0
MIN_LIST = 300
UNLABELLED_SHARE = 0.5
#: Without `match`, a function belongs to a label if so many of its titles in the list have it.
MIN_FUNCTION_TITLES, MIN_FUNCTION_SHARE = 3, 0.6
#: Of each function and each rank so many terms are enough; more only cost time.
MAX_FUNCTION_TERMS = 150
MAX_RANK_TERMS = 120
Progress = Callable[[str], None]


def _quiet(text: str) -> None:
    """Says nothing."""


@dataclass(frozen=True)
class Examples:
    """Titles with the index of their label in `facet.label_names`, and how much each counts."""

    titles: pl.Series
    label: Ints
    weight: Floats

    def __len__(self) -> int:
        return len(self.titles)

    def take(self, rows: Ints) -> Examples:
        """The examples `rows`."""
        return Examples(self.titles[rows], self.label[rows], self.weight[rows])


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
    say: Progress = _quiet,
) -> Trained:
    """Teaches `facet` from `titles` and their `labels` (names of the facet's labels, nothing else).

    `unlabelled` are further titles that the built-in understanding labels as far as it can. Labels
    that do not occur in the list are taught by the lexicon alone.
    """
    own = _own_examples(facet, titles, labels)
    say(f"{len(own):,} distinct titles of yours")
    if len(own) > MAX_FIT_TITLES:
        own = own.take(np.sort(np.random.default_rng(0).choice(len(own), MAX_FIT_TITLES, replace=False)))
        say(f"a random {len(own):,} of them are used")
    lexicon = _lexicon_examples(facet, own, understanding, unlabelled)
    say(f"{len(lexicon):,} terms of the lexicon")
    together = Examples(
        pl.concat([own.titles, lexicon.titles]),
        np.concatenate([own.label, lexicon.label]),
        np.concatenate([own.weight, lexicon.weight]),
    )
    reading = understanding.read(together.titles)
    design = design_matrix(together.titles, understanding, reading=reading)
    keys = title_keys(reading.analysis, numbers=word_numbers(understanding.analyser.words))[: len(own)]
    likely = _cross_validated(_folds(keys), design, together, facet, understanding=understanding, say=say)
    subjects = _subjects(reading, keys, understanding)
    novel = _cross_validated(_folds(subjects), design, together, facet, understanding=understanding, say=say)
    predicted, share = likely
    # What the model will meet is less like the list than the list is like itself: its confidence is
    # what it earned on subjects that were held back.
    confidence = calibrate(novel[1], novel[0] == own.label)
    say("final model")
    final = _fit(design, np.arange(len(together)), together, facet)
    scores = score(facet.label_names, own.label, predicted, confidence[share // 10], ordered=facet.ordered)
    return Trained(facet, TrainedFacet(final, confidence), scores, len(own))


def _cross_validated(
    fold: Ints,
    design: Design,
    examples: Examples,
    facet: Facet,
    *,
    understanding: Understanding,
    say: Progress,
) -> tuple[Ints, Ints]:
    """For each of the user's titles the label and the share of a model that has not seen its fold."""
    predicted, share = np.full(len(fold), NO_LABEL), np.zeros(len(fold), np.int64)
    held = [np.flatnonzero(fold == number) for number in range(FOLDS)]

    def model_without(number: int) -> LinearModel | None:
        seen = np.concatenate([np.flatnonzero(fold != number), np.arange(len(fold), len(examples))])
        # A list whose titles all fall into one fold is measured on nothing.
        return _fit(design, seen, examples, facet) if len(held[number]) and len(seen) else None

    # The solver spends its time in code that lets other threads run.
    with ThreadPoolExecutor(max_workers=2) as pool:
        models = list(pool.map(model_without, range(FOLDS)))
    for rows, model in zip(held, models, strict=True):
        if model is not None:
            scores = Scorer(model, understanding.analyser, understanding.concepts)
            reading = understanding.read(examples.titles[rows])
            table = scores(reading.analysis, reading.evidence)
            predicted[rows], share[rows] = table.argmax(axis=1), soft_share(table)
            say(f"cross-validated on {len(rows):,} titles")
    return predicted, share


def _fit(design: Design, rows: Ints, examples: Examples, facet: Facet) -> LinearModel:
    return fit(design, rows, examples.label[rows], examples.weight[rows], facet.label_names)


def _subjects(reading: Reading, keys: Keys, understanding: Understanding) -> Keys:
    """A key per title: its main function and rank, so that like titles fall into one fold."""
    function = _main_function(reading)[: len(keys)]
    rank = reading.evidence.rank[: len(keys)]
    subject = (function + 1) * (len(understanding.lexicon.ranks) + 1) + rank + 1
    nothing = (function == NO_LABEL) & (rank < 0)
    return np.where(nothing, keys, subject.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))


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
    matched = any(label.match for label in facet.labels)
    decided = _by_rules(facet, own, understanding) if matched else _ByList(facet, own, understanding)
    parts = [(terms, MATCH_SHARE if matched else LIST_SHARE)]
    if unlabelled is not None and len(unlabelled):
        parts.append((unlabelled.unique(maintain_order=True), UNLABELLED_SHARE))
    out: list[Examples] = []
    for titles, share in parts:
        label = decided(understanding.read(titles))
        known = np.flatnonzero(label != NO_LABEL)
        size = np.bincount(label[known], minlength=len(facet.label_names)).astype(np.float64)
        weight = 1.0 / np.sqrt(np.maximum(size, 1))[label[known]] if len(known) else np.empty(0)
        total = share * max(own.weight.sum(), MIN_LIST)
        out.append(
            Examples(titles[known], label[known], weight * (total / weight.sum()) if len(known) else weight)
        )
    return Examples(
        pl.concat([one.titles for one in out]),
        np.concatenate([one.label for one in out]),
        np.concatenate([one.weight for one in out]),
    )


def _lexicon_titles(lexicon: Lexicon) -> pl.Series:
    """Titles made of the lexicon: occupations and fields alone, and ranks in front of fields.

    Of each function so many terms, evenly spread over the languages; which field goes with which rank
    is fixed by their order, so that training can be repeated.
    """
    by_function: dict[str, list[str]] = {}
    for number, term in enumerate(lexicon.function_terms):
        for function, kind in lexicon.meanings_of(number):
            if kind != "hint":
                by_function.setdefault(function.name, []).append(lexicon.text_of(term))
    functions = [term for terms in by_function.values() for term in _spread(terms, MAX_FUNCTION_TERMS)]
    by_rank: dict[int, list[str]] = {}
    for term, rank in zip(lexicon.rank_terms, lexicon.rank_of_term.tolist(), strict=True):
        by_rank.setdefault(rank, []).append(lexicon.text_of(term))
    ranks = [term for terms in by_rank.values() for term in _spread(terms, MAX_RANK_TERMS)]
    step = max(1, len(functions) // 997)
    ranked = [
        f"{rank} {functions[(number * 31 + offset * step) % len(functions)]}"
        for number, rank in enumerate(ranks)
        for offset in range(2)
    ]
    return pl.Series([*functions, *ranks, *ranked], dtype=pl.String)


def _spread(items: list[str], most: int) -> list[str]:
    """At most `most` of the items, evenly spread."""
    if len(items) <= most:
        return items
    return [items[number * len(items) // most] for number in range(most)]


def _by_rules(facet: Facet, own: Examples, understanding: Understanding) -> Callable[[Reading], Ints]:
    """What the untrained facet says; for its fallback, where some label has no rule, what the list says."""
    untrained = FacetDecider(facet, understanding)
    if all(label.match for label in facet.labels if label.name != facet.fallback):
        return lambda reading: untrained(reading).label
    by_list = _ByList(facet, own, understanding)
    fallback = NO_LABEL if facet.fallback is None else facet.label_names.index(facet.fallback)

    def decide(reading: Reading) -> Ints:
        ruled = untrained(reading).label
        return np.where(ruled == fallback, by_list(reading), ruled)

    return decide


class _ByList:
    """What the list says about functions: the label that most of a function's titles have.

    Functions that never occur in the list belong to the fallback; those with mixed labels to none.
    """

    def __init__(self, facet: Facet, own: Examples, understanding: Understanding) -> None:
        main = _main_function(understanding.read(own.titles))
        votes = np.zeros((len(understanding.lexicon.functions), len(facet.label_names)))
        known = main != NO_LABEL
        np.add.at(votes, (main[known], own.label[known]), 1)
        total = votes.sum(axis=1)
        clear = (total >= MIN_FUNCTION_TITLES) & (votes.max(axis=1) >= MIN_FUNCTION_SHARE * total)
        self._label_of = np.where(clear, votes.argmax(axis=1), NO_LABEL)
        if facet.fallback is not None and known.any():
            self._label_of[total == 0] = facet.label_names.index(facet.fallback)

    def __call__(self, reading: Reading) -> Ints:
        function = _main_function(reading)
        return np.where(function == NO_LABEL, NO_LABEL, self._label_of[function])


def _main_function(reading: Reading) -> Ints:
    functions = reading.evidence.functions
    best = functions.argmax(axis=1)
    return np.where(functions[np.arange(len(best)), best] > 0, best, NO_LABEL)


def _folds(keys: Keys) -> Ints:
    """A fold per title; titles that are the same but for case and accents share one."""
    mixed = (keys ^ (keys >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((mixed >> np.uint64(40)) % np.uint64(FOLDS)).astype(np.int64)
