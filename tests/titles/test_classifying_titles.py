"""`leadline.classify`: a row per title, in order, the same whatever company a title is in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import leadline
from leadline.core.errors import InputError, TaxonomyError
from leadline.titles.classifier import Classifier, Question, questions
from leadline.titles.reference import Reference
from leadline.titles.taxonomy import Taxonomy, parse_taxonomy
from leadline.titles.understanding import Understanding
from leadline.titles.verdicts import FITS_NO_LABEL, NO_TITLE, NOT_SURE, ClassifyTitles

MIXED = [
    "VP of Sales",
    "Ingénieur logiciel senior",
    "Leiterin Einkauf (m/w/d)",
    "jefe de ventas",
    "销售经理",
    "CEO & Co-Founder | Board Member",
    "Assistant to the CEO",
    "superintendant",
    "Sanierungsarbeiter",
    "blorb frob",
    "🦄",
    "",
    "n/a",
    None,
    "1234",
    "=HYPERLINK(1)",
    "<b>Nurse</b>",
    "Sales",
    "at Acme",
    "of",
    "|",
    "&",
    "T&amp;S",
    "Manager\nSales",
    "a" * 400,
    "Softwareentwickler",
    "Vertriebler",
    "Kafka Engineer",
]
WORDS = [
    "head",
    "of",
    "sales",
    "|",
    "&",
    ",",
    "at",
    "senior",
    "manager",
    "ceo",
    "assistant",
    "to",
    "der",
    "leiter",
]
TITLES = st.lists(
    st.sampled_from(MIXED)
    | st.text(max_size=20)
    | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
    max_size=12,
)


def test_a_table_has_a_row_per_title_and_three_columns_per_facet() -> None:
    table = leadline.classify(["VP of Sales", "Ingénieur logiciel senior"], taxonomy="default")
    assert table.columns == [
        "Title",
        "Role",
        "Role Confidence",
        "Role Decided By",
        "Seniority",
        "Seniority Confidence",
        "Seniority Decided By",
        "Skip Reason",
    ]
    assert table["Title"].to_list() == ["VP of Sales", "Ingénieur logiciel senior"]
    assert table["Role"].to_list() == ["Sales", "Engineering"]
    assert table["Seniority"].to_list() == ["VP", "Senior"]
    assert table["Skip Reason"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("taxonomy", "columns"),
    [
        ("personas", ["Persona", "Persona Certainty", "Persona Decided By"]),
        ("segments", ["Persona Segment", "Confidence Score", "Persona Segment Decided By"]),
    ],
)
def test_columns_are_named_as_the_taxonomy_says(taxonomy: str, columns: list[str]) -> None:
    assert leadline.classify(["CEO"], taxonomy=taxonomy).columns == ["Title", *columns, "Skip Reason"]


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        " ",
        "\t\n",
        "1234",
        "---",
        "...",
        "🦄",
        "n/a",
        "N/A",
        "N.A.",
        "none",
        "NULL",
        "unknown",
        "k.A.",
        "keine Angabe",
        "tbd",
        "xxx",
        "+49 30 1234",
        "(?)",
    ],
)
def test_what_is_no_title_is_skipped_with_a_reason_and_gets_no_label(title: str | None) -> None:
    (row,) = leadline.classify([title]).rows(named=True)
    assert row.pop("Title") == title
    assert row.pop("Skip Reason") == NO_TITLE
    assert set(row.values()) == {None}


@pytest.mark.parametrize(
    "title",
    ["Na Marketing", "None of your business manager", "X", "工", "Unknown Artist", "nil desperandum officer"],
)
def test_what_only_looks_like_no_title_is_classified(title: str) -> None:
    assert leadline.classify([title])["Skip Reason"].to_list() == [None]


def test_no_titles_give_a_table_without_rows() -> None:
    table = leadline.classify([])
    assert table.height == 0
    assert table.columns == leadline.classify(["CEO"]).columns


@pytest.mark.parametrize("taxonomy", ["nobody", "nowhere.yml"])
def test_a_taxonomy_that_is_not_there_is_an_input_error(taxonomy: str) -> None:
    with pytest.raises(TaxonomyError, match=taxonomy):
        leadline.classify(["CEO"], taxonomy=taxonomy)
    with pytest.raises(InputError, match="There is no model 'nobody'"):
        leadline.classify(["CEO"], model="nobody")


def step(taxonomy: Taxonomy, understanding: Understanding, **options: object) -> ClassifyTitles:
    classifier = Classifier([Question(taxonomy, facet, None) for facet in taxonomy.facets], understanding)
    return ClassifyTitles("T", classifier.deciders, understanding=understanding, **options)  # type: ignore[arg-type]


ONLY_SALES = parse_taxonomy(
    "name: t\nfacets: [{name: f, labels: [{name: S, match: {role: Sales}}]}]", source="t.yml"
)


def test_a_title_that_fits_no_label_or_is_not_sure_enough_is_skipped_with_that_reason(
    understanding: Understanding,
) -> None:
    titles = pl.DataFrame({"T": ["Sales Director", "Nurse", "", "VP, Sales"]})
    reasons = step(ONLY_SALES, understanding).compute(titles)["skip_reason"].to_list()
    assert reasons == [None, FITS_NO_LABEL, NO_TITLE, None]
    picky = step(ONLY_SALES, understanding, min_confidence=100).compute(titles)
    assert picky["skip_reason"].to_list() == [NOT_SURE, FITS_NO_LABEL, NO_TITLE, NOT_SURE]
    assert picky["F"].to_list() == [None] * 4


def test_the_reference_table_is_applied_before_anything_else(understanding: Understanding) -> None:
    reference = Reference([("GTM", "Sales"), ("boss", "n/a")])
    verdicts = step(ONLY_SALES, understanding, reference=reference).compute(
        pl.DataFrame({"T": ["Head of GTM", "Boss"]})
    )
    assert verdicts["F"].to_list() == ["S", None]
    assert verdicts["skip_reason"].to_list() == [None, NO_TITLE]


@given(TITLES)
def test_every_label_is_one_of_the_taxonomys_and_every_row_is_labelled_or_skipped(
    titles: list[str | None],
) -> None:
    table = leadline.classify(titles)
    assert table["Title"].to_list() == titles
    for row in table.rows(named=True):
        labelled = row["Role"] is not None and row["Seniority"] is not None
        assert labelled != (row["Skip Reason"] is not None)
        for column in ("Role Confidence", "Seniority Confidence"):
            assert row[column] is None if not labelled else 0 <= row[column] <= 100


@pytest.mark.parametrize("taxonomy", ["default", "personas", "segments"])
@given(titles=TITLES, cut=st.integers(0, 12))
def test_a_verdict_does_not_depend_on_the_titles_beside_it(
    taxonomy: str, titles: list[str | None], cut: int
) -> None:
    together = leadline.classify(titles, taxonomy=taxonomy)
    parts = [leadline.classify(part, taxonomy=taxonomy) for part in (titles[:cut], titles[cut:])]
    assert together.equals(pl.concat(parts))


def test_a_verdict_does_not_depend_on_where_a_chunk_ends(
    understanding: Understanding, default_taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = pl.DataFrame({"T": [title for title in MIXED for _ in range(3)]}, schema={"T": pl.String})
    classify = step(default_taxonomy, understanding)
    whole = classify.compute(titles)
    for size in (1, 2, 7, titles.height - 1):
        monkeypatch.setattr("leadline.titles.verdicts.CHUNK_TITLES", size)
        assert classify.compute(titles).equals(whole), size


def shuffled_is_the_same(understanding: Understanding, taxonomy: Taxonomy, *, filler: int) -> bool:
    """Whether shuffled titles, with `filler` unknown words read before each time, get the same verdicts."""
    choose = np.random.default_rng(3)
    titles = [title or "" for title in MIXED]
    wanted = step(taxonomy, understanding).compute(pl.DataFrame({"T": titles}))
    fresh = Understanding(understanding.lexicon, understanding._builtin)  # noqa: SLF001 - the tables that ship
    classify = step(taxonomy, fresh)
    same = classify.compute(pl.DataFrame({"T": titles})).equals(wanted)
    for round_ in range(4):
        classify.compute(
            pl.DataFrame({"T": [f"{round_}w{n}" for n in range(filler)]}, schema={"T": pl.String})
        )
        order = choose.permutation(len(titles)).tolist()
        shuffled = classify.compute(pl.DataFrame({"T": [titles[i] for i in order]}))
        same = same and shuffled.equals(wanted[order])
    return same


def test_a_verdict_does_not_depend_on_what_was_read_before(
    understanding: Understanding, default_taxonomy: Taxonomy
) -> None:
    assert shuffled_is_the_same(understanding, default_taxonomy, filler=50)


def test_a_vocabulary_that_starts_anew_between_two_batches_changes_nothing(
    understanding: Understanding, default_taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.titles.analysis.MAX_CHUNKS", 300)
    assert shuffled_is_the_same(understanding, default_taxonomy, filler=400)


def test_a_vocabulary_that_is_full_within_a_batch_changes_nothing(
    understanding: Understanding, default_taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.titles.analysis.MAX_CHUNKS", 5)
    assert shuffled_is_the_same(understanding, default_taxonomy, filler=0)


def test_the_built_in_taxonomies_are_asked_for_by_name_alone(tmp_path: Path) -> None:
    from leadline.core.workspace import Workspace

    asked = questions(["default", "personas", "segments"], model=None, workspace=Workspace(tmp_path))
    assert [question.facet.column for question in asked] == [
        "Role",
        "Seniority",
        "Persona",
        "Persona Segment",
    ]
    assert [
        question.facet.column for question in questions([], model=None, workspace=Workspace(tmp_path))
    ] == ["Role", "Seniority"]
