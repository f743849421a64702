"""A batch of titles as arrays: its words, where positions begin, which terms stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from leadline.core.codes import Codes
from leadline.titles.lexicon import JOINERS, Lexicon
from leadline.titles.spelling import BREAK, COMMA, normal_words
from leadline.titles.trie import Bools, Ints, Matches

__all__ = ["TITLE_CHARS", "Analyser", "Analysis"]

#: What is read of a title; what people write beyond it is a life story.
TITLE_CHARS = 300
#: The vocabulary starts anew beyond this many distinct chunks, so that memory stays bounded.
MAX_CHUNKS = 1_500_000

_WORD, _COMMA, _BREAK, _PREPOSITION, _AT, _ARTICLE = range(6)


class _Growing:
    """An array that grows at the end by whole lists."""

    def __init__(self, dtype: type[np.generic] = np.int64) -> None:
        self._pending: list[int] = []
        self._values: npt.NDArray[Any] = np.empty(0, dtype)

    def extend(self, values: list[int]) -> None:
        """Adds `values` at the end."""
        self._pending.extend(values)

    @property
    def values(self) -> npt.NDArray[Any]:
        """All values so far."""
        if self._pending:
            self._values = np.concatenate([self._values, np.array(self._pending, self._values.dtype)])
            self._pending = []
        return self._values


@dataclass(frozen=True)
class Analysis:
    """`titles` titles, their words in one flat array.

    Every title ends with a break, so that nothing reaches from one title into the next.
    Attributes are parallel over tokens: `token` (vocabulary id), `row` (title), `kind`,
    `letters` (a word with a letter in it).
    """

    titles: int
    token: Ints
    row: Ints
    kind: Ints
    letters: Bools
    functions: Matches
    ranks: Matches

    @cached_property
    def is_word(self) -> Bools:
        """Tokens that are words, not separators, and not behind "at" (a company's name)."""
        own: Bools = (self.kind == _WORD) & ~self.behind_at
        return own

    @cached_property
    def _resets(self) -> Ints:
        """For each token, the index of the last break or comma at or before it."""
        index = np.arange(len(self.kind))
        return np.maximum.accumulate(np.where((self.kind == _BREAK) | (self.kind == _COMMA), index, -1))

    def _since_reset(self, kind: int) -> Ints:
        count = np.cumsum(self.kind == kind)
        resets = self._resets
        return count - np.where(resets >= 0, count[resets], 0)

    @cached_property
    def behind_preposition(self) -> Bools:
        """Tokens that say of what or for whom: "assistant to the *CEO*"."""
        return self._since_reset(_PREPOSITION) > 0

    @cached_property
    def behind_at(self) -> Bools:
        """Tokens behind "at", "bei", "chez": a company's name."""
        return self._since_reset(_AT) > 0

    @cached_property
    def part(self) -> Ints:
        """How many commas, prepositions and breaks of its title stand before each token."""
        borders = np.cumsum((self.kind == _COMMA) | (self.kind == _PREPOSITION) | (self.kind == _BREAK))
        first = self.first_token[self.row]
        part: Ints = borders - borders[first] + (self.kind[first] != _WORD)
        return part

    @cached_property
    def first_token(self) -> Ints:
        """The index of each title's first token."""
        return np.searchsorted(self.row, np.arange(self.titles))

    @cached_property
    def position(self) -> Ints:
        """The number of the position that each token belongs to; titles never share one."""
        return np.cumsum(self.kind == _BREAK)

    @cached_property
    def is_ranked(self) -> Bools:
        """Tokens that belong to a rank's term."""
        change = np.zeros(len(self.kind) + 1, np.int64)
        np.add.at(change, self.ranks.start, 1)
        np.add.at(change, self.ranks.start + self.ranks.length, -1)
        return np.cumsum(change)[:-1] > 0

    @cached_property
    def last_of_segment(self) -> Bools:
        """Tokens followed by a break."""
        last: Bools = np.append(self.kind[1:], _BREAK) == _BREAK
        return last


class Analyser:
    """Turns titles into an `Analysis`; remembers the chunks and words that it has seen."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._start()

    def _start(self) -> None:
        self.words: list[str] = []
        self.compound: list[bool] = []
        self._ids: dict[str, int] = {}
        self._codes = Codes()
        self._chunk_start = _Growing()
        self._chunk_tokens = _Growing()
        self._symbol = _Growing()
        self._rank_symbol = _Growing()
        self._kind = _Growing()
        self._letter = _Growing(np.bool_)
        self._joins = _Growing(np.bool_)
        self._letters = _Growing(np.bool_)
        self.generation = getattr(self, "generation", -1) + 1
        self._break = self._word_id(BREAK)
        self._chunk_start.extend([0])

    def forget_if_full(self) -> None:
        """Starts the vocabulary anew if it has grown too large; no earlier analysis may be used after it."""
        if len(self._codes) > MAX_CHUNKS:
            self._start()

    def __call__(self, titles: pl.Series) -> Analysis:
        """The analysis of `titles` (String, no nulls)."""
        chunks = titles.str.slice(0, TITLE_CHARS).str.split(" ")
        counts = chunks.list.len().to_numpy().astype(np.int64)
        chunk = self._chunk_ids(chunks.explode(empty_as_null=False))
        starts = self._chunk_start.values
        sizes = starts[chunk + 1] - starts[chunk]
        row_of_chunk = np.repeat(np.arange(len(counts)), counts)
        token = self._chunk_tokens.values[_ranges(starts[chunk], sizes)]
        row = np.repeat(row_of_chunk, sizes)
        token, row = self._without_articles(
            *_with_breaks(token, row, titles=len(counts), break_token=self._break)
        )
        kind = self._kind.values[token]
        # "R&D manager", "O&M": these letters are neither prepositions nor articles.
        letter = self._letter.values[token] & ((kind == _PREPOSITION) | (kind == _ARTICLE))
        kind = np.where(letter & _beside(self._joins.values[token]), _WORD, kind)
        # "NA Sales Director", "DE Country Manager": what nothing stands before belongs to nothing.
        first = np.append(_BREAK, kind[:-1]) != _WORD
        kind = np.where((kind == _PREPOSITION) & first, _WORD, kind)
        return Analysis(
            titles=len(counts),
            token=token,
            row=row,
            kind=kind,
            letters=self._letters.values[token] & (kind == _WORD),
            functions=self._lexicon.function_trie.find(self._symbol.values[token]),
            ranks=self._lexicon.rank_trie.find(self._rank_symbol.values[token]),
        )

    def _without_articles(self, token: Ints, row: Ints) -> tuple[Ints, Ints]:
        article = self._kind.values[token] == _ARTICLE
        article &= ~(self._letter.values[token] & _beside(self._joins.values[token]))
        return token[~article], row[~article]

    def _chunk_ids(self, flat: pl.Series) -> Ints:
        codes, new = self._codes(flat)
        sizes: list[int] = []
        tokens: list[int] = []
        for chunk in flat[new].to_list():
            before = len(tokens)
            tokens.extend([self._word_id(word) for word in self._words_of(chunk)])
            sizes.append(len(tokens) - before)
        if sizes:
            self._chunk_start.extend((self._chunk_start.values[-1] + np.cumsum(sizes)).tolist())
            self._chunk_tokens.extend(tokens)
        return codes.astype(np.int64)

    def _words_of(self, chunk: str) -> list[str]:
        # Other blanks than " " still stand in the chunk.
        pieces = [chunk] if chunk.isalnum() else chunk.split()
        split = self._lexicon.split
        return [part for piece in pieces for word in normal_words(piece) for part in split(word)]

    def _word_id(self, word: str) -> int:
        known = self._ids.get(word)
        if known is not None:
            return known
        lexicon = self._lexicon
        self._ids[word] = len(self.words)
        self.words.append(word)
        self._symbol.extend([lexicon.symbols.get(word, -1)])
        self._rank_symbol.extend([lexicon.symbols.get(lexicon.rank_word(word), -1)])
        if word == BREAK:
            kind = _BREAK
        elif word == COMMA or word in lexicon.conjunctions:
            kind = _COMMA
        elif word in lexicon.prepositions:
            kind = _PREPOSITION
        elif word in lexicon.articles:
            kind = _ARTICLE
        else:
            kind = _AT if word in lexicon.at else _WORD
        self._kind.extend([kind])
        self._letter.extend([len(word) == 1 and word.isalpha()])
        self._joins.extend([word in JOINERS])
        self._letters.extend([any(map(str.isalpha, word))])
        return self._ids[word]


def _beside(flags: Bools) -> Bools:
    """Whether the neighbour on either side has the flag."""
    beside: Bools = np.append(False, flags[:-1]) | np.append(flags[1:], False)
    return beside


def _ranges(starts: Ints, sizes: Ints) -> Ints:
    """start, start+1, …, start+size−1 for each pair, one after the other."""
    total = int(sizes.sum())
    if not total:
        return np.empty(0, np.int64)
    offsets = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return offsets + np.arange(total)


def _with_breaks(token: Ints, row: Ints, *, titles: int, break_token: int) -> tuple[Ints, Ints]:
    """The tokens with one break behind each title."""
    ends = np.searchsorted(row, np.arange(titles), side="right")
    return np.insert(token, ends, break_token), np.insert(row, ends, np.arange(titles))
