"""A batch of titles as arrays: its words, where positions begin, which terms stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from leadline.titles.lexicon import Lexicon
from leadline.titles.spelling import BREAK, COMMA, normal_words
from leadline.titles.trie import Ints, Matches

__all__ = ["TITLE_CHARS", "Analyser", "Analysis"]

#: What is read of a title; what people write beyond it is a life story.
TITLE_CHARS = 300
#: The vocabulary starts anew beyond this many distinct chunks, so that memory stays bounded.
MAX_CHUNKS = 1_500_000

_WORD, _COMMA, _BREAK, _PREPOSITION, _AT = range(5)
Bools = npt.NDArray[np.bool_]


class _Growing:
    """An int array that grows at the end by whole lists."""

    def __init__(self) -> None:
        self._pending: list[int] = []
        self._values: Ints = np.empty(0, np.int64)

    def extend(self, values: list[int]) -> None:
        self._pending.extend(values)

    @property
    def values(self) -> Ints:
        if self._pending:
            self._values = np.concatenate([self._values, np.array(self._pending, np.int64)])
            self._pending = []
        return self._values


@dataclass(frozen=True)
class Analysis:
    """`titles` titles, their words in one flat array.

    Every title ends with a break, so that nothing reaches from one title into the next.
    Attributes are parallel over tokens: `token` (vocabulary id), `row` (title), `kind`.
    """

    titles: int
    token: Ints
    row: Ints
    kind: Ints
    functions: Matches
    ranks: Matches

    @cached_property
    def is_word(self) -> Bools:
        """Tokens that are words, not separators, and not behind "at" (a company's name)."""
        return (self.kind == _WORD) & ~self.behind_at

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
        return borders - borders[self.first_token[self.row]] + (self.kind[self.first_token[self.row]] != _WORD)

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
        following = np.append(self.kind[1:], _BREAK)
        return following == _BREAK


class Analyser:
    """Turns titles into an `Analysis`; remembers the chunks and words that it has seen."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._start()

    def _start(self) -> None:
        self.words: list[str] = []
        self.compound: list[bool] = []
        self._ids: dict[str, int] = {}
        self._chunks: dict[str, int] = {}
        self._chunk_start = _Growing()
        self._chunk_tokens = _Growing()
        self._tokens = 0
        self._symbol = _Growing()
        self._rank_symbol = _Growing()
        self._kind = _Growing()
        self._initial = _Growing()
        self.generation = getattr(self, "generation", -1) + 1
        self._break = self._word_id(BREAK)
        self._chunk_start.extend([0])

    def __call__(self, titles: pl.Series) -> Analysis:
        """The analysis of `titles` (String, no nulls)."""
        if len(self._chunks) > MAX_CHUNKS:
            self._start()
        chunks = titles.str.slice(0, TITLE_CHARS).str.extract_all(r"\S+")
        counts = chunks.list.len().to_numpy().astype(np.int64)
        flat = chunks.explode(empty_as_null=False)
        chunk = self._chunk_ids(flat)
        starts = self._chunk_start.values
        sizes = starts[chunk + 1] - starts[chunk]
        row_of_chunk = np.repeat(np.arange(len(counts)), counts)
        token = self._chunk_tokens.values[_ranges(starts[chunk], sizes)]
        row = np.repeat(row_of_chunk, sizes)
        token, row = _with_breaks(token, row, titles=len(counts), break_token=self._break)
        kind = self._kind.values[token]
        # "R&D manager": this d is no preposition.
        initial = self._initial.values[token].astype(bool) & (np.append(_BREAK, kind[:-1]) == _COMMA)
        kind = np.where(initial, _WORD, kind)
        return Analysis(
            titles=len(counts),
            token=token,
            row=row,
            kind=kind,
            functions=self._lexicon.function_trie.find(self._symbol.values[token]),
            ranks=self._lexicon.rank_trie.find(self._rank_symbol.values[token]),
        )

    def _chunk_ids(self, flat: pl.Series) -> Ints:
        chunks = self._chunks
        distinct = flat.unique()
        new = [chunk for chunk in distinct.to_list() if chunk not in chunks]
        for chunk in sorted(new):
            tokens = [self._word_id(word) for word in self._words_of(chunk)]
            chunks[chunk] = len(chunks)
            self._tokens += len(tokens)
            self._chunk_tokens.extend(tokens)
            self._chunk_start.extend([self._tokens])
        ids = pl.DataFrame(
            {"chunk": distinct, "id": pl.Series([chunks[c] for c in distinct.to_list()], dtype=pl.Int64)},
            schema={"chunk": pl.String, "id": pl.Int64},
        )
        joined = flat.alias("chunk").to_frame().join(ids, on="chunk", how="left", maintain_order="left")
        return joined["id"].to_numpy()

    def _words_of(self, chunk: str) -> list[str]:
        lexicon = self._lexicon
        return [
            part
            for word in normal_words(chunk)
            if word not in lexicon.articles
            for part in lexicon.split(word)
        ]

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
        else:
            kind = _AT if word in lexicon.at else _WORD
        self._kind.extend([kind])
        self._initial.extend([int(kind == _PREPOSITION and len(word) == 1)])
        return self._ids[word]


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
