"""A model learns from any list, says how good it is, and carries over to titles that the list never saw."""

from __future__ import annotations

import pickletools
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leadline.titles.modelfile import load_model, save_model
from leadline.titles.taxonomy import Facet
from leadline.titles.train import Trained, train_facet
from leadline.titles.understanding import Understanding

Decide = Callable[..., list[tuple[str | None, int]]]
Make = Callable[[str], Facet]

TEAMS = "name: t\nfacets:\n - {name: team, fallback: Rest, labels: [Sellers, Makers, Helpers]}"
WORDS = {
    "Sellers": [
        "Sales Manager",
        "Sales Representative",
        "Account Executive",
        "Verkäufer",
        "Vertriebsleiter",
        "Key Account Manager",
        "Sales Director",
        "Commercial Agent",
    ],
    "Makers": [
        "Software Engineer",
        "Developer",
        "Programmer",
        "Softwareentwickler",
        "Backend Developer",
        "Frontend Engineer",
        "Java Developer",
        "Web Developer",
    ],
    "Rest": [
        "Nurse",
        "Teacher",
        "Lawyer",
        "Cook",
        "Accountant",
        "Krankenschwester",
        "Lehrer",
        "Police Officer",
    ],
}
LEVELS = ["", "Senior ", "Junior ", "Lead ", "Deputy ", "Group ", "Regional ", "International "]


def small_list() -> tuple[pl.Series, pl.Series]:
    """192 titles; no Helper among them."""
    pairs = [
        (f"{level}{word}", label) for label, words in WORDS.items() for word in words for level in LEVELS
    ]
    return pl.Series([title for title, _ in pairs]), pl.Series([label for _, label in pairs])


@pytest.fixture(scope="session")
def teams() -> Facet:
    from leadline.titles.taxonomy import parse_taxonomy

    (facet,) = parse_taxonomy(TEAMS, source="teams.yml").facets
    return facet


