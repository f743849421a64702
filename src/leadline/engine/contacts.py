"""The main job: contacts in, verdicts out. Builds the plan, runs it, writes the run's files."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

import leadline
from leadline.cleaning.addresses import AddressFilter, load_rules
from leadline.core.errors import InputError
from leadline.core.events import Finished, Listener, Note, silent
from leadline.core.workspace import Workspace
from leadline.engine.local import LINE, RAW_TEXT, Outcome, free_names, run_local
from leadline.engine.plan import Plan
from leadline.engine.step import Compute
from leadline.sinks import OutputFolder, Sink, table_sink
from leadline.sinks.cells import printable
from leadline.sources import Source
from leadline.sources.columns import find_column, id_places
from leadline.sources.open import open_source
from leadline.titles.classifier import Classifier, questions
from leadline.titles.reference import load_reference
from leadline.titles.verdicts import ClassifyTitles

__all__ = ["ContactsJob", "RunReport", "classify_contacts"]

SKIP_REASON_HEADER = "Skip Reason"
#: The titles shown at the end are taken from so many leads, and are so many.
SAMPLE_LEADS = 200_000
SHOWN_SAMPLES = 8


@dataclass(frozen=True, kw_only=True)
class ContactsJob:
    """What `leadline classify` was asked to do; `input` "-" is standard input."""

    input: str
    taxonomies: Sequence[str] = ()
    model: str | None = None
    reference: Path | None = None
    name: str | None = None
    title_column: str | None = None
    id_column: str | None = None
    email_column: str | None = None
    sheet: str | None = None
    internal_domains: Sequence[str] = ()
    filters: Path | None = None
    min_confidence: int = 0
    limit: int | None = None
    format: str = "csv"
    raw_cells: bool = False
    out: Path | None = None
    engine: str = "local"
    workspace: Workspace = field(default_factory=Workspace.current)


@dataclass(frozen=True)
class RunReport:
    """What a finished run tells: its folder and what stands in its run.json."""

    folder: Path
    run: dict[str, Any]
    sample_headers: tuple[str, ...]
    surest: list[tuple[str, ...]]
    least_sure: list[tuple[str, ...]]


class _Tally:
    """Counts labels and who decided, per facet, while the leads pass; keeps titles to show."""

    def __init__(self, title: str, columns: Sequence[tuple[str, str, str]], headers: Sequence[tuple[str, str, str]]) -> None:
        self.labels: dict[str, Counter[str]] = {header[0]: Counter() for header in headers}
        self.decided_by: dict[str, Counter[str]] = {header[0]: Counter() for header in headers}
        self.headers = tuple(header[0] for header in headers)
        self.all_labels: tuple[str, ...] = ()
        self._title = title
        self._columns = columns
        self._seen = 0
        self._samples: list[pl.DataFrame] = []

    def __call__(self, accepted: pl.DataFrame) -> None:
        for header, (label, _, decided) in zip(self.headers, self._columns, strict=True):
            _count(accepted[label], self.labels[header])
            _count(accepted[decided], self.decided_by[header])
        if self._seen < SAMPLE_LEADS:
            part = accepted.head(SAMPLE_LEADS - self._seen)
            self._seen += part.height
            names = [name for three in self._columns for name in three[:2]]
            titles = printable(part.select(self._title)).to_series().cast(pl.String).str.strip_chars()
            self._samples.append(part.select(titles.alias("title"), *names).unique())

    def samples(self, *, surest: bool) -> list[tuple[str, ...]]:
        """A few distinct titles with their labels, the surest (or least sure) over all facets first."""
        if not self._samples:
            return []
        sure = pl.min_horizontal([pl.col(confidence).fill_null(0) for _, confidence, _ in self._columns])
        table = pl.concat(self._samples).unique().with_columns(sure.alias("sure"))
        # One title per combination of labels, so that the list shows more than one kind.
        labels = [label for label, _, _ in self._columns]
        ordered = table.sort("sure", "title", descending=[surest, False])
        shown = ordered.unique(labels, keep="first", maintain_order=True).head(SHOWN_SAMPLES)
        rows: list[tuple[str, ...]] = []
        for row in shown.iter_rows(named=True):
            verdicts = [f"{row[label] or '–'} {row[confidence] if row[label] else ''}".strip() for label, confidence, _ in self._columns]
            rows.append((row["title"][:60], *verdicts))
        return rows


def _count(values: pl.Series, into: Counter[str]) -> None:
    for value, count in values.value_counts().iter_rows():
        into["" if value is None else str(value)] += count


def classify_contacts(job: ContactsJob, *, listener: Listener = silent) -> RunReport:
    """Classifies the contacts of `job.input` and writes accepted, skipped and run.json.

    Everything that can be wrong with the command is found before the first lead is read.

    Raises:
        InputError: a file, column, taxonomy, model or option is wrong; nothing was written.
        RunError: the run could not be finished; what was there before is untouched.
    """
    started, started_at = time.monotonic(), datetime.now().astimezone()
    if job.engine != "local":
        raise InputError(f"There is no engine '{job.engine}' yet.", hint="Use --engine local.")
    asked = questions(job.taxonomies, model=job.model, workspace=job.workspace)
    source = open_source(
        "-" if job.input == "-" else Path(job.input),
        sheet=job.sheet,
        raw_cells=job.raw_cells,
        id_columns=[job.id_column] if job.id_column else [],
    )
    title = find_column(source.headers, wanted="title", chosen=job.title_column)
    identity = find_column(source.headers, wanted="id", chosen=job.id_column)
    email = find_column(source.headers, wanted="email", chosen=job.email_column)
    for found in (title, identity, email):
        if found is not None and found.note:
            listener(Note(found.note))
    assert title is not None  # noqa: S101 - find_column raises where there is no title column
    classifier = Classifier(asked)
    facets = [decider.facet for decider in classifier.deciders]
    wanted = [(f.column, f.confidence_column, f.decided_by_column) for f in facets]
    headers = _in_threes(_free_headers([name for three in wanted for name in three], source, listener))
    columns = _in_threes(free_names([f"\x01{name}" for three in headers for name in three], source.columns))
    steps: list[Compute] = []
    rules = load_rules(job.filters, internal_domains=job.internal_domains)
    if email is not None:
        steps.append(AddressFilter(source.columns[email.place], rules))
    elif job.internal_domains or job.filters:
        listener(Note("There is no column of e-mail addresses, so no addresses were filtered (--email-column)."))
    steps.append(
        ClassifyTitles(
            source.columns[title.place],
            classifier.deciders,
            understanding=classifier.understanding,
            reference=load_reference(job.reference) if job.reference else None,
            min_confidence=job.min_confidence,
            columns=columns,
        )
    )
    plan = Plan(tuple(steps))
    plan.check(source.columns)
    name = job.name or ("stdin" if job.input == "-" else _stem(Path(job.input)))
    ids = id_places(source.headers, chosen=[identity.header] if identity else [])
    with OutputFolder(name=name, out=job.out, root=job.workspace.runs) as folder:
        tally = _Tally(source.columns[title.place], columns, headers)
        tally.all_labels = tuple(label for decider in classifier.deciders for label in decider.labels)
        outcome = _run(job, plan, source, folder, ids, headers, listener, tally)
        run = _report(job, outcome, tally, classifier, source)
        run |= {
            "started": started_at.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - started, 3),
        }
        published = folder.publish(run)
    for note in source.notes:
        listener(Note(note))
    listener(Finished(outcome.ledger.leads, time.monotonic() - started))
    return RunReport(
        published,
        run,
        sample_headers=("title", *tally.headers),
        surest=tally.samples(surest=True),
        least_sure=tally.samples(surest=False),
    )


def _run(
    job: ContactsJob,
    plan: Plan,
    source: Source,
    folder: OutputFolder,
    ids: frozenset[int],
    headers: Sequence[tuple[str, str, str]],
    listener: Listener,
    tally: _Tally,
) -> Outcome:
    added = [name for three in headers for name in three]
    changeable = [place not in ids for place in range(len(source.headers))]
    accepted = table_sink(
        folder.file(f"accepted.{job.format}"),
        [*source.headers, *added],
        # Labels come from the taxonomy; only one that could itself be a formula needs a look per cell.
        neutralise=[*changeable, *([any(label[0] in "=@+-\t\r" for label in tally.all_labels)] * len(added))],
        raw_cells=job.raw_cells,
    )
    skipped = table_sink(
        folder.file(f"skipped.{job.format}"),
        [*source.headers, *_free_headers([SKIP_REASON_HEADER, LINE, RAW_TEXT], source, listener)],
        neutralise=[*changeable, True, True, True],
        raw_cells=job.raw_cells,
    )
    sinks: tuple[Sink, ...] = (accepted, skipped)
    try:
        outcome = run_local(
            plan, source, accepted=accepted, skipped=skipped, listener=listener, limit=job.limit, inspect=tally
        )
        for sink in sinks:
            sink.close()
    except BaseException:
        for sink in sinks:
            sink.discard()
        raise
    return outcome


def _stem(path: Path) -> str:
    """contacts.csv.gz → contacts."""
    name = path.name
    for ending in (".gz", ".zst", ".bz2", ".xz", ".zip"):
        name = name.removesuffix(ending)
    return Path(name).stem or "contacts"


def _free_headers(wanted: Sequence[str], source: Source, listener: Listener) -> list[str]:
    """Headers for columns that are added: what the input has already stays, and ours gets ` (Leadline)`."""
    taken = set(source.headers)
    free: list[str] = []
    for name in wanted:
        ours = name
        while ours in taken:
            ours = f"{ours} (Leadline)"
        if ours != name:
            listener(Note(f"The input has a column '{name}' already; Leadline's is '{ours}'."))
        taken.add(ours)
        free.append(ours)
    return free


def _in_threes(names: Sequence[str]) -> list[tuple[str, str, str]]:
    return list(zip(names[::3], names[1::3], names[2::3], strict=True))


def _report(
    job: ContactsJob, outcome: Outcome, tally: _Tally, classifier: Classifier, source: Source
) -> dict[str, Any]:
    ledger = outcome.ledger
    computed = outcome.computed["titles"]
    asked = ledger.leads - sum(
        count for reason, count in ledger.skip_reasons.items() if reason.endswith("address") or reason == "unreadable line"
    )
    return {
        "leads": ledger.leads,
        "accepted": ledger.accepted,
        "skipped": ledger.skipped,
        "skip_reasons": dict(sorted(ledger.skip_reasons.items())),
        "distinct_titles": computed,
        "labels": {name: dict(sorted(counts.items())) for name, counts in tally.labels.items()},
        "decided_by": {name: dict(sorted(counts.items())) for name, counts in tally.decided_by.items()},
        "from_memory": max(0, asked - computed),
        "cost_usd": 0.0,
        "tokens": {"input": 0, "output": 0},
        "limited_to": job.limit,
        "input": job.input,
        "notes": list(source.notes),
        "models": {question.facet.name: question.model.title for question in classifier.asked if question.model},
        "taxonomies": sorted({question.taxonomy.name for question in classifier.asked}),
        "leadline": leadline.__version__,
    }
