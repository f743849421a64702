"""The main job: contacts in, verdicts out. Builds the plan, runs it, writes the run's files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import leadline
from leadline.cleaning.addresses import INTERNAL, TEST, AddressFilter, load_rules
from leadline.core.errors import InputError
from leadline.core.events import Finished, Listener, Note, silent
from leadline.core.workspace import Workspace
from leadline.engine.local import LINE, RAW_TEXT, UNREADABLE, Outcome, free_names, run_local
from leadline.engine.plan import Plan
from leadline.engine.step import Compute
from leadline.engine.tally import FacetColumns, Tally
from leadline.sinks import Behind, OutputFolder, Sink, table_sink
from leadline.sources import Source
from leadline.sources.columns import find_column, id_places
from leadline.sources.open import open_source
from leadline.titles.classifier import Classifier, questions
from leadline.titles.lexicontext import digest
from leadline.titles.reference import load_reference
from leadline.titles.verdicts import ClassifyTitles

__all__ = ["ContactsJob", "RunReport", "classify_contacts"]

SKIP_REASON_HEADER = "Skip Reason"


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
    files: tuple[Path, ...]
    run: dict[str, Any]
    sample_headers: tuple[str, ...]
    surest: list[tuple[str, ...]]
    least_sure: list[tuple[str, ...]]


@dataclass(frozen=True)
class _Layout:
    """The input's columns that matter, and the names of the columns that are added to it.

    `headers` are the added columns as written; `columns` their names inside the run, which cannot
    meet a name of the input.
    """

    title: str
    email: str | None
    ids: frozenset[int]
    headers: list[FacetColumns]
    columns: list[FacetColumns]
    skip_headers: list[str]
    found: dict[str, str | None]


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
    classifier = Classifier(asked)
    layout = _layout(job, source, classifier, listener)
    plan = _plan(job, layout, classifier, listener)
    plan.check(source.columns)
    name = job.name or ("stdin" if job.input == "-" else _stem(Path(job.input)))
    tally = Tally(layout.title, layout.columns, layout.headers)
    with OutputFolder(name=name, out=job.out, root=job.workspace.runs) as folder:
        if job.input != "-":
            folder.refuse(Path(job.input))
        sinks = _sinks(job, layout, source, folder, classifier)
        outcome = _run(job, plan, source, sinks, listener=listener, tally=tally)
        run = _report(job, outcome, tally, classifier=classifier, source=source, layout=layout)
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
        tuple(published / name for name in (f"accepted.{job.format}", "run.json", f"skipped.{job.format}")),
        run,
        sample_headers=("title", *tally.headers),
        surest=tally.samples(surest=True),
        least_sure=tally.samples(surest=False),
    )


def _layout(job: ContactsJob, source: Source, classifier: Classifier, listener: Listener) -> _Layout:
    """Finds the columns of the input, and names for those that are added."""
    title = find_column(source.headers, wanted="title", chosen=job.title_column)
    identity = find_column(source.headers, wanted="id", chosen=job.id_column)
    email = find_column(source.headers, wanted="email", chosen=job.email_column)
    for found in (title, identity, email):
        if found is not None and found.note:
            listener(Note(found.note))
    assert title is not None  # noqa: S101 - find_column raises where there is no title column
    facets = [decider.facet for decider in classifier.deciders]
    wanted = [name for f in facets for name in (f.column, f.confidence_column, f.decided_by_column)]
    headers = _in_threes(_free_headers(wanted, source, listener))
    inside = free_names([f"\x01{name}" for three in headers for name in three], source.columns)
    return _Layout(
        title=source.columns[title.place],
        email=source.columns[email.place] if email is not None else None,
        ids=id_places(source.headers, chosen=[identity.header] if identity else []),
        headers=headers,
        columns=_in_threes(inside),
        found={
            "title": title.header,
            "id": identity.header if identity else None,
            "email": email.header if email else None,
        },
        skip_headers=_free_headers([SKIP_REASON_HEADER, LINE, RAW_TEXT], source, listener),
    )


def _plan(job: ContactsJob, layout: _Layout, classifier: Classifier, listener: Listener) -> Plan:
    """Addresses are filtered first, so that nobody works on leads that go."""
    steps: list[Compute] = []
    rules = load_rules(job.filters, internal_domains=job.internal_domains)
    if layout.email is not None:
        steps.append(AddressFilter(layout.email, rules))
    elif job.internal_domains or job.filters:
        listener(
            Note("There is no column of e-mail addresses, so no addresses were filtered (--email-column).")
        )
    steps.append(
        ClassifyTitles(
            layout.title,
            classifier.deciders,
            understanding=classifier.understanding,
            reference=load_reference(job.reference) if job.reference else None,
            min_confidence=job.min_confidence,
            columns=layout.columns,
        )
    )
    return Plan(tuple(steps))


def _sinks(
    job: ContactsJob, layout: _Layout, source: Source, folder: OutputFolder, classifier: Classifier
) -> tuple[Sink, Sink]:
    """Where accepted and skipped leads go; ids are never changed, other cells neutralised."""
    added = [name for three in layout.headers for name in three]
    changeable = [place not in layout.ids for place in range(len(source.headers))]
    # Labels come from the taxonomy; only one that could itself be a formula needs a look per cell.
    labels = (label for decider in classifier.deciders for label in decider.labels)
    suspicious = any(label[0] in "=@+-\t\r" for label in labels)
    accepted = table_sink(
        folder.file(f"accepted.{job.format}"),
        [*source.headers, *added],
        neutralise=[*changeable, *([suspicious] * len(added))],
        raw_cells=job.raw_cells,
    )
    skipped = table_sink(
        folder.file(f"skipped.{job.format}"),
        [*source.headers, *layout.skip_headers],
        neutralise=[*changeable, True, True, True],
        raw_cells=job.raw_cells,
    )
    return Behind(accepted), skipped


def _run(
    job: ContactsJob,
    plan: Plan,
    source: Source,
    sinks: tuple[Sink, Sink],
    *,
    listener: Listener,
    tally: Tally,
) -> Outcome:
    accepted, skipped = sinks
    try:
        outcome = run_local(
            plan,
            source,
            accepted=accepted,
            skipped=skipped,
            listener=listener,
            limit=job.limit,
            inspect=tally,
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


def _in_threes(names: Sequence[str]) -> list[FacetColumns]:
    return list(zip(names[::3], names[1::3], names[2::3], strict=True))


def _report(
    job: ContactsJob,
    outcome: Outcome,
    tally: Tally,
    *,
    classifier: Classifier,
    source: Source,
    layout: _Layout,
) -> dict[str, Any]:
    """What stands in run.json, times aside."""
    ledger = outcome.ledger
    computed = outcome.computed["titles"]
    never_read = (UNREADABLE, INTERNAL, TEST)
    asked = ledger.leads - sum(ledger.skip_reasons[reason] for reason in never_read)
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
        "columns": layout.found,
        "notes": list(source.notes),
        "models": {one.facet.column: one.model.title for one in classifier.asked if one.model},
        "taxonomies": {one.taxonomy.name: one.taxonomy.version for one in classifier.asked},
        "lexicon": digest(),
        "leadline": leadline.__version__,
    }
