"""Puts facets together: which taxonomies, which models, which reference table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadline.core.errors import InputError, ModelFileError
from leadline.core.workspace import Workspace
from leadline.titles.facets import FacetDecider
from leadline.titles.models import Models, ModelVersion
from leadline.titles.taxonomy import Facet, Taxonomy, find_taxonomy
from leadline.titles.understanding import Understanding

__all__ = ["Classifier", "Question", "questions"]

DEFAULT = "default"


@dataclass(frozen=True)
class Question:
    """One facet to decide, of which taxonomy, and by which model if any."""

    taxonomy: Taxonomy
    facet: Facet
    model: ModelVersion | None


def questions(taxonomies: Sequence[str], *, model: str | None, workspace: Workspace) -> list[Question]:
    """The facets of `taxonomies` (default: `default`) with the live model of each, or with `model`.

    Raises:
        InputError: a taxonomy or model is missing or wrong, or two facets have the same name.
    """
    models = Models(workspace.models)
    chosen = models.find(model) if model else None
    if chosen is not None and not taxonomies:
        found = [chosen.taxonomy()]
    else:
        found = [find_taxonomy(name, workspace=workspace.root) for name in taxonomies or [DEFAULT]]
    out: list[Question] = []
    for taxonomy in found:
        version = chosen if chosen is not None else models.live(taxonomy.name)
        for facet in taxonomy.facets:
            if any(one.facet.column == facet.column for one in out):
                raise InputError(
                    f"Two facets write the column '{facet.column}'.",
                    hint="Give one of them another 'column:' in its taxonomy.",
                )
            has_model = version is not None and facet.name in version.facets()
            out.append(Question(taxonomy, facet, version if has_model else None))
    if chosen is not None and not any(one.model for one in out):
        raise InputError(
            f"The model {chosen.title} decides none of the facets asked for.",
            hint=f"It was trained for: {', '.join(chosen.facets())}.",
        )
    return out


class Classifier:
    """Deciders for a list of questions, all on one understanding."""

    def __init__(self, asked: Sequence[Question], understanding: Understanding | None = None) -> None:
        self.understanding = understanding or Understanding.shared()
        self.asked = tuple(asked)
        self.deciders = tuple(self._decider(question) for question in asked)

    def _decider(self, question: Question) -> FacetDecider:
        facet, version = question.facet, question.model
        trained = version.load(facet.name) if version is not None else None
        if version is not None and trained is not None:
            strange = [label for label in trained.model.labels if label not in facet.label_names]
            if strange:
                raise ModelFileError(
                    f"The model {version.title} has labels that the facet '{facet.name}' lacks: "
                    f"{', '.join(strange[:5])}.",
                    hint="The taxonomy changed since; train again, or choose another --model.",
                )
        return FacetDecider(facet, self.understanding, trained)
