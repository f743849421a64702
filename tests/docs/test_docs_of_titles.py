"""docs/lexicon.md and docs/taxonomies.md say what the code does with words and labels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_pages import ROOT, blocks, first_cells, page, section

from leadline.titles import evidence, facets, lexicontext
from leadline.titles.analysis import TITLE_CHARS
from leadline.titles.lexicontext import concepts, read_terms
from leadline.titles.taxonomy import Facet, Label, Match, Taxonomy, builtin_taxonomies, parse_taxonomy

LEXICON = page("docs/lexicon.md")
TAXONOMIES = page("docs/taxonomies.md")


def test_the_table_of_functions_is_the_lexicon_s() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (\d+) \|", section(LEXICON, "## Functions"), re.MULTILINE)
    found = [(name, role, int(weight)) for name, role, weight in rows]
    expected = [(one.name, one.role, one.occupation_weight) for one in concepts()[0]]
    assert found == expected, "Run scripts/lexicon_tables.py."


def test_the_table_of_ranks_is_the_lexicon_s() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| (\d+) \|", section(LEXICON, "## Ranks"), re.MULTILINE)
    found = [(name, seniority, int(priority)) for name, seniority, priority in rows]
    assert found == [(one.name, one.seniority, one.priority) for one in concepts()[1]], (
        "Run scripts/lexicon_tables.py."
    )


def test_the_pages_name_every_language_of_the_lexicon() -> None:
    folder = ROOT / "src/leadline/data/lexicon"
    languages = {file.stem.partition("-")[0] for file in folder.glob("*.txt")}
    (listed,) = re.findall(r"in fourteen languages: ([^.]+)\.", LEXICON)
    assert len(re.split(r", | and ", listed)) == len(languages) == 14
    assert "in fourteen languages" in page("README.md")


def test_the_weights_of_evidence_are_the_code_s() -> None:
    reading = section(LEXICON, "## How a title is read")
    for what in (
        f"The first {TITLE_CHARS} characters",
        f"| {evidence.FIELD_WEIGHT} |",
        f"| {evidence.HINT_WEIGHT} |",
        f"each word before it, up to {evidence.MAX_BONUS_WORDS} | +{evidence.POSITION_BONUS}:",
        f"each further word of the term, up to {evidence.MAX_BONUS_WORDS} | +{evidence.LENGTH_BONUS}:",
        f"up to {evidence.MAX_PARTS} | −{evidence.PART_PENALTY}:",
        f"From priority {evidence.OTHERS_RANK_PRIORITY} up",
    ):
        assert what in reading


def test_the_kinds_of_evidence_are_the_code_s() -> None:
    reading = section(LEXICON, "## How a title is read")
    assert re.findall(r"\| an? `(\w+)`:", reading) == list(lexicontext.KINDS)


def test_the_example_of_the_format_can_be_read() -> None:
    (example,) = blocks(LEXICON, "text")
    sections = frozenset({"purchasing", "rank head", "grammar"})
    terms = list(read_terms(example.splitlines(), name="example", sections=sections))
    assert ("buyers", "purchasing", "occupation") in terms
    assert ("procurement officer", "purchasing", "occupation") in terms
    assert ("deputy head", "head", "term") in terms
    assert ("@", "grammar", "at") in terms


@pytest.mark.parametrize(
    ("opening", "model"),
    [
        ("A taxonomy has:", Taxonomy),
        ("A facet has:", Facet),
        ("A label has:", Label),
        ("A rule of `match` has:", Match),
    ],
)
def test_the_keys_of_a_taxonomy_are_all_documented(opening: str, model: type[Taxonomy]) -> None:
    table = section(TAXONOMIES, "## Every key").split(opening, 1)[1].split("\n\n", 2)[1]
    assert [cell.strip("`") for cell in first_cells(table)] == list(model.model_fields)


def test_every_built_in_taxonomy_is_documented() -> None:
    names = [cell.strip("`") for cell in first_cells(section(TAXONOMIES, "## What is built in"))]
    assert sorted(names) == builtin_taxonomies()


def test_the_confidences_of_rules_are_the_code_s() -> None:
    rows = section(TAXONOMIES, "## Who decides")
    assert f"`rule` | {facets.EXAMPLE_CONFIDENCE} |" in rows
    assert f"`rule` | {facets.KEYWORD_CONFIDENCE} |" in rows
    assert f"at most {facets.UNTRAINED_CONFIDENCE}," in rows


@pytest.mark.parametrize("number", range(len(blocks(TAXONOMIES, "yaml"))))
def test_a_taxonomy_on_the_page_is_in_order(number: int, workspace: Path) -> None:
    taxonomy = parse_taxonomy(blocks(TAXONOMIES, "yaml")[number], source="docs/taxonomies.md")
    assert taxonomy.facet("persona").label("Buyer").match
