"""docs/errors.md has every message that Leadline gives, and no other."""

from __future__ import annotations

import ast
import re
from functools import cache

from docs_pages import ROOT, first_cells, page, section

from leadline.core import errors

PAGE = page("docs/errors.md")
#: In `sinks/failures.py` the class of the error is an argument, in the taxonomy's reader it is a method.
RAISED = {*errors.__all__, "kind"}
NOT_MESSAGES = {"… …", "…", ""}


def _text(node: ast.expr) -> str:
    """A string as the page writes it: `…` for what varies."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return "…"


def _plain(text: str) -> str:
    return re.sub(r"…+", "…", " ".join(text.split())).strip()


@cache
def _sources() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "src").rglob("*.py")))


def _raised() -> set[str]:
    found: set[str] = set()
    for call in (node for tree in _sources() for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        is_reader = ast.unparse(call.func) == "self.error" and len(call.args) > 1
        if call.args and (name in RAISED or is_reader):
            found.add(_plain(_text(call.args[-1])))
    return found - NOT_MESSAGES


def _written() -> set[str]:
    """Every string of the source with what varies left open."""
    nodes = (node for tree in _sources() for node in ast.walk(tree))
    return {
        _plain(_text(node)) for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)
    }


def _documented() -> set[str]:
    cells = first_cells(PAGE)
    return {_plain(cell.strip("`")) for cell in cells if cell.startswith("`")} - set(errors.__all__)


def test_every_message_is_documented() -> None:
    missing = sorted(_raised() - _documented())
    assert missing == []


def test_no_message_is_documented_that_nobody_gives() -> None:
    written = _written()
    made_up = sorted(m for m in _documented() if not any(m in text for text in written))
    assert made_up == []


def test_every_class_of_error_is_documented_with_its_exit_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", PAGE, re.MULTILINE)
    assert {name: int(code) for name, code in rows} == {
        name: getattr(errors, name).exit_code for name in errors.__all__
    }


def test_the_first_section_comes_before_any_message() -> None:
    assert first_cells(section(PAGE, "## The input file"))
