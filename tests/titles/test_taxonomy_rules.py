"""What users write down about labels decides: examples, keywords in priority order, match, the fallback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadline.titles.taxonomy import Facet, find_taxonomy

Decide = Callable[..., list[tuple[str | None, int]]]
Make = Callable[[str], Facet]


def labels(text: str, *, fallback: str | None = "Other") -> str:
    """A taxonomy with one facet; `text` is its list of labels."""
    indented = "\n".join(f"      {line}" for line in text.strip("\n").splitlines())
    line = f"    fallback: {fallback}\n" if fallback else ""
    return f"name: t\nfacets:\n  - name: f\n{line}    labels:\n{indented}\n"


KEYWORDS = labels("""
- {name: AI, keywords: [genai, machine learning, R&D, t&s, Vertriebsleiter]}
- {name: Data, keywords: [data, machine]}
- {name: People, match: {role: Human Resources}}
""")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("GenAI Lead", "AI"),
        ("Head of Data", "Data"),
        ("Machine Operator", "Data"),
        ("Machine Learning Engineer", "AI"),
        ("Data Scientist, Machine Learning", "AI"),  # keywords of both: the first label wins
        ("Data & GenAI", "AI"),
        ("Director R&D", "AI"),  # spelled as titles are
        ("Director R&amp;D", "AI"),
        ("T&S", "AI"),
        ("VERTRIEBSLEITER", "AI"),
        ("Database Administrator", "Other"),  # whole words only
        ("Learning Machine", "Data"),  # in their order only
        ("Machine, Learning", "Data"),  # and without a mark between
        ("HR Manager", "People"),
        ("HR Data Manager", "Data"),  # a keyword wins over another label's match
    ],
)
def test_keywords_decide_as_whole_words_and_the_first_label_wins(
    verdicts: Decide, facet_of: Make, title: str, label: str
) -> None:
    assert verdicts(facet_of(KEYWORDS), [title])[0][0] == label


EXAMPLES = labels("""
- {name: Sellers, examples: [Vendor of Things, Data Guru], keywords: [pipeline]}
- {name: Gurus, examples: [data guru, Pipeline Whisperer], keywords: [guru]}
""")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Vendor of Things", "Sellers"),
        ("VENDOR  OF THINGS (m/w/d)", "Sellers"),  # but for spelling the same title
        ("Data Guru", "Sellers"),  # an example of two labels: the first
        ("Data Gurú", "Sellers"),
        ("Pipeline Whisperer", "Gurus"),  # an example wins over another label's keyword
        ("Senior Data Guru", "Gurus"),  # a whole title, not a part of one
    ],
)
def test_an_example_decides_its_own_title_over_every_keyword(
    verdicts: Decide, facet_of: Make, title: str, label: str
) -> None:
    assert verdicts(facet_of(EXAMPLES), [title])[0][0] == label


MATCH = labels("""
- name: Buyers
  match:
    - {role: Purchasing, seniority: [Director, VP, CXO]}
    - {seniority: Owner}
- name: Coders
  match: {function: software_engineering}
- name: Leaders
  match: {rank: [head, lead]}
- name: Bosses
  match: {seniority: [Director, VP, CXO]}