@pytest.fixture
def few_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the lexicon to learn from: enough where the list is what matters, and quick."""
    monkeypatch.setattr("leadline.titles.train.MAX_FUNCTION_TERMS", 12)
    monkeypatch.setattr("leadline.titles.train.MAX_RANK_TERMS", 10)


@pytest.fixture(scope="session")
def trained(teams: Facet, understanding: Understanding) -> Trained:
    return train_facet(teams, *small_list(), understanding)


def test_titles_of_the_list_and_of_other_languages_get_their_label(
    trained: Trained, teams: Facet, verdicts: Decide
) -> None:
    titles = {
        "Senior Sales Manager": "Sellers",
        "Developer": "Makers",
        "Teacher": "Rest",
        "responsable commercial": "Sellers",  # not a word of the list in these
        "vendedora": "Sellers",
        "Programador": "Makers",
        "Infermiera": "Rest",
        "advocaat": "Rest",
    }
    given = verdicts(teams, list(titles), trained.trained)
    assert {title: label for title, (label, _) in zip(titles, given, strict=True)} == titles


def test_the_figures_are_those_of_titles_that_the_model_had_not_seen(trained: Trained) -> None:
    assert trained.examples == 192
    assert trained.scores.rows == 192
    assert 0.5 < trained.scores.accuracy <= 1
    assert [one.label for one in trained.scores.per_label] == ["Sellers", "Makers", "Helpers", "Rest"]
    assert [one.support for one in trained.scores.per_label] == [64, 64, 0, 64]


def nonsense(words: int, each: int) -> list[str]:
    """Titles of words that no lexicon knows, each word in several titles."""
    letters = np.random.default_rng(5).choice(list("bcdfghjklmnpqrstvwxz"), (words, 6))
    return ["".join(word) + f" {n}{n}" for word in letters for n in range(each)]


@pytest.mark.usefixtures("few_terms")
def test_what_only_the_list_knows_is_learned_from_the_rest_of_the_list(
    teams: Facet, understanding: Understanding
) -> None:
    titles = nonsense(words=12, each=16)
    labels = [("Sellers", "Makers", "Rest")[n // 16 % 3] for n in range(len(titles))]
    assert train_facet(teams, pl.Series(titles), pl.Series(labels), understanding).scores.accuracy > 0.95


@pytest.mark.usefixtures("few_terms")
def test_what_cannot_be_known_is_not_claimed(
    teams: Facet, understanding: Understanding, verdicts: Decide
) -> None:
    """Labels by chance: a model that was measured on titles that it had seen would have them all right."""
    titles = nonsense(words=300, each=1)
    chance = np.random.default_rng(6).integers(2, size=len(titles))
    taught = train_facet(
        teams, pl.Series(titles), pl.Series(np.array(["Sellers", "Makers"])[chance]), understanding
    )
    assert 0.35 < taught.scores.accuracy < 0.65
    fresh = [title[::-1] for title in titles]
    assert np.mean([confidence for _, confidence in verdicts(teams, fresh, taught.trained)]) < 65


def test_a_label_that_never_occurs_costs_nothing_and_is_never_given(
    trained: Trained, teams: Facet, verdicts: Decide
) -> None:
    titles = [*WORDS["Sellers"], *WORDS["Makers"], *WORDS["Rest"], "Helper", "blorb", ""]
    assert "Helpers" not in {label for label, _ in verdicts(teams, titles, trained.trained)}


def test_confidence_never_falls_with_the_share_and_is_between_0_and_100(trained: Trained) -> None:
    confidence = trained.trained.confidence
    assert confidence.shape == (101,)
    assert (np.diff(confidence) >= 0).all()
    assert 0 <= confidence.min() <= confidence.max() <= 100


def test_training_again_gives_the_same_model(
    trained: Trained, teams: Facet, understanding: Understanding
) -> None:
    again = train_facet(teams, *small_list(), understanding).trained
    for name in ("labels", "words", "pairs", "concepts"):
        assert getattr(again.model, name) == getattr(trained.trained.model, name)
    for name in ("bias", "word_weights", "pair_weights", "ngram_weights", "concept_weights"):
        assert np.array_equal(getattr(again.model, name), getattr(trained.trained.model, name)), name
    assert np.array_equal(again.confidence, trained.trained.confidence)


def test_what_is_stored_is_numbers_and_text_and_no_pickle(trained: Trained, tmp_path: Path) -> None:
    file = tmp_path / "team.npz"
    save_model(file, trained.trained.model, {})
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert content.startswith(b"\x93NUMPY"), name
            assert b"|O" not in content[:128], name
            with pytest.raises(ValueError):  # noqa: PT011 - whatever it says: it is no pickle
                list(pickletools.genops(content))
    model, _ = load_model(file)
    assert model.words == trained.trained.model.words


def test_keywords_and_examples_win_over_a_trained_model(
    trained: Trained, teams: Facet, verdicts: Decide
) -> None:
    sellers, makers, helpers = teams.labels
    helpers = helpers.model_copy(update={"keywords": ("regional",), "examples": ("Developer",)})
    facet = teams.model_copy(update={"labels": (sellers, makers, helpers)})
    given = verdicts(facet, ["Regional Sales Manager", "Developer", "Sales Manager"], trained.trained)
    assert [label for label, _ in given] == ["Helpers", "Helpers", "Sellers"]


LISTS = {
    "one title": (["Sales Manager"], ["Sellers"]),
    "one label only": (["Sales Manager", "Seller", "Sales Rep", "Vendor"], ["Sellers"] * 4),
    "two labels": (["Sales Manager", "Developer"] * 5, ["Sellers", "Makers"] * 5),
    "one title with two labels": (["Consultant"] * 6, ["Sellers", "Makers"] * 3),
    "a thousand to one": (
        [f"Sales Manager {n}" for n in range(1000)] + ["Developer"],
        ["Sellers"] * 1000 + ["Makers"],
    ),
    "only the fallback": (["Nurse", "Teacher", "Cook"], ["Rest"] * 3),
    "no letters": (["1234", "", "---", "🦄", "..."], ["Sellers", "Makers", "Rest", "Sellers", "Makers"]),
    "unknown words": (["blorb", "frob", "quux", "zzyzx"], ["Sellers", "Makers", "Sellers", "Makers"]),
    "a title of a megabyte": (["Sales " * 170_000, "Developer"], ["Sellers", "Makers"]),
}


@pytest.mark.usefixtures("few_terms")
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_any_kind_gives_a_model_that_gives_only_its_labels(
    name: str, teams: Facet, understanding: Understanding, verdicts: Decide
) -> None:
    titles, labels = LISTS[name]
    taught = train_facet(teams, pl.Series(titles, dtype=pl.String), pl.Series(labels), understanding)
    assert taught.examples == len(set(zip(titles, labels, strict=True)))
    given = verdicts(teams, ["Sales Manager", "Developer", "blorb", "", "Nurse"], taught.trained)
    assert all(label in teams.label_names and 0 <= confidence <= 100 for label, confidence in given)


@pytest.mark.usefixtures("few_terms")
@pytest.mark.parametrize("labels", ["[Sellers, Makers]", "[Sellers]"])
def test_a_facet_without_a_fallback_can_be_taught(
    labels: str, facet_of: Make, understanding: Understanding, verdicts: Decide
) -> None:
    facet = facet_of(f"name: t\nfacets:\n - {{name: team, labels: {labels}}}")
    wanted = ["Sellers", "Makers"] if "Makers" in labels else ["Sellers"]
    titles = [f"{level}{word}" for label in wanted for word in WORDS[label] for level in LEVELS]
    own = [label for label in wanted for _ in WORDS[label] for _ in LEVELS]
    taught = train_facet(facet, pl.Series(titles), pl.Series(own), understanding)
    given = [label for label, _ in verdicts(facet, ["Sales Manager", "Developer", "Nurse"], taught.trained)]
    assert given[: len(wanted)] == wanted
    assert set(given) <= set(facet.label_names)


@pytest.mark.usefixtures("few_terms")
def test_unlabelled_titles_may_be_given_and_count_only_as_the_rules_label_them(
    teams: Facet, understanding: Understanding, verdicts: Decide
) -> None:
    unlabelled = pl.Series(["Head of Sales Operations", "Kotlin Developer", "", "1", "Kotlin Developer"] * 20)
    taught = train_facet(teams, *small_list(), understanding, unlabelled=unlabelled)
    assert taught.examples == 192, "they are no examples of the user's"
    assert verdicts(teams, ["Kotlin Developer"], taught.trained)[0][0] == "Makers"
    nothing = pl.Series([], dtype=pl.String)
    few = train_facet(teams, pl.Series(["Seller"]), pl.Series(["Sellers"]), understanding, unlabelled=nothing)
    assert few.examples == 1


def test_a_match_teaches_a_label_that_the_list_has_not(
    facet_of: Make, understanding: Understanding, verdicts: Decide
) -> None:
    facet = facet_of("""
