"""`train` and `evaluate`: from a labelled file to a stored model, and to figures."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from leadline.core.errors import InputError
from leadline.core.workspace import Workspace
from leadline.engine.labelled import Labelled, labels_of, read_labelled, read_titles
from leadline.sinks.failures import writing
from leadline.titles.classifier import Classifier, Question, questions
from leadline.titles.facets import FacetDecider, TrainedFacet
from leadline.titles.metrics import Scores, score
from leadline.titles.models import Models, ModelVersion
from leadline.titles.reference import load_reference
from leadline.titles.taxonomy import (
    Facet,
    Label,
    Taxonomy,
    builtin_taxonomies,
    dump_taxonomy,
    find_taxonomy,
    load_taxonomy,
)
from leadline.titles.understanding import Understanding
from leadline.titles.verdicts import ClassifyTitles

if TYPE_CHECKING:
    from leadline.titles.train import Trained

__all__ = ["Evaluation", "Lesson", "TrainJob", "evaluate_file", "train_file", "widened", "write_taxonomy"]

MIN_EXAMPLES = 2
#: Labels that mean "none of the others" when a sheet brings its own labels.
FALLBACK_NAMES = frozenset(
    {
        "other",
        "others",
        "none",
        "not a target",
        "sonstige",
        "sonstiges",
        "autre",
        "otro",
        "outro",
        "altro",
        "overig",
    }
)
Say = Callable[[str], None]


def _quiet(text: str) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class TrainJob:
    """What `leadline train` was asked to do; `facets` maps a facet to the column of its labels."""

    labelled: Path
    facets: Mapping[str, str | None]
    taxonomy: str | Taxonomy | None = None
    title_column: str | None = None
    unlabelled: Path | None = None
    reference: Path | None = None
    name: str | None = None
    promote: bool = False
    workspace: Workspace = field(default_factory=Workspace.current)


@dataclass(frozen=True)
class Lesson:
    """A stored model: its version, the scores per facet, the live version it was compared with, notes."""

    version: ModelVersion
    scores: Mapping[str, Scores]
    before: ModelVersion | None
    flips: Mapping[str, int]
    notes: tuple[str, ...]


def train_file(job: TrainJob, *, say: Say = _quiet) -> Lesson:
    """Trains the facets of `job`, stores a new version; the first one is live at once.

    Raises:
        InputError: the file, a column, a label or the taxonomy is wrong, or there is nothing to learn.
    """
    train_facet = _trainer()
    reference = load_reference(job.reference) if job.reference else None
    labelled = read_labelled(
        job.labelled, columns=job.facets, title_column=job.title_column, reference=reference
    )
    unlabelled = read_titles(job.unlabelled, reference=reference) if job.unlabelled else None
    notes = list(labelled.notes)
    taxonomy = _taxonomy(job, labelled)
    models = Models(job.workspace.models)
    name = models.checked_name(job.name or taxonomy.name)
    understanding = Understanding.shared()
    trained: dict[str, TrainedFacet] = {}
    scores: dict[str, Scores] = {}
    for wanted in job.facets:
        facet = taxonomy.facet(wanted)
        titles, labels, strange = labels_of(labelled, facet)
        notes += _about(facet, titles, labels, strange)
        say(f"Training {facet.name} on {len(titles):,} rows")
        lesson = train_facet(facet, titles, labels, understanding, unlabelled=unlabelled, say=say)
        trained[wanted], scores[wanted] = lesson.trained, lesson.scores
    before = models.live(name)
    flips = (
        {n: _flips(before, taxonomy.facet(n), trained[n], labelled.titles) for n in trained} if before else {}
    )
    if not isinstance(job.taxonomy, str):
        # Before the model: a taxonomy may know more labels than its model, not fewer.
        write_taxonomy(taxonomy, job.workspace)
    with writing(job.workspace.models):
        version = models.add(name, taxonomy, trained, {n: one.as_dict() for n, one in scores.items()})
        if job.promote:
            version = models.promote(version.title)
    return Lesson(version, scores, before, flips, tuple(notes))


def _trainer() -> Callable[..., Trained]:
    """The trainer, whose packages are an optional extra."""
    try:
        from leadline.titles.train import train_facet
    except ModuleNotFoundError as error:
        raise InputError(
            f"Training needs the package '{error.name}', which is not installed.",
            hint="Install it with: pip install 'leadline[train]'",
        ) from error
    return train_facet


def _taxonomy(job: TrainJob, labelled: Labelled) -> Taxonomy:
    if isinstance(job.taxonomy, Taxonomy):
        return job.taxonomy
    if job.taxonomy is not None:
        return find_taxonomy(job.taxonomy, workspace=job.workspace.root)
    title = job.name or _plain_name(job.labelled)
    if title in builtin_taxonomies():
        raise InputError(
            f"'{title}' is the name of a built-in taxonomy.",
            hint=f"Give yours another with --name, or teach that one with --taxonomy {title}.",
        )
    own = job.workspace.taxonomies / f"{title}.yml"
    try:
        # What an earlier sheet or the user wrote stays: the live model's labels, definitions, other facets.
        facets = {facet.name: facet for facet in load_taxonomy(own).facets} if own.exists() else {}
        for name, labels in labelled.labels.items():
            facets[name] = _facet(name, labels, facets.get(name))
        return Taxonomy(name=title, facets=tuple(facets.values()))
    except ValidationError as error:
        raise _refused(error) from error


def _facet(name: str, labels: pl.Series, earlier: Facet | None) -> Facet:
    """The facet of a sheet's labels, the commonest spelling of each, the most frequent first."""
    spelled: dict[str, str] = {}
    for label, _ in Counter(labels.filter(labels != "").to_list()).most_common():
        spelled.setdefault(str(label).casefold(), str(label))
    if not spelled:
        raise InputError(f"The column for the facet '{name}' has no labels.")
    if earlier is not None:
        return widened(earlier, spelled.values())
    fallback = next((label for key, label in spelled.items() if key in FALLBACK_NAMES), None)
    listed = tuple(Label(name=label) for label in spelled.values() if label != fallback)
    return Facet(name=name, fallback=fallback, labels=listed or (Label(name=fallback or ""),))


