"""Keeps what was measured: machine-readable in results.json, readable in docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results.json"
PAGE = ROOT / "docs/benchmarks.md"
DATA = ROOT.parent / "shared/data"


def machine() -> str:
    """What the figures were taken on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def keep(part: str, figures: dict[str, Any], table: str) -> None:
    """Stores `figures` under `part` and puts `table` (Markdown) between the part's marks on the page."""
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    taken = {"date": datetime.now().astimezone().date().isoformat(), "machine": machine()}
    results[part] = taken | figures
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = PAGE.read_text("utf-8")
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    head, _, rest = text.partition(begin)
    if not rest:
        raise SystemExit(f"{PAGE} has no mark {begin}")
    _, _, tail = rest.partition(end)
    note = f"Taken {taken['date']} on {taken['machine']}."
    PAGE.write_text(f"{head}{begin}\n{note}\n\n{table}\n{end}{tail}", encoding="utf-8")


def rows(header: list[str], lines: list[list[object]]) -> str:
    """A Markdown table."""
    out = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    out += ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join(out)
