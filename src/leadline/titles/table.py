"""Titles in, a table of verdicts out: what `leadline.classify` gives to Python programs."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from leadline.core.workspace import Workspace
from leadline.titles.classifier import Classifier, questions
from leadline.titles.verdicts import ClassifyTitles

__all__ = ["classify_titles"]


def classify_titles(
    titles: Iterable[str | None],
    *,
    taxonomy: str,
    model: str | None = None,
    workspace: Workspace | None = None,
) -> pl.DataFrame:
    """See `leadline.classify`."""
    asked = questions([taxonomy], model=model, workspace=workspace or Workspace.current())
    classifier = Classifier(asked)
    step = ClassifyTitles("Title", classifier.deciders, understanding=classifier.understanding)
    table = pl.DataFrame({"Title": pl.Series("Title", list(titles), dtype=pl.String)})
    verdicts = step.compute(table)
    skipped = pl.col("skip_reason").is_not_null()
    labels = [pl.when(~skipped).then(pl.col(name)).alias(name) for three in step.columns for name in three]
    return table.hstack(verdicts.with_columns(labels).rename({"skip_reason": "Skip Reason"}))