def _refused(error: ValidationError) -> InputError:
    """A name that cannot be one in a taxonomy: a label with a line break, a `--name` that is a path."""
    problem = error.errors()[0]
    return InputError(
        f"“{str(problem['input'])[:60]}” cannot be the name of a label, facet or model: {problem['msg']}.",
        hint="A label is one line of at most 200 characters; --name takes letters, digits, '.', '_' and '-'.",
    )


def widened(facet: Facet, labels: Iterable[str]) -> Facet:
    """The facet with those of `labels` besides that it does not have yet. Raises InputError."""
    known = {name.casefold() for name in facet.label_names}
    try:
        new = {label.casefold(): Label(name=label) for label in labels if label.casefold() not in known}
    except ValidationError as error:
        raise _refused(error) from error
    return facet.model_copy(update={"labels": (*facet.labels, *new.values())}) if new else facet


def _plain_name(path: Path) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in path.stem).strip("-").lower()
    return plain or "labels"


def write_taxonomy(taxonomy: Taxonomy, workspace: Workspace) -> None:
    """Puts the taxonomy into the workspace, in one step; a file that says the same keeps its comments."""
    path = workspace.taxonomies / f"{taxonomy.name}.yml"
    if path.exists() and load_taxonomy(path) == taxonomy:
        return
    partial = path.with_name(f".{path.name}.partial")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(dump_taxonomy(taxonomy), encoding="utf-8")
        if path.exists():  # with the comments that somebody wrote into it
            shutil.copyfile(path, path.with_suffix(".yml.bak"))
        partial.replace(path)


