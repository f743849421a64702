"""docs/commands.md says what the command line is: nothing is missing, nothing is made up."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from docs_pages import ROOT, first_cells, page, section

from leadline.cleaning.addresses import INTERNAL, TEST
from leadline.cli.app import app
from leadline.core import errors
from leadline.engine.contacts import SKIP_REASON_HEADER, ContactsJob, classify_contacts
from leadline.engine.local import LINE, RAW_TEXT, UNREADABLE
from leadline.titles.verdicts import FITS_NO_LABEL, NO_TITLE, NOT_SURE

PAGE = page("docs/commands.md")
SKIP_REASONS = {NO_TITLE, INTERNAL, TEST, UNREADABLE, FITS_NO_LABEL, NOT_SURE}
INTERRUPTED = 130


def _commands(command: Any, name: str) -> dict[str, set[str]]:
    """Every command's name with its options, as the command line has them."""
    own = {option for each in command.params if each.param_type_name == "option" for option in each.opts}
    parts = getattr(command, "commands", {})
    found = {name: own} if own or not parts else {}
    for part, each in parts.items():
        found |= _commands(each, f"{name} {part}")
    return found


COMMANDS = _commands(typer.main.get_command(app), "leadline")


def _documented(command: str) -> set[str]:
    table = section(PAGE, f"## {command}")
    return {option for cell in first_cells(table) for option in re.findall(r"`(-[^`]+)`", cell)}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_s_options_are_those_of_its_section(command: str) -> None:
    assert _documented(command) == COMMANDS[command]


def test_no_section_describes_a_command_that_does_not_exist() -> None:
    assert set(re.findall(r"^## (leadline.*)$", PAGE, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize(
    "file",
    ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))],
)
def test_a_page_names_only_commands_and_options_that_exist(file: str) -> None:
    for line in re.findall(r"(?:^|`|\$ |bin/)(leadline [a-z][^`\n]*)", page(file), re.MULTILINE):
        words = line.split("  ")[0].split(" #")[0].split()
        name = " ".join(words[:3]) if " ".join(words[:3]) in COMMANDS else " ".join(words[:2])
        if name in {"leadline models", "leadline taxonomy"}:
            continue
        assert name in COMMANDS, line
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert options <= COMMANDS[name] | {"--help", "-h"}, line


def test_every_skip_reason_is_documented() -> None:
    assert {cell.strip("`") for cell in first_cells(section(PAGE, "## Skip reasons"))} == SKIP_REASONS


def test_every_exit_code_is_documented() -> None:
    classes = [getattr(errors, name) for name in errors.__all__]
    codes = {0, INTERRUPTED} | {each.exit_code for each in classes}
    assert {int(cell) for cell in first_cells(section(PAGE, "## Exit codes"))} == codes


def test_every_make_target_is_documented() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", page("Makefile"), re.MULTILINE))
    cells = " ".join(first_cells(section(PAGE, "## The make targets")))
    assert set(re.findall(r"`make ([a-z]+)`", cells)) == targets - {"help"}


def test_the_files_and_fields_of_a_run_are_those_documented(workspace: Path) -> None:
    (workspace / "few.csv").write_text("Job Title\nCEO\nn/a\n", encoding="utf-8")
    report = classify_contacts(ContactsJob(input="few.csv"))
    run = json.loads((report.folder / "run.json").read_text(encoding="utf-8"))
    assert {cell.strip("`") for cell in first_cells(section(PAGE, "## run.json"))} == set(run)
    files, columns = section(PAGE, "## Output files").split("Both tables hold", 1)
    assert {cell.strip("`") for cell in first_cells(files)} == {file.name for file in report.folder.iterdir()}
    accepted = (report.folder / "accepted.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert {cell.strip("`") for cell in first_cells(columns)} <= set(accepted)
    skipped = (report.folder / "skipped.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert skipped[1:] == [SKIP_REASON_HEADER, LINE, RAW_TEXT]
    assert all(f"`{name}`" in columns for name in skipped[1:])
    shutil.rmtree(report.folder)
