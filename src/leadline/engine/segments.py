"""The two fixed jobs of `make predict` and `make train`: tag a file with segments, learn segments."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from leadline.core.errors import InputError
from leadline.core.workspace import Workspace
from leadline.engine.labelled import read_labelled
from leadline.engine.learning import Lesson, Say, TrainJob, train_file, widened
from leadline.sinks import CsvSink
from leadline.sinks.failures import writing
from leadline.sinks.partial import PartialFolder, remove_leftovers
from leadline.sources.open import open_source
from leadline.titles.classifier import Classifier, questions
from leadline.titles.reference import load_reference
from leadline.titles.taxonomy import Taxonomy, builtin_taxonomy, find_taxonomy
from leadline.titles.verdicts import ClassifyTitles

__all__ = ["learn_file", "tag_file"]

TAXONOMY, FACET = "segments", "segment"
ID, TITLE, SEGMENT, CONFIDENCE = "Record ID", "Job Title", "Persona Segment", "Confidence Score"


def tag_file(
    path: Path, *, output: Path, reference: Path | None = None, workspace: Workspace | None = None
) -> int:
    """Writes `output` with exactly the four columns, every row of `path` in order; returns the rows.

    A row without a usable title gets the fallback with confidence 0.

    Raises:
        InputError: a column is missing or a line cannot be read.
        RunError: the output cannot be written; an earlier one is untouched.
    """
    if output.resolve() == path.resolve():
        raise InputError(f"The results would replace the input {path}.", hint="Choose another --output.")
    workspace = workspace or Workspace.current()
    asked = questions([TAXONOMY], model=None, workspace=workspace)
    classifier = Classifier(asked)
    fallback = asked[0].facet.fallback or ""
    source = open_source(path, id_columns=[ID])
    places = {name: _place(source.headers, name, path) for name in (ID, TITLE)}
    step = ClassifyTitles(
        "title",
        classifier.deciders,
        understanding=classifier.understanding,
        reference=load_reference(reference) if reference is not None and reference.exists() else None,
        columns=[(f"label {n}", f"confidence {n}", f"decided {n}") for n in range(len(classifier.deciders))],
    )
    rows = 0
    with _placed(output) as partial, contextlib.ExitStack() as stack:
        sink = CsvSink(
            partial,
            [ID, TITLE, SEGMENT, CONFIDENCE],
            neutralise=[False, True, True, True],
            byte_order_mark=False,  # programs compare this header to the letter
        )
        stack.callback(sink.discard)  # which does nothing once it is closed
        for batch in source.batches():
            if batch.unreadable:
                line = batch.unreadable[0]
                raise InputError(
                    f"{path}, line {line.line} cannot be read: {line.raw[:80]}",
                    hint="Mend the line, then start again.",
                )
            leads = batch.frame.select(
                pl.col(source.columns[places[ID]]).alias("id"),
                pl.col(source.columns[places[TITLE]]).alias("title"),
            )
            sink.write(_tagged(leads, step, fallback=fallback))
            rows += leads.height
        sink.close()
    return rows


def _tagged(leads: pl.DataFrame, step: ClassifyTitles, *, fallback: str) -> pl.DataFrame:
    """`leads` (id, title) with segment and confidence, in order."""
    label, confidence, _ = step.columns[0]
    distinct = leads.select("title").unique().sort("title")
    verdicts = distinct.hstack(step.compute(distinct))
    usable = pl.col("skip_reason").is_null()
    return leads.join(verdicts, on="title", how="left", maintain_order="left", nulls_equal=True).select(
        "id",
        "title",
        pl.when(usable).then(pl.col(label).cast(pl.String)).otherwise(pl.lit(fallback)).alias("segment"),
        pl.when(usable).then(pl.col(confidence)).otherwise(0).alias("confidence"),
    )


@contextlib.contextmanager
def _placed(output: Path) -> Iterator[Path]:
    """A file to write to, which becomes `output` when all went well and vanishes when not."""
    with writing(output):
        remove_leftovers(output.parent)
        folder = PartialFolder.make(output.parent)
    try:
        yield folder.path / output.name
        with writing(output):
            (folder.path / output.name).replace(output)
    finally:
        folder.remove()


def _place(headers: list[str], name: str, path: Path) -> int:
    plain = [header.strip().casefold() for header in headers]
    if name.casefold() not in plain:
        raise InputError(
            f"{path} has no column '{name}'.", hint=f"The columns are: {', '.join(headers[:30])}."
        )
    return plain.index(name.casefold())


def learn_file(
    path: Path, *, reference: Path | None = None, workspace: Workspace | None = None, say: Say = print
) -> Lesson:
    """Trains the segments of `path` (`Job Title`, `Persona Segment`); the new version is live at once.

    Where the sheet has labels that the `segments` taxonomy lacks, the workspace gets a copy of it that
    fits the sheet; a training that fails leaves it as it was.
    """
    workspace = workspace or Workspace.current()
    reference = reference if reference is not None and reference.exists() else None
    labels = read_labelled(path, columns={FACET: SEGMENT}, title_column=TITLE).labels[FACET]
    fitting = _with_labels(
        [str(one) for one in labels.unique(maintain_order=True).to_list() if one], workspace
    )
    job = TrainJob(
        labelled=path,
        facets={FACET: SEGMENT},
        taxonomy=fitting or TAXONOMY,
        title_column=TITLE,
        reference=reference,
        promote=True,
        workspace=workspace,
    )
    return train_file(job, say=say)


def _with_labels(labels: list[str], workspace: Workspace) -> Taxonomy | None:
    """The segments made to fit the sheet; None where they do. Written only once a model knows them.

    A few labels that the taxonomy lacks are added to it. A sheet that mostly has labels of its own
    replaces them: rules and definitions of labels that nobody uses would only mislead.
    """
    taxonomy = find_taxonomy(TAXONOMY, workspace=workspace.root)
    facet = taxonomy.facet(FACET)
    known = {name.casefold() for name in facet.label_names}
    used = {label.casefold() for label in labels} - {(facet.fallback or "").casefold()}
    if used <= known:
        return None
    fitting = widened(facet, labels)
    if len(used - known) * 2 > len(used):
        built_in = builtin_taxonomy(TAXONOMY).facet(FACET)
        described = {label.name.casefold(): label for label in (*fitting.labels, *built_in.labels)}
        kept = tuple(label for name, label in described.items() if name in used)
        fitting = facet.model_copy(update={"labels": kept})
    facets = tuple(fitting if one.name == FACET else one for one in taxonomy.facets)
    return Taxonomy(name=taxonomy.name, facets=facets)
