"""Runs a plan on this machine, batch by batch, in bounded memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from leadline.core.events import Listener, Progress
from leadline.engine.ledger import Ledger
from leadline.engine.memo import Memo
from leadline.engine.plan import Plan
from leadline.engine.step import SKIP_REASON
from leadline.sinks import Sink
from leadline.sources import Batch, Source, Unreadable

__all__ = ["LINE", "RAW_TEXT", "UNREADABLE", "Outcome", "free_names", "run_local"]

#: The reason of a line that no source could read; the only one that does not come from a step.
UNREADABLE = "unreadable line"
LINE, RAW_TEXT = "Line", "Raw Text"
#: The engine's own columns, unless the input has columns of these names: place, reason, line, raw text.
_OWN = ("\x00lead", "\x00reason", "\x00line", "\x00raw")


@dataclass(frozen=True)
class Outcome:
    """What a run counted: the ledger, and how many distinct reads each step worked on."""

    ledger: Ledger
    computed: dict[str, int]


@dataclass
class _Skips:
    """The skipped leads of one batch, gathered step by step."""

    columns: list[str]
    own: Sequence[str]
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, leads: pl.DataFrame, reasons: pl.Series) -> None:
        lead, reason, *others = self.own
        part = leads.select([lead, *self.columns]).with_columns(
            reasons.cast(pl.String).alias(reason), *(pl.lit(None, pl.String).alias(name) for name in others)
        )
        # Odd keys for rows, even ones for the unreadable lines before them.
        self.parts.append(part.with_columns(pl.col(lead) * 2 + 1))

    def add_unreadable(self, lines: tuple[Unreadable, ...], schema: pl.Schema) -> None:
        empty = [pl.lit(None, dtype=schema[column]).alias(column) for column in self.columns]
        lead, reason, number, raw = self.own
        part = pl.DataFrame(
            {
                lead: [line.at * 2 for line in lines],
                reason: [UNREADABLE] * len(lines),
                number: [str(line.line) for line in lines],
                raw: [line.raw for line in lines],
            },
            schema={lead: pl.Int64, reason: pl.String, number: pl.String, raw: pl.String},
        )
        self.parts.append(part.with_columns(empty).select([lead, *self.columns, reason, number, raw]))

    def frame(self) -> pl.DataFrame | None:
        if not self.parts:
            return None
        return pl.concat(self.parts).sort(self.own[0], maintain_order=True).drop(self.own[0])


def run_local(
    plan: Plan,
    source: Source,
    *,
    accepted: Sink,
    skipped: Sink,
    listener: Listener,
    limit: int | None = None,
    inspect: Callable[[pl.DataFrame], None] | None = None,
) -> Outcome:
    """Sends every lead of `source` through `plan` into `accepted` or `skipped`, in input order.

    `accepted` gets the input's columns and what the steps add; `skipped` the input's columns, the
    reason, and line number and raw text of unreadable lines. `inspect` sees each accepted batch.

    Raises:
        InputError: the plan does not fit the source's columns (before the first lead is read).
        LedgerError: a lead was lost or doubled.
    """
    plan.check(source.columns)
    ledger = Ledger()
    memos = [Memo(step) for step in plan.steps]
    own = free_names(_OWN, [*source.columns, *plan.adds])
    started = time.monotonic()
    for whole in source.batches():
        batch = _limited(whole, limit, ledger.leads)
        ledger.leads += batch.leads
        skips = _Skips(source.columns, own)
        leads = _through(batch, memos, skips)
        if batch.unreadable:
            skips.add_unreadable(batch.unreadable, batch.frame.schema)
        gone = skips.frame()
        if gone is not None and gone.height:
            ledger.skip(gone[own[1]])
            skipped.write(gone)
        ledger.accepted += leads.height
        kept = leads.drop(own[0])
        accepted.write(kept)
        if inspect is not None:
            inspect(kept)
        listener(Progress(ledger.leads, source.share_read(), time.monotonic() - started))
        if limit is not None and ledger.leads >= limit:
            break
    ledger.check()
    return Outcome(ledger, {memo.step.name: memo.computed for memo in memos})


def _through(batch: Batch, memos: list[Memo], skips: _Skips) -> pl.DataFrame:
    """The leads of `batch` that pass all steps, with what the steps added; the others go to `skips`."""
    leads = batch.frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(skips.own[0]))
    for memo in memos:
        outcome = memo.outcome(leads)
        if SKIP_REASON in outcome.columns:
            reasons = outcome[SKIP_REASON]
            outcome = outcome.drop(SKIP_REASON)
            if reasons.null_count() < len(reasons):
                keep = reasons.is_null()
                skips.add(leads.filter(~keep), reasons.drop_nulls())
                leads, outcome = leads.filter(keep), outcome.filter(keep)
        leads = leads.hstack(outcome)
    return leads


def free_names(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Names for columns that none of `taken` has: the wanted ones, behind control characters if need be."""
    there = set(taken)
    free: list[str] = []
    for name in wanted:
        ours = name
        while ours in there:
            ours = f"\x01{ours}"
        there.add(ours)
        free.append(ours)
    return free


def _limited(batch: Batch, limit: int | None, already: int) -> Batch:
    """The beginning of `batch` that a limit leaves room for."""
    if limit is None or already + batch.leads <= limit:
        return batch
    room = limit - already
    rows = unreadable = 0
    for line in batch.unreadable:
        if line.at + unreadable >= room:
            break
        unreadable += 1
    rows = room - unreadable
    return Batch(batch.frame.head(rows), batch.unreadable[:unreadable])
