"""A score is the plain sum of the weights of what stands in a title, whatever else is in the batch."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.features import BUCKETS, NGRAM_SIZES, ngram_buckets
from leadline.titles.linear import SCALE, LinearModel, Scorer, soft_share
from leadline.titles.understanding import Understanding

LABELS = ("A", "B", "C")
WORDS = ("sales", "head", "manager", "xyz", "|")
PAIRS = (("head", "sales"), ("sales", "manager"), ("manager", "manager"), ("xyz", "head"))
TITLES = st.lists(
    st.lists(
        st.sampled_from(["Sales", "head", "of", "MANAGER", "xyz", "|", ",", "at", "unknown", "é"]), max_size=7
    ),
    max_size=8,
).map(lambda titles: [" ".join(words) for words in titles])


def weights(rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-900, 900, (rows, len(LABELS))).astype(np.int32)


@pytest.fixture(scope="module")
def scorer(understanding: Understanding) -> Scorer:
    names = understanding.concepts.names
    model = LinearModel(
        labels=LABELS,
        bias=weights(1, 0)[0],
        words=WORDS,
        word_weights=weights(len(WORDS), 1),
        pairs=PAIRS,
        pair_weights=weights(len(PAIRS), 2),
        ngram_weights=weights(BUCKETS, 3),
        concepts=(*names[::3], "a concept of another lexicon"),
        concept_weights=weights(len(names[::3]) + 1, 4),
    )
    return Scorer(model, understanding.analyser, understanding.concepts)


def by_hand(title: str, scorer: Scorer, understanding: Understanding) -> list[int]:
    """The score of one title, one feature after the other."""
    model = scorer.model
    reading = understanding.read(pl.Series([title], dtype=pl.String))
    analysis = reading.analysis
    total = model.bias.astype(np.int64)
    for name, has in zip(
        understanding.concepts.names, understanding.concepts.matrix(reading.evidence)[0], strict=True
    ):
        if has and name in model.concepts:
            total = total + model.concept_weights[model.concepts.index(name)]
    before: tuple[str, int] | None = None
    for place in np.flatnonzero(analysis.is_word).tolist():
        word = understanding.analyser.words[analysis.token[place]]
        buckets = ngram_buckets([word])[1]
        shared = model.ngram_weights[buckets].sum(axis=0) / math.sqrt(max(len(buckets), 1))
        total = total + np.rint(shared).astype(np.int64)
        if word in WORDS:
            total = total + model.word_weights[WORDS.index(word)]
        position = int(analysis.position[place])
        if before is not None and before[1] == position and (before[0], word) in PAIRS:
            total = total + model.pair_weights[PAIRS.index((before[0], word))]
        before = (word, position)
    return [int(score) for score in total]


@given(titles=TITLES)
def test_a_score_is_the_sum_that_one_gets_by_hand(
    titles: list[str], scorer: Scorer, understanding: Understanding
) -> None:
    reading = understanding.read(pl.Series(titles, dtype=pl.String))
    scores = scorer(reading.analysis, reading.evidence)
    assert scores.shape == (len(titles), len(LABELS))
    assert scores.tolist() == [by_hand(title, scorer, understanding) for title in titles]


@given(titles=TITLES, chosen=st.sets(st.integers(0, 7)))
def test_scores_of_some_titles_are_those_they_have_among_all(
    titles: list[str], chosen: set[int], scorer: Scorer, understanding: Understanding
) -> None:
    reading = understanding.read(pl.Series(titles, dtype=pl.String))
    rows = np.array(sorted(row for row in chosen if row < len(titles)), np.int64)
    whole = scorer(reading.analysis, reading.evidence)
    assert np.array_equal(scorer(reading.analysis, reading.evidence, rows=rows), whole[rows])


@pytest.mark.parametrize(
    ("word", "grams"),
    [("ab", ["<ab", "ab>", "<ab>"]), ("abc", ["<ab", "abc", "bc>", "<abc", "abc>", "<abc>"]), ("a", ["<a>"])],
)
def test_the_n_grams_of_a_word_are_those_of_three_to_five_letters_with_its_borders(
    word: str, grams: list[str]
) -> None:
    assert NGRAM_SIZES == (3, 4, 5)
    assert len(ngram_buckets([word])[1]) == len(grams)


@given(st.lists(st.text(st.sampled_from("abcé销"), min_size=1, max_size=8), max_size=6))
def test_the_n_grams_of_a_word_do_not_depend_on_the_words_beside_it(words: list[str]) -> None:
    owner, bucket = ngram_buckets(words)
    assert ((bucket >= 0) & (bucket < BUCKETS)).all()
    for place, word in enumerate(words):
        assert sorted(bucket[owner == place].tolist()) == sorted(ngram_buckets([word])[1].tolist())


@given(st.lists(st.lists(st.integers(-5000, 5000), min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_share_is_that_of_softmax_in_thousandths(scores: list[list[int]]) -> None:
    table = np.array(scores, np.int64)
    exact = np.exp((table - table.max(axis=1, keepdims=True)) / SCALE)
    assert soft_share(table) == pytest.approx(1000 / exact.sum(axis=1), abs=12)
    assert ((soft_share(table) >= 1000 // 3) & (soft_share(table) <= 1000)).all()
