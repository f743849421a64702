"""The lexicon is text that people write: patterns mean what `docs/lexicon.md` says, files are sound."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.core.errors import InputError
from leadline.titles.lexicontext import KINDS, concepts, expand, read_lexicon, read_terms
from leadline.titles.spelling import normal_words
from leadline.titles.taxonomy import Taxonomy
from leadline.titles.understanding import Understanding

FOLDER = resources.files("leadline").joinpath("data/lexicon")
FILES = sorted((f for f in FOLDER.iterdir() if f.name.endswith(".txt")), key=lambda f: f.name)
FUNCTIONS, RANKS = concepts()
SECTIONS = frozenset({f.name for f in FUNCTIONS} | {f"rank {r.name}" for r in RANKS} | {"grammar"})
GRAMMAR = {"preposition", "conjunction", "article", "at"}

#: Words so common in their language that as a word for some work they would be found everywhere.
FUNCTION_WORDS = {
    "en": (
        "a an and are as at be by for from has have i in is it its my no not of on or our so that the "
        "their this to us was we who will with you your"
    ),
    "de": (
        "aber als am an auch auf aus bei beim das dem den der des die ein eine einem einen einer für ich "
        "ihr im in ist mit nach nicht oder sich sie sind so über um und uns unter vom von vor wir wird zu "
        "zum zur"
    ),
    "fr": (
        "à au aux avec ce ces chez dans de des du elle en est et il je la le les leur mais ne nos notre "
        "nous ou où par pas pour qui sa se ses son sur un une vous"
    ),
    "es": (
        "a al como con de del desde donde el ella en entre es esta este la las lo los más me mi muy no "
        "nos o para pero por que se si sin sobre su sus un una y ya yo"
    ),
    "pt": (
        "a ao aos as com como da das de do dos e ela ele em entre eu foi mas me meu muito na nas no nos o "
        "os ou para pela pelo por que se sem seu sua um uma"
    ),
    "it": (
        "a ai al alla anche che chi ci con da dai dal dalla dei del della di e gli ho i il in io la le lo "
        "ma mi nei nel nella non o per più se si sono su sul un una"
    ),
    "nl": (
        "aan als bij dat de die dit door een en er het hij ik in is maar met mijn naar niet of om onder "
        "ons onze ook op over te ten ter tot u uit van voor was wat we wij wordt ze zich zijn"
    ),
}

#: Small words that are an abbreviation in titles far more often than themselves.
ABBREVIATIONS = {"en": {"it"}}


@pytest.mark.parametrize(
    ("pattern", "forms"),
    [
        ("leiter", ["leiter"]),
        ("leit(er|erin)", ["leiter", "leiterin"]),
        ("leit(er|erin)?", ["leit", "leiter", "leiterin"]),
        ("(m|n)a(x|y)", ["max", "may", "nax", "nay"]),
        (
            "chef(fe)? (de|du) projet",
            ["chef de projet", "chef du projet", "cheffe de projet", "cheffe du projet"],
        ),
        ("(sr|)engineer", ["engineer", "srengineer"]),
        ("odd)bracket(", ["odd)bracket("]),
        ("", [""]),
    ],
)
def test_a_pattern_stands_for_its_forms(pattern: str, forms: list[str]) -> None:
    assert sorted(expand(pattern)) == forms


@given(st.text(st.sampled_from("ab(|)? "), max_size=12))
def test_any_pattern_gives_at_least_one_form_and_no_fewer_than_its_choices(pattern: str) -> None:
    forms = list(expand(pattern))
    assert forms
    if "(" not in pattern or ")" not in pattern:
        assert forms == [pattern]
    assert len(max(forms, key=len)) <= len(pattern)


def test_a_file_is_read_as_forms_with_their_section_and_kind() -> None:
    text = """
    # a comment
[sales]
occupation: seller, sales(man|woman),
  sales person
field: sales

[rank head]
term: head of
"""
    assert list(read_terms(text.splitlines(), name="xx.txt", sections=SECTIONS)) == [
        ("seller", "sales", "occupation"),
        ("salesman", "sales", "occupation"),
        ("saleswoman", "sales", "occupation"),
        ("sales person", "sales", "occupation"),
        ("sales", "sales", "field"),
        ("head of", "head", "term"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[slaes]\noccupation: seller", "line 1: there is no section [slaes]"),
        ("[sales]\n\nseller, salesman", "line 3: expected 'kind: terms'"),
        ("occupation: seller", "line 1: expected 'kind: terms' inside a section"),
        ("[rank boss]", "line 1: there is no section [rank boss]"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(text: str, line: str) -> None:
    with pytest.raises(InputError, match="xx.txt") as caught:
        list(read_terms(text.splitlines(), name="xx.txt", sections=SECTIONS))
    assert line in str(caught.value)


def content(file: Traversable) -> Iterator[tuple[int, str]]:
    """The lines of a file that are no comments, with their numbers."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
