"""An explanation shows how a title was read, which words decided, what came close and who decided."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.classifier import Classifier, Question
from leadline.titles.explain import Explanation, explain_title
from leadline.titles.taxonomy import Taxonomy, parse_taxonomy

Explain = Callable[..., Explanation]

TEAMS = parse_taxonomy(
    """
name: teams
facets:
  - name: team
    fallback: Rest
    labels:
      - {name: Sellers, keywords: [pipeline], examples: [Rainmaker], match: {role: Sales}}
      - {name: Makers, match: {function: software_engineering}}
      - {name: Growers, definition: People who grow plants., examples: [Gardener, Orchardist]}
""",
    source="teams.yml",
)


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Leiterin Einkauf (m/w/d)", "leiterin einkauf"),
        ("VP, Sales & Marketing", "vice president , sales & marketing"),
        ("CEO | Board Member", "ceo | board member"),
        ("Head of the Department", "head of department"),
        ("Sanierungsarbeiter", "sanierungs arbeiter"),
        ("", ""),
        ("🦄", ""),
    ],
)
def test_the_title_is_shown_as_it_was_read(explain: Explain, title: str, read_as: str) -> None:
    assert explain(title).normalised == read_as


def test_each_term_of_the_lexicon_is_shown_with_its_meaning_and_whether_it_counted(explain: Explain) -> None:
    terms = explain("Sales Manager to the Director at Nurse Ltd").terms
    assert {(term.words, term.meaning): term.counted for term in terms} == {
        ("sales manager", "sales (occupation)"): True,
        ("manager", "rank manager"): True,
        ("director", "general_management (hint)"): True,
        ("director", "rank director"): False,  # somebody else's
        ("nurse", "nursing (occupation)"): False,  # a company's name
        ("nurse", "rank employee"): False,
    }


@pytest.mark.parametrize("title", ["Head of Sales and Marketing", "IT Recruiting", "CEO & Co-Founder"])
def test_what_came_close_is_shown_for_the_built_in_labels_too(explain: Explain, title: str) -> None:
    assert explain(title).facets[0].runners_up


@pytest.mark.parametrize(
    ("title", "label", "decided_by", "rule"),
    [
        ("Rainmaker", "Sellers", "rule", "an example"),
        ("Pipeline Keeper", "Sellers", "rule", "a keyword"),
        ("Sales Director", "Sellers", "rule", "match"),
        ("Softwareentwickler", "Makers", "rule", "match"),
        ("Head Gardener", "Growers", "model", ""),
    ],
)
def test_the_layer_and_the_rule_that_decided_are_named(
    explain: Explain, title: str, label: str, decided_by: str, rule: str
) -> None:
    (facet,) = explain(title, TEAMS).facets
    assert (facet.label, facet.decided_by) == (label, decided_by)
    assert rule in facet.rule
    assert bool(rule) == bool(facet.rule)


def test_where_a_model_decided_its_words_and_the_runners_up_are_shown(explain: Explain) -> None:
    (facet,) = explain("Head Gardener", TEAMS).facets
    (strongest, weight), *_ = facet.reasons
    assert "gardener" in strongest or "agriculture" in strongest
    assert weight > 0
    weights = [abs(weight) for _, weight in facet.reasons]
    assert weights == sorted(weights, reverse=True)
    shares = [percent for _, percent in facet.runners_up]
    assert shares == sorted(shares, reverse=True)
    assert "Growers" not in dict(facet.runners_up)
    assert set(dict(facet.runners_up)) <= {"Sellers", "Makers", "Rest"}


def test_where_the_lexicon_knows_nothing_the_spelling_model_is_shown_as_deciding(explain: Explain) -> None:
    decided = {
        title: explain(title).facets[0]
        for title in ("Vertriebsmitarbeitender", "Softwareengineeeer", "blorb")
    }
    for facet in decided.values():
        assert facet.decided_by in {"rule", "model"}
    assert decided["blorb"].label == "Other"


def test_nothing_fits_where_there_is_no_fallback(explain: Explain) -> None:
    only_sales = parse_taxonomy(
        "name: t\nfacets: [{name: f, labels: [{name: S, match: {role: Sales}}]}]", source="t.yml"
    )
    (facet,) = explain("Nurse", only_sales).facets
    assert facet.label == ""


@pytest.mark.parametrize("title", ["CEO & Co-Founder | Board Member", "", "🦄", "Sales" * 500, "<b>x</b>"])
def test_an_explanation_is_plain_values_for_json(
    explain: Explain, default_taxonomy: Taxonomy, title: str
) -> None:
    explanation = explain(title)
    data = json.loads(json.dumps(explanation.as_dict()))
    assert data["title"] == title
    assert [facet["facet"] for facet in data["facets"]] == ["Role", "Seniority"]


@given(title=st.text(max_size=60))
def test_any_title_has_an_explanation_with_labels_of_the_taxonomy(
    title: str, default_taxonomy: Taxonomy
) -> None:
    explanation = explain_title(
        title, Classifier([Question(default_taxonomy, f, None) for f in default_taxonomy.facets])
    )
    for facet, shown in zip(default_taxonomy.facets, explanation.facets, strict=True):
        assert shown.label in facet.label_names
        assert 0 <= shown.confidence <= 100
