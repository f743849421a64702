"""Reads the lexicon's text files: one per language, in the format that `docs/lexicon.md` describes."""

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
from leadline.titles.spelling import normal_words

__all__ = [
    "KINDS",
    "Function",
    "LexiconText",
    "Rank",
    "concepts",
    "digest",
    "expand",
    "read_lexicon",
    "read_terms",
]

#: The kinds of evidence for a function, strongest first.
KINDS = ("occupation", "field", "hint")
#: What the words of the section [grammar] do in a title.
GRAMMAR = ("preposition", "conjunction", "article", "at")
_SECTION = re.compile(r"\[(rank )?([a-z_]+)\]")
_GROUP = re.compile(r"\(([^()]*)\)(\?)?")


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


@dataclass(frozen=True)
class LexiconText:
    """What stands in the files: (form, section, kind) for every form, and the grammar's words by kind."""

    terms: list[tuple[str, str, str]]
    grammar: dict[str, set[str]]


def expand(pattern: str) -> Iterator[str]:
    """The forms that a pattern stands for: `leit(er|erin)?` → leiter, leiterin, leit."""
    pieces: list[list[str]] = []
    end = 0
    for group in _GROUP.finditer(pattern):
        pieces.append([pattern[end : group.start()]])
        pieces.append(group[1].split("|") + ([""] if group[2] else []))
        end = group.end()
    pieces.append([pattern[end:]])
    for choice in itertools.product(*pieces):
        yield "".join(choice)


def allowed(section: str) -> tuple[str, ...]:
    """The kinds of terms that a section may list."""
    if section == "grammar":
        return GRAMMAR
    return ("term",) if section.startswith("rank ") else KINDS


def read_terms(
    lines: Iterable[str], *, name: str, sections: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """The forms of one lexicon file as (form, section, kind).

    Raises:
        InputError: an unknown section, or a line outside a section; with file and line.
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
            kind, colon, listed = line.partition(":")
            if not colon or not section:
                raise InputError(f"{name}, line {number}: expected 'kind: terms' inside a section.")
        else:
            listed = line
        if kind not in allowed(section):
            raise InputError(f"{name}, line {number}: '{kind}:' does not belong into [{section}].")
        for term in filter(None, map(str.strip, listed.split(","))):
            for form in expand(term) if "(" in term else (term,):
                yield form, section.removeprefix("rank "), kind


def _files() -> list[Traversable]:
    folder = resources.files("leadline").joinpath("data/lexicon")
    return sorted((f for f in folder.iterdir() if f.name.endswith((".txt", ".tsv"))), key=lambda f: f.name)


def digest() -> str:
    """A hash of all files of the lexicon: what was compiled, and what a model was fitted to."""
    total = hashlib.sha256()
    for file in _files():
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("leadline").joinpath(f"data/lexicon/{name}").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


@lru_cache(maxsize=1)
def concepts() -> tuple[tuple[Function, ...], tuple[Rank, ...]]:
    """All functions and ranks, in the order of their files."""
    functions = (
        Function(row["function"], row["role"], int(row["weight"])) for row in _table("functions.tsv")
    )
    ranks = (Rank(row["rank"], row["seniority"], int(row["priority"])) for row in _table("ranks.tsv"))
    return tuple(functions), tuple(ranks)


def read_lexicon() -> LexiconText:
    """Everything that stands in the lexicon's text files.

    Raises:
        InputError: a file is malformed; with file and line.
    """
    functions, ranks = concepts()
    sections = frozenset({f.name for f in functions} | {f"rank {r.name}" for r in ranks} | {"grammar"})
    text = LexiconText([], {})
    for file in _files():
        if file.name.endswith(".txt"):
            lines = file.read_text("utf-8").splitlines()
            for form, section, kind in read_terms(lines, name=file.name, sections=sections):
                if section == "grammar":
                    word = normal_words(form)
                    if len(word) != 1:
                        raise InputError(f"{file.name}: '{form}' is no single word, as [grammar] needs.")
                    text.grammar.setdefault(kind, set()).update(word)
                else:
                    text.terms.append((form, section, kind))
    return text
