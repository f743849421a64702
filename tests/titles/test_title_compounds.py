"""Words that are written together are understood by their parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.compounds import Compounds
from leadline.titles.understanding import Understanding

KNOWN = {
    "vertrieb",
    "einkauf",
    "leiter",
    "leiterin",
    "verkoop",
    "medewerker",
    "arbeit",
    "schutz",
    "销售",
    "经理",
}
SMALL = Compounds(
    known=KNOWN,
    heads=frozenset({"leiter", "leiterin", "medewerker", "arbeiter"}),
)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("vertriebsleiter", ("vertrieb", "leiter")),  # a linking s
        ("vertriebsleiterin", ("vertrieb", "leiterin")),
        ("einkaufsleiter", ("einkauf", "leiter")),
        ("verkoopmedewerker", ("verkoop", "medewerker")),  # nothing between
        ("arbeitsschutzleiter", ("arbeit", "schutz", "leiter")),  # a compound in a compound
        ("sanierungsarbeiter", ("sanierungs", "arbeiter")),  # a head behind what nobody knows
        ("einkaufstiger", ("einkauf", "stiger")),  # a known part in front of what nobody knows
        ("leiter", ("leiter",)),  # short words are never split
        ("xyzabcdef", ("xyzabcdef",)),
        ("leiter24einkauf", ("leiter24einkauf",)),  # nor what is not all letters
        ("vertreib", ("vertrieb",)),  # two letters swapped
        ("einnkauf", ("einkauf",)),  # a letter too many
        ("leitern", ("leiter",)),  # an ending that nobody listed
        ("bertrieb", ("bertrieb",)),  # a replaced letter is no slip that is mended
    ],
)
def test_a_compound_is_split_with_its_head_last(word: str, parts: tuple[str, ...]) -> None:
    assert SMALL.split(word) == parts


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("销售经理", ("销售", "经理")),
        ("大销售", ("大", "销售")),
        ("销售大经理", ("销售", "大", "经理")),
        ("大人", ("大人",)),
    ],
)
def test_a_run_of_ideographs_is_split_into_the_longest_known_terms(run: str, parts: tuple[str, ...]) -> None:
    assert SMALL.split_run(run) == parts


@given(st.text(st.sampled_from("vertribslkafu"), max_size=30))
def test_splitting_never_fails_and_parts_stand_in_the_word_in_their_order(word: str) -> None:
    parts = SMALL.split(word) if word else ()
    if (
        len(parts) == 1 and parts[0] != word
    ):  # a slip of the finger: one known word of nearly the same letters
        assert parts[0] in KNOWN
        assert len(word) - len(parts[0]) in (0, 1)
        return
    place = 0
    for part in parts:
        place = word.index(part, place) + len(part)
    assert place == len(word)


@given(st.text(st.sampled_from("销售经理大人"), max_size=20))
def test_no_ideograph_is_lost_by_splitting(run: str) -> None:
    assert "".join(SMALL.split_run(run)) == run


@pytest.mark.parametrize(
    ("title", "role", "seniority"),
    [
        ("Vertriebsleiterin", "Sales", "Director"),
        ("Vertriebsleiter", "Sales", "Director"),
        ("Einkaufsleiter", "Purchasing", "Director"),
        ("EINKAUFSLEITERIN", "Purchasing", "Director"),
        ("Marketingleiter", "Marketing", "Director"),
        ("Personalleiterin", "Human Resources", "Director"),
        ("Softwareentwickler", "Engineering", "Mid-level"),
        ("Bilanzbuchhalterin", "Accounting", "Mid-level"),
        ("Geschaeftsfuehrer", "Operations", "CXO"),
        ("verkoopmedewerker", "Sales", "Mid-level"),
        ("inkoopmanager", "Purchasing", "Manager"),
        ("marketingmedewerker", "Marketing", "Mid-level"),
        ("Projektledare", "Program and Project Management", "Manager"),
        ("软件工程师", "Engineering", "Mid-level"),
        ("销售经理", "Sales", "Manager"),
        ("采购总监", "Purchasing", "Director"),
    ],
)
def test_a_compound_has_the_work_of_its_first_part_and_the_level_of_its_head(
    role_and_seniority: Callable[[str], tuple[str, str]], title: str, role: str, seniority: str
) -> None:
    assert role_and_seniority(title) == (role, seniority)


@pytest.mark.parametrize(("word", "seniority"), [("Hausmeister", "Mid-level"), ("Bademeister", "Mid-level")])
def test_a_word_that_only_ends_like_a_rank_has_none(
    role_and_seniority: Callable[[str], tuple[str, str]], word: str, seniority: str
) -> None:
    assert role_and_seniority(word)[1] == seniority


def test_the_lexicon_splits_only_what_it_does_not_know_as_a_whole(understanding: Understanding) -> None:
    split = understanding.lexicon.split
    assert split("vertriebsleiter") == ("vertriebsleiter",)
    assert split("zementvertriebsleiter")[-1] in {"leiter", "vertriebsleiter"}
    assert understanding.lexicon.split("销售") == ("销售",)
