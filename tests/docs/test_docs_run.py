"""What the pages show runs: the README's commands, and every block of Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_pages import ROOT, blocks, page, pages

WITH_PYTHON = [
    str(file.relative_to(ROOT)) for file in pages() if blocks(file.read_text(encoding="utf-8"), "python")
]
LEFT_OUT = "…"


def _console(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of the ```console blocks, with the lines that are shown under it."""
    for block in blocks(text, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, shown


def _words(line: str) -> str:
    """A line without what may differ: figures, the length of bars, the width of columns."""
    return " ".join(re.sub(r"\d+", "#", re.sub(r"[█▉▊▋▌▍▎▏]+", " ", line)).split())


def _assert_shown(shown: list[str], output: str, command: str) -> None:
    """Each line that is shown is there, as far as its first `…`; below it the same holds for the next."""
    lines = [_words(line) for line in output.splitlines()]
    at = 0
    for line in shown:
        wanted = _words(line.split(LEFT_OUT)[0])
        found = next((place for place in range(at, len(lines)) if lines[place].startswith(wanted)), None)
        assert found is not None, f"$ {command}\ndoes not show\n{line}\nbut\n{output}"
        at = found + (1 if wanted else 0)


def test_the_readme_s_commands_run_and_show_what_it_says(workspace: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    commands = list(_console(page("README.md")))
    assert len(commands) > 6
    for command, shown in commands:
        done = subprocess.run(
            ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", command],
            env=environment, capture_output=True, encoding="utf-8", check=False, cwd=workspace,
        )  # fmt: skip
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        _assert_shown(shown, done.stdout.lstrip("\ufeff"), command)


@pytest.mark.parametrize("name", WITH_PYTHON)
def test_the_python_of_a_page_runs(name: str, workspace: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__docs__"}
    for number, block in enumerate(blocks(page(name), "python"), start=1):
        exec(compile(block, f"{name}, block {number}", "exec"), namespace)  # noqa: S102 - our own pages


def test_the_step_of_the_page_runs_through_the_engine(workspace: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__docs__"}
    for block in blocks(page("docs/add-a-step.md"), "python"):
        exec(compile(block, "docs/add-a-step.md", "exec"), namespace)  # noqa: S102 - our own page
    skipped = (workspace / "skipped.csv").read_text(encoding="utf-8-sig").splitlines()
    assert skipped[1:] == ["3,,no address,,", ',,unreadable line,6,"5,one cell too many,"']
