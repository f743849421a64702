"""One understanding for all tests of titles, and short ways to ask what it makes of a title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl
import pytest

from leadline.titles.classifier import Classifier, Question
from leadline.titles.explain import Explanation, explain_title
from leadline.titles.facets import NO_LABEL, FacetDecider, TrainedFacet
from leadline.titles.reference import Reference
from leadline.titles.taxonomy import Facet, Taxonomy, find_taxonomy, parse_taxonomy
from leadline.titles.understanding import Understanding

Verdict = tuple[str | None, int]


@pytest.fixture(autouse=True, scope="session")
def _a_workspace_with_nothing_in_it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Models and taxonomies that lie in the folder one works in change no test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADLINE_HOME", str(tmp_path_factory.mktemp("workspace")))
        yield


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    """The one that ships."""
    return Understanding.shared()


@pytest.fixture(scope="session")
def default_taxonomy(tmp_path_factory: pytest.TempPathFactory) -> Taxonomy:
    return find_taxonomy("default", workspace=tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def explain(understanding: Understanding, default_taxonomy: Taxonomy) -> Callable[..., Explanation]:
    """Explains a title, in terms of the default taxonomy where no other is given."""

    def explained(
        title: str, taxonomy: Taxonomy = default_taxonomy, *, reference: Reference | None = None
    ) -> Explanation:
        asked = [Question(taxonomy, facet, None) for facet in taxonomy.facets]
        return explain_title(title, Classifier(asked, understanding), reference=reference)

    return explained


@pytest.fixture(scope="session")
def role_and_seniority(explain: Callable[..., Explanation]) -> Callable[[str], tuple[str, str]]:
    """The labels of the default taxonomy for one title."""

    def labels(title: str) -> tuple[str, str]:
        role, seniority = explain(title).facets
        return role.label, seniority.label

    return labels


@pytest.fixture(scope="session")
def verdicts(understanding: Understanding) -> Callable[..., list[Verdict]]:
    """(label, confidence) of each title on a facet; the label is None where nothing fits."""

    def decide(facet: Facet, titles: Sequence[str], trained: TrainedFacet | None = None) -> list[Verdict]:
        guess = FacetDecider(facet, understanding, trained)(
            understanding.read(pl.Series(titles, dtype=pl.String))
        )
        return [
            (None if label == NO_LABEL else facet.label_names[label], confidence)
            for label, confidence in zip(guess.label.tolist(), guess.confidence.tolist(), strict=True)
        ]

    return decide


@pytest.fixture(scope="session")
def facet_of() -> Callable[[str], Facet]:
    """The only facet of a taxonomy whose labels are written as YAML under `labels:`."""

    def facet(text: str) -> Facet:
        (only,) = parse_taxonomy(text, source="test.yml").facets
        return only

    return facet