""")


@pytest.mark.parametrize(
    ("title", "label", "why"),
    [
        ("Head of Procurement", "Buyers", "both kinds of the first rule hold"),
        ("Buyer", "Other", "only one of them holds"),
        ("Founder", "Buyers", "the second rule holds"),
        ("Software Engineer", "Coders", "a function"),
        ("Softwareentwicklerin", "Coders", "in any language"),
        ("Head of Software Development", "Coders", "the first label whose rule holds"),
        ("Lead Accountant", "Leaders", "a rank"),
        ("Head of Finance", "Leaders", "one of several ranks"),
        ("Leiter Einkauf", "Buyers", "in any language"),
        ("Finance Director", "Bosses", "one of several levels"),
        ("Accountant", "Other", "no rule holds"),
    ],
)
def test_the_first_label_whose_match_holds_is_given(
    verdicts: Decide, facet_of: Make, title: str, label: str, why: str
) -> None:
    assert verdicts(facet_of(MATCH), [title])[0][0] == label, why


ROLES = labels("""
- {name: Buyers, match: [{role: Purchasing, seniority: [Director, VP, CXO]}, {seniority: Owner}]}
- {name: Bosses, match: {seniority: [Director, VP, CXO]}}
- {name: Money, match: {role: [Finance, Purchasing]}}
""")
#: The same, with a rule that never holds and speaks of more than roles and seniorities.
ROLES_AND_MORE = ROLES.replace(
    "name: Money, match: {role", "name: Money, match: [{rank: none, function: tax, role: Sales}, {role"
).replace("[Finance, Purchasing]}", "[Finance, Purchasing]}]")


@pytest.mark.parametrize("text", [ROLES, ROLES_AND_MORE], ids=["roles and seniorities", "and more"])
def test_the_first_label_wins_whatever_its_rules_speak_of(
    verdicts: Decide, facet_of: Make, text: str
) -> None:
    wanted = {
        "Head of Procurement": "Buyers",
        "Founder": "Buyers",
        "Finance Director": "Bosses",
        "Sales Director": "Bosses",
        "Buyer": "Money",
        "Financial Analyst": "Money",
        "Nurse": "Other",
    }
    given = verdicts(facet_of(text), list(wanted))
    assert {title: label for title, (label, _) in zip(wanted, given, strict=True)} == wanted


def test_without_a_fallback_a_title_that_fits_nothing_gets_no_label(verdicts: Decide, facet_of: Make) -> None:
    facet = facet_of(labels("- {name: Sellers, match: {role: Sales}, keywords: [shop]}", fallback=None))
    titles = ["Sales Director", "Shop Assistant", "Nurse", "blorb"]
    assert [label for label, _ in verdicts(facet, titles)] == ["Sellers", "Sellers", None, None]


def test_the_fallback_may_be_one_of_the_labels(verdicts: Decide, facet_of: Make) -> None:
    text = "- {name: Rest, keywords: [rest]}\n- {name: Sellers, match: {role: Sales}}"
    facet = facet_of(labels(text, fallback="Rest"))
    assert facet.label_names == ("Rest", "Sellers")
    assert [label for label, _ in verdicts(facet, ["Nurse", "Seller", "Rest"])] == ["Rest", "Sellers", "Rest"]


PROSE = labels("""
- name: Growers
  definition: People who grow plants in gardens, orchards and greenhouses.
  examples: [Gardener, Orchardist]
- name: Bakers
  definition: People who bake bread and cakes.
  examples: [Pastry Baker, Cake Decorator]