class TestEachFile:
    def test_is_written_in_lower_case(self, file: Traversable) -> None:
        assert not [f"line {number}: {line}" for number, line in content(file) if line != line.lower()]

    def test_has_no_comma_too_many_and_closes_its_brackets(self, file: Traversable) -> None:
        def broken(line: str) -> bool:
            (first, *more) = (
                entry.strip() for entry in line.partition(":" if line[0].strip() else " ")[2].split(",")
            )
            return (
                "" in more[:-1] or (first == "" and line[0].isspace()) or line.count("(") != line.count(")")
            )

        lines = [(number, line) for number, line in content(file) if not line.startswith("[")]
        assert not [f"line {number}: {line}" for number, line in lines if broken(line)]

    def test_has_only_known_sections_and_kinds_and_no_form_without_a_word(self, file: Traversable) -> None:
        lines = file.read_text("utf-8").splitlines()
        for form, section, kind in read_terms(lines, name=file.name, sections=SECTIONS):
            kinds = (
                GRAMMAR
                if section == "grammar"
                else {"term"}
                if section in {r.name for r in RANKS}
                else set(KINDS)
            )
            assert kind in kinds, (form, section, kind)
            assert any(sign.isalnum() for sign in form) or section == "grammar", (form, section, kind)


def test_every_function_and_every_rank_has_words_in_each_of_seven_languages() -> None:
    borrowed = {"de": {"[rank associate]"}}  # Germans write the English word
    languages = {"en": ("en.txt", "en-occupations.txt")} | {
        code: (f"{code}.txt",) for code in ("de", "fr", "es", "pt", "it", "nl")
    }
    for code, names in languages.items():
        opened = {
            line for file in FILES if file.name in names for _, line in content(file) if line.startswith("[")
        }
        missing = {f"[{section}]" for section in SECTIONS} - opened - borrowed.get(code, set())
        assert not missing, f"{code}: {sorted(missing)}"


def test_the_tables_of_functions_and_ranks_speak_of_the_default_taxonomy(default_taxonomy: Taxonomy) -> None:
    role, seniority = default_taxonomy.facets
    assert {f.role for f in FUNCTIONS} == set(role.label_names)
    assert {r.seniority for r in RANKS} == set(seniority.label_names)
    assert len({f.name for f in FUNCTIONS}) == len(FUNCTIONS)
    assert len({r.name for r in RANKS}) == len(RANKS)
    assert len({r.priority for r in RANKS}) == len(RANKS), (
        "two ranks of one priority: neither would win by right"
    )


def test_the_words_of_grammar_are_single_words() -> None:
    grammar = read_lexicon().grammar
    assert set(grammar) == GRAMMAR
    assert all(len(normal_words(word)) == 1 and word for words in grammar.values() for word in words)


def test_the_table_of_abbreviations_is_read_as_it_stands() -> None:
    with FOLDER.joinpath("abbreviations.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        words = tuple(row["words"].split())
        assert normal_words(row["short"]) == words
        assert normal_words(row["short"].upper()) == words
        assert tuple(again for word in words for again in normal_words(word)) == words, (
            "an abbreviation of another"
        )
    assert len({row["short"] for row in rows}) == len(rows)


@pytest.mark.parametrize("language", FUNCTION_WORDS)
def test_no_single_word_for_some_work_is_a_common_function_word(
    understanding: Understanding, language: str
) -> None:
    lexicon = understanding.lexicon
    common = {word for typed in FUNCTION_WORDS[language].split() for word in normal_words(typed)}
    common -= ABBREVIATIONS.get(language, set())
    common |= lexicon.prepositions | lexicon.conjunctions | lexicon.articles | lexicon.at
    found = {
        lexicon.words[term[0]]: [(function.name, kind) for function, kind in lexicon.meanings_of(number)]
        for number, term in enumerate(lexicon.function_terms)
        if len(term) == 1 and lexicon.words[term[0]] in common
    }
    assert not {word: m for word, m in found.items() if any(kind in ("occupation", "field") for _, kind in m)}


def test_no_term_is_made_of_nothing_but_signs_and_small_words(understanding: Understanding) -> None:
    lexicon = understanding.lexicon
    small = lexicon.prepositions | lexicon.conjunctions | lexicon.articles | lexicon.at
    for term in (*lexicon.function_terms, *lexicon.rank_terms):
        words = [lexicon.words[symbol] for symbol in term]
        assert any(word[0].isalnum() and (word not in small or len(word) <= 2) for word in words), words


def test_lists_of_terms_lie_one_after_the_other(understanding: Understanding) -> None:
    lexicon = understanding.lexicon
    edges = lexicon.meanings.start.tolist()
    assert all(before < after for before, after in pairwise(edges)), "a term without a meaning"
    assert len(edges) == len(list(lexicon.function_terms)) + 1
    assert len(lexicon.rank_of_term) == len(list(lexicon.rank_terms))