def _about(facet: Facet, titles: pl.Series, labels: pl.Series, strange: Counter[str]) -> list[str]:
    """What the user should know of a list before it is learned. Raises InputError if it teaches nothing."""
    notes: list[str] = []
    if strange:
        shown = ", ".join(f"“{label}” ({count})" for label, count in strange.most_common(5))
        notes.append(
            f"{strange.total():,} rows have labels that '{facet.name}' lacks, and were left out: {shown}."
        )
    if not len(titles):
        raise InputError(
            f"No row has a label of the facet '{facet.name}'.",
            hint=f"Its labels are: {', '.join(facet.label_names)}.",
        )
    counts = Counter(labels.to_list())
    few = [label for label, count in counts.items() if count < MIN_EXAMPLES]
    if few:
        notes.append(f"Only one example for: {', '.join(few)}. It trains, but do not rely on it.")
    absent = [label for label in facet.label_names if label not in counts]
    if absent:
        notes.append(f"No example for: {', '.join(absent)}. Learned from the taxonomy and the lexicon alone.")
    return notes


def _flips(before: ModelVersion, facet: Facet, new: TrainedFacet, titles: pl.Series) -> int:
    """How many distinct titles of the list get another label than from the live version."""
    old = before.load(facet.name)
    if old is None or set(old.model.labels) - set(facet.label_names):
        return 0
    understanding = Understanding.shared()
    reading = understanding.read(titles.unique(maintain_order=True))
    labels = [FacetDecider(facet, understanding, one)(reading).label for one in (old, new)]
    return int((labels[0] != labels[1]).sum())


@dataclass(frozen=True)
class Evaluation:
    """The figures of one facet on a labelled file, and what was left out."""

    question: Question
    scores: Scores
    skipped: int
    strange: Mapping[str, int]
    notes: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "facet": self.question.facet.name,
            "taxonomy": self.question.taxonomy.name,
            "model": self.question.model.title if self.question.model else None,
            **self.scores.as_dict(),
            "skipped": self.skipped,
            "labels_outside_the_taxonomy": dict(self.strange),
        }


def evaluate_file(
    path: Path,
    *,
    facet: str,
    column: str | None = None,
    taxonomy: str | None = None,
    model: str | None = None,
    title_column: str | None = None,
    reference: Path | None = None,
    workspace: Workspace | None = None,
) -> Evaluation:
    """Classifies the titles of `path` and compares with its labels; a skipped row counts as wrong.

    Raises:
        InputError: the file, the facet, a column or the model is wrong, or no row has a label.
    """
    workspace = workspace or Workspace.current()
    asked = questions([taxonomy] if taxonomy else [], model=model, workspace=workspace)
    question = next((one for one in asked if one.facet.name == facet), None)
    if question is None:
        known = ", ".join(one.facet.name for one in asked)
        raise InputError(f"There is no facet '{facet}'.", hint=f"There are: {known}.")
    table = load_reference(reference) if reference else None
    labelled = read_labelled(path, columns={facet: column}, title_column=title_column, reference=table)
    titles, labels, strange = labels_of(labelled, question.facet)
    if not len(titles):
        raise InputError(f"No row of {path} has a label of the facet '{facet}'.")
    classifier = Classifier([question])
    columns = [("label", "confidence", "decided by")]
    step = ClassifyTitles(
        "title", classifier.deciders, understanding=classifier.understanding, columns=columns
    )
    distinct = titles.unique(maintain_order=True).alias("title").to_frame()
    verdicts = distinct.hstack(step.compute(distinct))
    label, confidence, _ = step.columns[0]
    joined = titles.alias("title").to_frame().join(verdicts, on="title", how="left", maintain_order="left")
    names = question.facet.label_names
    given = joined["skip_reason"].is_null().to_numpy()
    index = {name: i for i, name in enumerate(names)}
    predicted = np.array(
        [index.get(name or "", -1) for name in joined[label].cast(pl.String).to_list()], np.int64
    )
    predicted = np.where(given, predicted, -1)
    actual = np.array([index[name] for name in labels.to_list()], np.int64)
    sure = np.where(predicted >= 0, joined[confidence].fill_null(0).to_numpy().astype(np.int64), 0)
    scores = score(names, actual, predicted, sure, ordered=question.facet.ordered)
    return Evaluation(question, scores, int((predicted < 0).sum()), dict(strange), labelled.notes)
