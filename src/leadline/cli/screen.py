"""What people see: progress on a terminal, plain lines in a log, tables and bars at the end."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from leadline.cli.readable import readable
from leadline.core.events import Event, Listener, Note
from leadline.core.events import Progress as ProgressEvent

__all__ = ["bars", "err", "listening", "out", "print_json", "shares", "titled"]

#: Where nobody looks at a terminal, lines are as long as they are: commands in them can be copied.
LOG_WIDTH = 160
out = Console(highlight=False)
if not out.is_terminal and not os.environ.get("COLUMNS"):
    out = Console(highlight=False, width=LOG_WIDTH)
err = Console(stderr=True, highlight=False)
#: In a log, one line of progress at most every so many seconds.
LOG_EVERY_S = 5.0
BAR_CELLS = 28
NAME_CELLS = 34
#: Count, share and the gaps between columns.
NUMBER_CELLS = 24


def print_json(value: object) -> None:
    """The one JSON document of a command with `--json`."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def listening(what: str) -> Iterator[Listener]:
    """A listener that shows notes, and progress as a bar (terminal) or as lines (log), all on stderr."""
    if err.is_terminal:
        with _bar(what) as listener:
            yield listener
    else:
        yield _LogLines(what)


class _LogLines:
    def __init__(self, what: str) -> None:
        self._what = what
        self._last = time.monotonic()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Note):
            typer.echo(readable(event.text), err=True)
        elif isinstance(event, ProgressEvent) and time.monotonic() - self._last >= LOG_EVERY_S:
            self._last = time.monotonic()
            share = "" if event.share is None else f" ({event.share:.0%})"
            typer.echo(f"{self._what}: {event.leads:,} leads{share}, {event.seconds:.0f} s", err=True)


@contextmanager
def _bar(what: str) -> Iterator[Listener]:
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[leads]}"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    with progress:
        task = progress.add_task(what, total=1.0, leads="")

        def listener(event: Event) -> None:
            if isinstance(event, Note):
                progress.console.print(escape(readable(event.text)))
            elif isinstance(event, ProgressEvent):
                rate = event.leads / max(event.seconds, 1e-6)
                text = f"{event.leads:,} leads · {rate:,.0f}/s"
                progress.update(task, completed=event.share or 0.0, leads=text)

        yield listener


def titled(text: str) -> None:
    """A heading."""
    out.print(f"\n[bold]{escape(readable(text))}[/bold]")


def bars(counts: Mapping[str, int], *, total: int, most: int = 30) -> None:
    """One line per label: name, bar, count and share; the longest bar is the largest count."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, max_width=NAME_CELLS)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style="dim")
    longest = max((len(name) for name in counts), default=0)
    # What the bar may take on this terminal: names, numbers and gaps come first.
    cells = min(BAR_CELLS, max(out.width - min(longest, NAME_CELLS) - NUMBER_CELLS, 4))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    largest = max((count for _, count in ordered), default=1) or 1
    for name, count in ordered[:most]:
        table.add_row(
            escape(readable(name)),
            _drawn(count / largest, cells),
            f"{count:,}",
            f"{count / max(total, 1):.1%}",
        )
    out.print(table)
    if len(ordered) > most:
        out.print(f"[dim]and {len(ordered) - most} more[/dim]")


def _drawn(share: float, cells: int) -> str:
    eighths = round(share * cells * 8)
    full, rest = divmod(eighths, 8)
    partial = " ▏▎▍▌▋▊▉"[rest] if rest else ""
    return f"[blue]{'█' * full}{partial or ('▏' if share > 0 and not full else '')}[/blue]"


def shares(rows: Iterable[Sequence[Any]], headers: Sequence[str]) -> None:
    """A plain table; numbers are right-aligned."""
    listed = [[readable(str(cell)) for cell in row] for row in rows]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, header in enumerate(headers):
        numeric = bool(listed) and all(_is_number(row[place]) for row in listed)
        table.add_column(
            escape(header),
            justify="right" if numeric else "left",
            overflow="fold" if not numeric else "ellipsis",
        )
    for row in listed:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("%", "").strip("+-").isdigit() or text in ("", "–")
