"""A model without training: from what the user wrote about each label.

Words of the name and the examples weigh most, words of the definition less, each the more the fewer
labels share it; the lexicon's functions and ranks found in names and examples carry over to other
words and languages. A title that shares nothing with any label is left to the fallback.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from leadline.titles.features import BUCKETS
from leadline.titles.keywords import normal_title
from leadline.titles.linear import SCALE, LinearModel
from leadline.titles.taxonomy import Facet, Label
from leadline.titles.understanding import Understanding

__all__ = ["prototype_model"]

NAME_WEIGHT, EXAMPLE_WEIGHT, DEFINITION_WEIGHT = 3.0, 2.0, 0.7
CONCEPT_WEIGHT = 2.5
#: A rank belongs to a label if at least so many of its examples have it.
COMMON_SHARE = 0.5
#: What the fallback scores: a title needs more evidence than this to get a label.
FALLBACK_SCORE = 1.6


def prototype_model(facet: Facet, understanding: Understanding) -> LinearModel:
    """The model of a facet's names, examples and definitions; its labels are `facet.label_names`."""
    labels = [facet.label(name) for name in facet.label_names]
    words = [_word_weights(label, understanding) for label in labels]
    concepts = [_concept_weights(label, understanding) for label in labels]
    vocabulary = tuple(sorted({word for one in words for word in one}))
    names = tuple(understanding.concepts.names)
    bias = np.zeros(len(labels))
    if facet.fallback is not None:
        bias[facet.label_names.index(facet.fallback)] = FALLBACK_SCORE
    shape = (len(labels),)
    return LinearModel(
        labels=facet.label_names,
        bias=np.rint(bias * SCALE).astype(np.int32),
        words=vocabulary,
        word_weights=_table(words, vocabulary),
        pairs=(),
        pair_weights=np.zeros((0, *shape), np.int32),
        ngram_weights=np.zeros((BUCKETS, *shape), np.int32),
        concepts=names,
        concept_weights=_table(concepts, names),
    )


def _table(weights: list[dict[str, float]], names: tuple[str, ...]) -> np.typing.NDArray[np.int32]:
    """Names × labels: each weight, less where other labels have the name too."""
    table = np.array([[one.get(name, 0.0) for one in weights] for name in names]).reshape(
        len(names), len(weights)
    )
    sharing = np.maximum((table > 0).sum(axis=1, keepdims=True), 1)
    rarity = np.log((1 + len(weights)) / sharing) / np.log(1 + len(weights))
    return np.asarray(np.rint(table * rarity * SCALE), np.int32)


def _word_weights(label: Label, understanding: Understanding) -> dict[str, float]:
    weights: dict[str, float] = {}
    lexicon = understanding.lexicon
    small = lexicon.prepositions | lexicon.conjunctions | lexicon.articles
    for weight, texts in (
        (NAME_WEIGHT, (label.name,)),
        (EXAMPLE_WEIGHT, label.examples),
        (DEFINITION_WEIGHT, (label.definition,)),
    ):
        for text in texts:
            for word in set(normal_title(text, lexicon)):
                if word[0].isalnum() and len(word) > 1 and word not in small:
                    weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def _concept_weights(label: Label, understanding: Understanding) -> dict[str, float]:
    weights: dict[str, float] = {}
    texts = [label.name, *label.examples]
    evidence = understanding.read(pl.Series(texts, dtype=pl.String)).evidence
    matrix = understanding.concepts.matrix(evidence)
    share = matrix.mean(axis=0)
    for index, name in enumerate(understanding.concepts.names):
        if share[index] > 0 and name.startswith("main function "):
            weights[name] = CONCEPT_WEIGHT * min(1.0, 0.5 + float(share[index]))
        elif share[index] >= COMMON_SHARE and name.startswith("rank "):
            weights[name] = CONCEPT_WEIGHT * 0.4 * float(share[index])
    return weights
