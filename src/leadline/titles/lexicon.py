"""What title words mean: which function (what work) and which rank (which level) they speak of.

The lexicon is data: readable text files under `data/lexicon/`, one per language, in the format that
`docs/lexicon.md` describes. All languages are loaded together and nobody guesses a title's
language: half of real titles mix two.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from leadline.core.errors import InputError
from leadline.titles.compounds import Compounds
from leadline.titles.spelling import fold, is_ideographic, normal_words
from leadline.titles.trie import Trie

__all__ = ["KINDS", "Function", "Lexicon", "Rank", "concept_names", "expand", "lexicon_digest", "load_lexicon"]

#: The kinds of evidence for a function, strongest first.
KINDS = ("occupation", "field", "hint")
_SECTION = re.compile(r"\[(rank )?([a-z_]+)\]")
_GROUP = re.compile(r"\(([^()]*)\)(\?)?")
_UMLAUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Function:
    """A kind of work, finer than a role. `occupation_weight` is what an occupation noun of it counts."""

    name: str
    role: str
    occupation_weight: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A marker of level. The highest `priority` in a title wins."""

    name: str
    seniority: str
    priority: int


def expand(pattern: str) -> Iterator[str]:
    """The forms that a pattern of a lexicon file stands for: `leit(er|erin)?` → leiter, leiterin, leit."""
    pieces: list[list[str]] = []
    end = 0
    for group in _GROUP.finditer(pattern):
        pieces.append([pattern[end : group.start()]])
        pieces.append(group[1].split("|") + ([""] if group[2] else []))
        end = group.end()
    pieces.append([pattern[end:]])
    for choice in itertools.product(*pieces):
        yield "".join(choice)


def _spellings(form: str) -> Iterator[str]:
    """The form, and the form as typed without umlauts (Geschäftsführer, Geschaeftsfuehrer)."""
    yield form
    typed = form.translate(_UMLAUT)
    if typed != form:
        yield typed


class Lexicon:
    """The terms of all languages, compiled for looking titles up.

    Functions and ranks are matched independently, each by the longest term.
    """

    def __init__(
        self,
        functions: Iterable[Function],
        ranks: Iterable[Rank],
        terms: Iterable[tuple[str, str, str]],
        grammar: dict[str, set[str]],
    ) -> None:
        self.functions = tuple(functions)
        self.ranks = tuple(ranks)
        self.prepositions = frozenset(grammar.get("preposition", ()))
        self.conjunctions = frozenset(grammar.get("conjunction", ())) | {"&", "+"}
        self.at = frozenset(grammar.get("at", ())) | {"@"}
        self.articles = frozenset(grammar.get("article", ())) - self.prepositions - self.conjunctions - self.at
        self.symbols: dict[str, int] = {}
        self.function_terms: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        self.rank_terms: dict[tuple[int, ...], int] = {}
        self._function_index = {function.name: i for i, function in enumerate(self.functions)}
        self._rank_index = {rank.name: i for i, rank in enumerate(self.ranks)}
        self._heads: set[str] = set()
        for form, section, kind in terms:
            self._add(form, section, kind)
        self.function_trie = Trie(self.function_terms, symbols=len(self.symbols))
        self.rank_trie = Trie(self.rank_terms, symbols=len(self.symbols))
        self.compounds = Compounds(known=self.symbols.keys(), heads=self._heads)

    @property
    def function_meanings(self) -> list[list[tuple[int, str]]]:
        """For each term of the function trie its (function, kind) pairs."""
        return [[(function, KINDS[kind]) for function, kind in pairs] for pairs in self.function_terms.values()]

    @property
    def rank_of_term(self) -> list[int]:
        """For each term of the rank trie its rank."""
        return list(self.rank_terms.values())

    def words_of(self, text: str) -> tuple[str, ...]:
        """The normal words of a term or title, articles left out, compounds not split."""
        return tuple(
            word for chunk in text.split() for word in normal_words(chunk) if word not in self.articles
        )

    def split(self, word: str) -> tuple[str, ...]:
        """A word that the lexicon does not know, as the known parts that it is made of."""
        if word in self.symbols:
            return (word,)
        return self.compounds.split_run(word) if is_ideographic(word) else self.compounds.split(word)

    def _add(self, form: str, section: str, kind: str) -> None:
        for spelling in _spellings(form):
            words = (fold(spelling),) if spelling.isalpha() else self.words_of(spelling)
            if not words or words[0] in self.articles:
                words = self.words_of(spelling)
            if not words:
                continue
            key = tuple(self.symbols.setdefault(word, len(self.symbols)) for word in words)
            if kind == "term":
                self._add_rank(key, self._rank_index[section])
            else:
                function = self._function_index[section]
                meanings = self.function_terms.setdefault(key, [])
                if all(known != function for known, _ in meanings):
                    meanings.append((function, KINDS.index(kind)))
            if len(words) == 1 and kind in ("occupation", "term"):
                self._heads.add(words[0])

    def _add_rank(self, key: tuple[int, ...], rank: int) -> None:
        known = self.rank_terms.get(key)
        if known is None or self.ranks[rank].priority > self.ranks[known].priority:
            self.rank_terms[key] = rank


def _table(folder: Traversable, name: str) -> list[dict[str, str]]:
    text = folder.joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def read_terms(lines: Iterable[str], *, name: str, sections: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """The forms of one lexicon file as (form, section, kind).

    Raises:
        InputError: an unknown section, a line outside a section, a wrong kind; with file and line.
    """
    section = kind = ""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if opening := _SECTION.fullmatch(line.strip()):
            section, kind = (opening[1] or "") + opening[2], ""
            if section not in sections:
                raise InputError(f"{name}, line {number}: there is no section [{section}].")
            continue
        if not line[0].isspace():
            kind, colon, line = line.partition(":")
            if not colon or not section:
                raise InputError(f"{name}, line {number}: expected 'kind: terms' inside a section.")
        plain = section.removeprefix("rank ")
        for term in line.split(","):
            if term := term.strip():
                forms = expand(term) if "(" in term else (term,)
                for form in forms:
                    yield form, plain, kind


def _folder() -> Traversable:
    return resources.files("leadline").joinpath("data/lexicon")


def _files() -> list[Traversable]:
    return sorted((f for f in _folder().iterdir() if f.name.endswith((".txt", ".tsv"))), key=lambda f: f.name)


def lexicon_digest() -> str:
    """A hash of all files of the lexicon: what a model was fitted to."""
    digest = hashlib.sha256()
    for file in _files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def concept_names() -> tuple[list[Function], list[Rank]]:
    """All functions and ranks, without reading the terms."""
    functions = _table(_folder(), "functions.tsv")
    ranks = _table(_folder(), "ranks.tsv")
    return (
        [Function(row["function"], row["role"], int(row["weight"])) for row in functions],
        [Rank(row["rank"], row["seniority"], int(row["priority"])) for row in ranks],
    )


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon that ships with Leadline; loaded once per process."""
    functions, ranks = concept_names()
    sections = frozenset(
        {f.name for f in functions} | {f"rank {r.name}" for r in ranks} | {"grammar"}
    )
    grammar: dict[str, set[str]] = {}
    terms: list[tuple[str, str, str]] = []
    for file in _files():
        if not file.name.endswith(".txt"):
            continue
        for form, section, kind in read_terms(
            file.read_text("utf-8").splitlines(), name=file.name, sections=sections
        ):
            if section == "grammar":
                grammar.setdefault(kind, set()).update(normal_words(form))
            else:
                terms.append((form, section, kind))
    return Lexicon(functions, ranks, terms, grammar)
