"""The `leadline` command as people type it: in this process for speed, in one of its own for signals."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leadline.cli.app import run

Row = dict[str, str]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)

    @property
    def last_line(self) -> str:
        return self.out.splitlines()[-1]


class CommandLine:
    """Types commands in this process, with all that happens around `run`: exit codes, errors, streams."""

    def __init__(self, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capture = capture
        self._patch = patch

    def __call__(self, *words: str | Path, stdin: bytes | None = None) -> Done:
        self._capture.readouterr()
        handler = signal.getsignal(signal.SIGTERM)
        with self._patch.context() as patch:
            patch.setattr(sys, "argv", ["leadline", *map(str, words)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin or b"")))
            try:
                run()
            except SystemExit as end:
                code = end.code
            finally:
                signal.signal(signal.SIGTERM, handler)
        seen = self._capture.readouterr()
        assert isinstance(code, int)
        return Done(code, seen.out, seen.err)


def started(*words: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "leadline", *map(str, words)]
    return subprocess.Popen(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def finished(*words: str | Path, **options: Any) -> Done:
    """The command in a process of its own, when it has ended."""
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "leadline", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, **options)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def table(path: Path) -> list[Row]:
    """A CSV file's rows by their headers."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def cells(path: Path) -> list[list[str]]:
    """A CSV file's cells, the header first."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, strict=True))


def csv_bytes(*rows: Sequence[str]) -> bytes:
    """The rows as Python's own writer writes them."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