name: t
facets:
  - name: team
    fallback: Rest
    labels:
      - {name: Sellers, match: {role: Sales}}
      - {name: Carers, match: {role: Healthcare Services}}
""")
    titles, labels = small_list()
    own = pl.DataFrame({"title": titles, "label": labels}).filter(pl.col("label") == "Sellers")
    taught = train_facet(facet, own["title"].head(8), own["label"].head(8), understanding)
    given = verdicts(
        facet, ["Sales Manager", "Nurse", "Krankenpfleger", "infirmière", "Plumber"], taught.trained
    )
    assert [label for label, _ in given] == ["Sellers", "Carers", "Carers", "Carers", "Rest"]


@pytest.mark.usefixtures("few_terms")
def test_thirty_thousand_titles_with_noise_are_learned_in_reasonable_time(
    teams: Facet, understanding: Understanding, verdicts: Decide
) -> None:
    choose = np.random.default_rng(7)
    pairs = [(word, label) for label, words in WORDS.items() for word in words]
    rows = [pairs[n] for n in choose.integers(len(pairs), size=30_000)]
    levels = [LEVELS[n] for n in choose.integers(len(LEVELS), size=30_000)]
    noise = choose.integers(4000, size=30_000)
    titles = [f"{level}{word} x{n}" for level, (word, _), n in zip(levels, rows, noise, strict=True)]
    wrong = [list(WORDS)[n] if n < len(WORDS) else "" for n in choose.integers(30, size=30_000)]
    labels = [other or label for other, (_, label) in zip(wrong, rows, strict=True)]
    began = time.perf_counter()
    taught = train_facet(teams, pl.Series(titles), pl.Series(labels), understanding)
    seconds = time.perf_counter() - began
    assert seconds < 60, f"{seconds:.0f} s"
    assert 0.85 < taught.scores.accuracy < 0.97, "one label in ten is wrong, a third of these by chance right"
    given = verdicts(teams, ["Senior Sales Manager", "Junior Java Developer", "Cook"], taught.trained)
    assert [label for label, _ in given] == ["Sellers", "Makers", "Rest"]
