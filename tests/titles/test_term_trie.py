"""Terms are found as a person would find them with a pencil: the longest first, then from the left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.trie import Trie

SYMBOLS = 4
Term = tuple[int, ...]
Found = list[tuple[int, int, int]]
TERMS = st.lists(
    st.lists(st.integers(0, SYMBOLS - 1), min_size=1, max_size=5).map(tuple), unique=True, max_size=12
)
TEXT = st.lists(st.integers(-1, SYMBOLS - 1), max_size=40)


def found(terms: list[Term], text: list[int], *, stored: bool = False) -> Found:
    """(start, length, number of the term) of all terms in `text`."""
    trie = Trie.of(terms, symbols=SYMBOLS)
    if stored:
        trie = Trie.from_arrays(trie.arrays(), symbols=SYMBOLS)
    matches = trie.find(np.array(text, np.int64))
    return list(zip(matches.start.tolist(), matches.length.tolist(), matches.term.tolist(), strict=True))


def by_pencil(terms: list[Term], text: list[int]) -> Found:
    """The definition, literally: of each place's longest term the longest wins, then the leftmost."""
    longest: Found = []
    for start in range(len(text)):
        here = [
            (start, len(term), number)
            for number, term in enumerate(terms)
            if tuple(text[start : start + len(term)]) == term
        ]
        longest += [max(here, key=lambda match: match[1])] if here else []
    taken: set[int] = set()
    kept: Found = []
    for start, length, number in sorted(longest, key=lambda match: (-match[1], match[0])):
        places = set(range(start, start + length))
        if not places & taken:
            taken |= places
            kept.append((start, length, number))
    return sorted(kept)


@pytest.mark.parametrize(
    ("terms", "text", "wanted"),
    [
        ([(0,), (0, 1)], [0, 1], [(0, 2, 1)]),  # the longer of two that begin together
        ([(0, 1), (1, 2, 3)], [0, 1, 2, 3], [(1, 3, 1)]),  # the longer of two that overlap
        ([(0, 1), (1, 2)], [0, 1, 2], [(0, 2, 0)]),  # the leftmost of two as long
        ([(0, 0)], [0, 0, 0, 0, 0], [(0, 2, 0), (2, 2, 0)]),
        ([(0, 1)], [0, -1, 1], []),  # an unknown word between
        ([(0, 1, 2)], [0, 1], []),  # the text ends too soon
        ([(0,)], [], []),
        ([], [0, 1, 2], []),
    ],
)
def test_the_longest_term_wins_and_of_equal_ones_the_leftmost(
    terms: list[Term], text: list[int], wanted: Found
) -> None:
    assert found(terms, text) == wanted == by_pencil(terms, text)


@given(TERMS, TEXT)
def test_the_trie_finds_what_one_finds_by_pencil(terms: list[Term], text: list[int]) -> None:
    assert found(terms, text) == by_pencil(terms, text)


@given(TERMS, TEXT)
def test_a_trie_that_was_stored_finds_the_same(terms: list[Term], text: list[int]) -> None:
    assert found(terms, text, stored=True) == found(terms, text)