""")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Head Gardener", "Growers"),
        ("Greenhouse Gardener", "Growers"),
        ("Master Baker", "Bakers"),
        ("Cake Baker", "Bakers"),
        ("Tax Lawyer", "Other"),
        ("blorb", "Other"),
    ],
)
def test_names_examples_and_definitions_alone_tell_labels_apart(
    verdicts: Decide, facet_of: Make, title: str, label: str
) -> None:
    ((given, confidence),) = verdicts(facet_of(PROSE), [title])
    assert given == label
    assert confidence <= 80, "what was never measured is never very sure"


PERSONAS = [
    ("CEO", "Executive Sponsor"),
    ("Founder & CEO", "Executive Sponsor"),
    ("Geschäftsführer", "Executive Sponsor"),
    ("CIO", "Executive Sponsor"),
    ("Kafka Engineer", "Real-time Specialist"),
    ("IoT Engineer", "Real-time Specialist"),
    ("Data Product Manager", "Data Product Manager/Owner"),
    ("Product Owner", "Data Product Manager/Owner"),
    ("VP of Engineering", "Economic Buyer"),
    ("IT Director", "Economic Buyer"),
    ("Head of Procurement", "Economic Buyer"),
    ("Leiter Einkauf", "Economic Buyer"),
    ("Solution Architect", "Technical Decision Maker"),
    ("Engineering Manager", "Technical Decision Maker"),
    ("Tech Lead", "Technical Decision Maker"),
    ("IT Manager", "Technical Decision Maker"),
    ("DevOps Engineer", "Operator/Systems Administrator"),
    ("System Administrator", "Operator/Systems Administrator"),
    ("Systemadministrator (m/w/d)", "Operator/Systems Administrator"),
    ("Software Engineer", "Application Developer"),
    ("Développeur web", "Application Developer"),
    ("Data Scientist", "Data User"),
    ("Data Analyst", "Data User"),
    ("Nurse", "Not a target"),
    ("Teacher", "Not a target"),
    ("Lawyer", "Not a target"),
    ("Sales Representative", "Not a target"),
    ("Accountant", "Not a target"),
    ("Marketing Manager", "Not a target"),  # "manager" stands in a label's name, and says nothing
    ("HR Manager", "Not a target"),
    ("T&S Manager", "Not a target"),
]
SEGMENTS = [
    ("AI Engineer", "GenAI"),
    ("Head of Machine Learning", "GenAI"),
    ("Chief AI Officer", "GenAI"),
    ("Software Engineer", "Engineering"),
    ("CTO", "Engineering"),
    ("CIO", "Engineering"),
    ("Ingénieur logiciel", "Engineering"),
    ("Product Manager", "Product"),
    ("Chief Product Officer", "Product"),
    ("Product Designer", "Product"),
    ("T&S Manager", "Trust & Safety"),
    ("Trust &amp; Safety Specialist", "Trust & Safety"),
    ("Content Moderator", "Trust & Safety"),
    ("General Counsel", "Legal & Compliance"),
    ("Rechtsanwältin", "Legal & Compliance"),
    ("Compliance Officer", "Legal & Compliance"),
    ("CEO", "Executive"),
    ("COO", "Executive"),
    ("Owner", "Executive"),
    ("Nurse", "Other"),
    ("Sales Manager", "Other"),
    ("Marketing Director", "Other"),
    ("Accountant", "Other"),
]


@pytest.mark.parametrize(
    ("taxonomy", "title", "label"),
    [
        *(("personas", *case) for case in PERSONAS),
        *(("segments", *case) for case in SEGMENTS),
    ],
)
def test_an_obvious_title_gets_the_obvious_label(
    verdicts: Decide, tmp_path: Path, taxonomy: str, title: str, label: str
) -> None:
    (facet,) = find_taxonomy(taxonomy, workspace=tmp_path).facets
    assert verdicts(facet, [title])[0][0] == label


@pytest.mark.parametrize("taxonomy", ["default", "personas", "segments"])
def test_every_example_of_a_built_in_taxonomy_gets_its_own_label(
    verdicts: Decide, tmp_path: Path, taxonomy: str
) -> None:
    for facet in find_taxonomy(taxonomy, workspace=tmp_path).facets:
        wanted = [(text, label.name) for label in facet.labels for text in label.examples]
        given = verdicts(facet, [text for text, _ in wanted])
        assert [(text, label) for (text, _), (label, _) in zip(wanted, given, strict=True)] == wanted


TITLES = [
    "CEO",
    "Nurse",
    "blorb",
    "Data Guru",
    "Head of Sales",
    "销售经理",
    "🦄",
    "",
    "x" * 500,
    "1234",
    "& | /",
    "a@b.c",
]


@pytest.mark.parametrize("text", [KEYWORDS, EXAMPLES, MATCH, PROSE])
def test_every_label_is_one_of_the_taxonomys_and_every_confidence_is_between_0_and_100(
    verdicts: Decide, facet_of: Make, text: str
) -> None:
    facet = facet_of(text)
    for label, confidence in verdicts(facet, TITLES):
        assert label in facet.label_names
        assert 0 <= confidence <= 100
