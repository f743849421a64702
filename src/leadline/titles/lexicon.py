"""What title words mean: which function (what work) and which rank (which level) they speak of.

All languages are loaded together and nobody guesses a title's language: half of real titles mix two.
The text files are compiled once (`make builtin`) into arrays that load in milliseconds; a lexicon
that was edited since is compiled on the fly.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from leadline.titles.compounds import Compounds
from leadline.titles.lexicontext import (
    GRAMMAR,
    KINDS,
    Function,
    LexiconText,
    Rank,
    concepts,
    digest,
    read_lexicon,
)
from leadline.titles.spelling import fold, is_ideographic, normal_words
from leadline.titles.trie import Ints, Trie

__all__ = ["COMPILED", "Function", "Lexicon", "Rank", "load_lexicon"]

COMPILED = "data/builtin/lexicon.npz"
#: A compound that is listed as an occupation only has the rank of its head where that is one of these:
#: "Marketingleiter" leads, though nobody listed it among the ranks (and a "Hausmeister" masters nothing).
INHERITED_RANKS = frozenset({"manager", "head", "director", "team_lead", "assistant"})
_MIN_HEAD = 5
#: Signs that join letters to an abbreviation.
JOINERS = frozenset({"&", "+"})
_UMLAUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def without_articles(words: Sequence[str], articles: Collection[str]) -> tuple[str, ...]:
    """The words but for articles; a letter beside "&" is none ("O & M", "L & D")."""
    joined = {i + step for i, word in enumerate(words) if word in JOINERS for step in (-1, 1)}
    return tuple(
        word for i, word in enumerate(words) if word not in articles or (len(word) == 1 and i in joined)
    )


@dataclass(frozen=True)
class Lists:
    """Lists of integers in two arrays: list i is `values[start[i]:start[i + 1]]`."""

    start: Ints
    values: Ints

    @classmethod
    def of(cls, lists: list[tuple[int, ...]]) -> Lists:
        """The same as arrays."""
        start = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
        return cls(start, np.array([value for one in lists for value in one], np.int64))

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        values, edges = self.values.tolist(), self.start.tolist()
        return (tuple(values[a:b]) for a, b in pairwise(edges))


@dataclass(frozen=True)
class Lexicon:
    """The terms of all languages, compiled for looking titles up.

    Functions and ranks are matched independently, each by the longest term. A term is a list of
    symbols (indices into `words`); `meanings` holds for each function term its (function × 3 + kind).
    """

    words: tuple[str, ...]
    heads: frozenset[str]
    grammar: Mapping[str, frozenset[str]]
    function_terms: Lists
    meanings: Lists
    rank_terms: Lists
    rank_of_term: Ints
    function_trie: Trie
    rank_trie: Trie

    @property
    def functions(self) -> tuple[Function, ...]:
        """All functions."""
        return concepts()[0]

    @property
    def ranks(self) -> tuple[Rank, ...]:
        """All ranks."""
        return concepts()[1]

    @cached_property
    def symbols(self) -> dict[str, int]:
        """The number of each word that occurs in a term."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def prepositions(self) -> frozenset[str]:
        """Words after which a title speaks of something or somebody else."""
        return self.grammar["preposition"]

    @cached_property
    def conjunctions(self) -> frozenset[str]:
        """Words that join two parts of a title."""
        return self.grammar["conjunction"] | JOINERS

    @cached_property
    def at(self) -> frozenset[str]:
        """Words after which a company's name follows."""
        return self.grammar["at"] | {"@"}

    @cached_property
    def articles(self) -> frozenset[str]:
        """Words that are dropped; what is a preposition in some language stays."""
        return self.grammar["article"] - self.prepositions - self.conjunctions - self.at

    @cached_property
    def _compounds(self) -> Compounds:
        return Compounds(known=self.symbols.keys(), heads=self.heads)

    def meanings_of(self, term: int) -> list[tuple[Function, str]]:
        """The functions that a function term stands for, and as what kind of evidence."""
        pairs = self.meanings.values[self.meanings.start[term] : self.meanings.start[term + 1]].tolist()
        return [(self.functions[pair // len(KINDS)], KINDS[pair % len(KINDS)]) for pair in pairs]

    def text_of(self, term: tuple[int, ...]) -> str:
        """A term's words."""
        return " ".join(self.words[symbol] for symbol in term)

    def words_of(self, text: str) -> tuple[str, ...]:
        """The normal words of a text, articles left out, compounds not split."""
        return tuple(
            word for chunk in text.split() for word in normal_words(chunk) if word not in self.articles
        )

    @cached_property
    def _single_ranks(self) -> dict[str, int]:
        """Words that are a rank term by themselves, with their rank."""
        ranks = self.rank_of_term.tolist()
        return {
            self.words[term[0]]: rank
            for term, rank in zip(self.rank_terms, ranks, strict=True)
            if len(term) == 1
        }

    @cached_property
    def _ranked_words(self) -> frozenset[str]:
        """Words that occur in a rank term."""
        return frozenset(self.words[symbol] for symbol in self.rank_terms.values.tolist())

    def rank_word(self, word: str) -> str:
        """The word to look up among the ranks: `word`, or the head of a compound that only functions list."""
        if word in self._ranked_words or word not in self.symbols:
            return word
        if is_ideographic(word):
            tails = (word[start:] for start in range(1, len(word)))
            return next((tail for tail in tails if tail in self._single_ranks), word)
        head = self._compounds.split_known(word)[-1]
        rank = self._single_ranks.get(head)
        inherits = rank is not None and len(head) >= _MIN_HEAD and self.ranks[rank].name in INHERITED_RANKS
        return head if inherits else word

    def split(self, word: str) -> tuple[str, ...]:
        """A word that the lexicon does not know, as the known parts that it is made of."""
        if word in self.symbols:
            return (word,)
        return self._compounds.split_run(word) if is_ideographic(word) else self._compounds.split(word)


class _Compiler:
    """Numbers the words and terms of the lexicon's text."""

    def __init__(self, text: LexiconText) -> None:
        functions, ranks = concepts()
        self.priority = [rank.priority for rank in ranks]
        self.function_index = {function.name: i for i, function in enumerate(functions)}
        self.rank_index = {rank.name: i for i, rank in enumerate(ranks)}
        self.grammar = {kind: frozenset(text.grammar.get(kind, ())) for kind in GRAMMAR}
        kept = (
            self.grammar["preposition"] | self.grammar["conjunction"] | self.grammar["at"] | JOINERS | {"@"}
        )
        self.articles = self.grammar["article"] - kept
        self.small = kept
        self.symbols: dict[str, int] = {}
        self.function_terms: dict[tuple[int, ...], dict[int, int]] = {}
        self.rank_terms: dict[tuple[int, ...], int] = {}
        self.heads: set[str] = set()
        for form, section, kind in text.terms:
            self._add(form, section, kind)
            typed = form.translate(_UMLAUT)
            if typed != form:  # as typed without umlauts: Geschaeftsfuehrer
                self._add(typed, section, kind)

    def _add(self, form: str, section: str, kind: str) -> None:
        words = (fold(form),) if form.isalpha() and form not in self.articles else self._words(form)
        if not words:
            return
        key = tuple(self.symbols.setdefault(word, len(self.symbols)) for word in words)
        if kind == "term":
            rank = self.rank_index[section]
            known = self.rank_terms.get(key)
            if known is None or self.priority[rank] > self.priority[known]:
                self.rank_terms[key] = rank
        else:
            meanings = self.function_terms.setdefault(key, {})
            strength = KINDS.index(kind)
            function = self.function_index[section]
            meanings[function] = min(strength, meanings.get(function, strength))
        if len(words) == 1 and kind in ("occupation", "term"):
            self.heads.add(words[0])

    def _words(self, form: str) -> tuple[str, ...]:
        words = [word for chunk in form.split() for word in normal_words(chunk)]
        kept = without_articles(words, self.articles)
        # What is left of a term when its articles are gone must still say something.
        says_nothing = len(kept) < len(words) and all(len(word) == 1 or word in self.small for word in kept)
        return () if says_nothing else kept

    def lexicon(self) -> Lexicon:
        function_terms, rank_terms = list(self.function_terms), list(self.rank_terms)
        pairs = [
            tuple(f * len(KINDS) + k for f, k in sorted(m.items())) for m in self.function_terms.values()
        ]
        return Lexicon(
            words=tuple(self.symbols),
            heads=frozenset(self.heads),
            grammar=self.grammar,
            function_terms=Lists.of(function_terms),
            meanings=Lists.of(pairs),
            rank_terms=Lists.of(rank_terms),
            rank_of_term=np.array(list(self.rank_terms.values()), np.int64),
            function_trie=Trie.of(function_terms, symbols=len(self.symbols)),
            rank_trie=Trie.of(rank_terms, symbols=len(self.symbols)),
        )


def compile_lexicon() -> Lexicon:
    """The lexicon as its text files stand now."""
    return _Compiler(read_lexicon()).lexicon()


_LISTS = ("function_terms", "meanings", "rank_terms")
_TRIES = ("function_trie", "rank_trie")


def save_compiled(lexicon: Lexicon, file: Path) -> None:
    """Writes the compiled lexicon to `file`, with the digest of the text it was made of."""
    text = json.dumps(
        {
            "digest": digest(),
            "words": lexicon.words,
            "heads": sorted(lexicon.symbols[word] for word in lexicon.heads),
            "grammar": {kind: sorted(words) for kind, words in lexicon.grammar.items()},
        },
        ensure_ascii=False,
    )
    arrays: dict[str, npt.NDArray[Any]] = {"rank_of_term": lexicon.rank_of_term.astype(np.int16)}
    for name in _LISTS:
        lists: Lists = getattr(lexicon, name)
        arrays |= {
            f"{name}_size": np.diff(lists.start).astype(np.int16),
            f"{name}_values": lists.values.astype(np.int32),
        }
    for name in _TRIES:
        trie: Trie = getattr(lexicon, name)
        arrays |= {f"{name}_{part}": array for part, array in trie.arrays().items()}
    np.savez_compressed(file, json=np.frombuffer(text.encode(), np.uint8), **arrays)  # type: ignore[arg-type]


def _load_compiled() -> Lexicon | None:
    """The compiled lexicon that ships with Leadline; None where it is not that of the text files."""
    compiled = resources.files("leadline").joinpath(COMPILED)
    if not compiled.is_file():
        return None
    with compiled.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        data = json.loads(stored["json"].tobytes().decode())
        if data["digest"] != digest():
            return None
        arrays = {name: stored[name] for name in stored.files if name != "json"}
    words = tuple(data["words"])

    def lists(name: str) -> Lists:
        start = np.concatenate([[0], np.cumsum(arrays[f"{name}_size"], dtype=np.int64)])
        return Lists(start, arrays[f"{name}_values"].astype(np.int64))

    def trie(name: str) -> Trie:
        return Trie.from_arrays({part: arrays[f"{name}_{part}"] for part in Trie.PARTS}, symbols=len(words))

    return Lexicon(
        words=words,
        heads=frozenset(words[i] for i in data["heads"]),
        grammar={kind: frozenset(listed) for kind, listed in data["grammar"].items()},
        function_terms=lists("function_terms"),
        meanings=lists("meanings"),
        rank_terms=lists("rank_terms"),
        rank_of_term=arrays["rank_of_term"].astype(np.int64),
        function_trie=trie("function_trie"),
        rank_trie=trie("rank_trie"),
    )


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon that ships with Leadline; loaded once per process."""
    return _load_compiled() or compile_lexicon()
