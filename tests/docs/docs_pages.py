"""The pages of documentation, and what stands in them."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["ROOT", "blocks", "first_cells", "our_files", "page", "pages", "section"]

ROOT = Path(__file__).parent.parent.parent
#: What git does not keep, and what is no text of ours.
NOT_OURS = frozenset(
    {
        ".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache",
        "__pycache__", "build", "dist", "logs", "models", "output_run",
    }
)  # fmt: skip


def our_files() -> list[Path]:
    """Every file that git would keep."""
    found: list[Path] = []
    folders = [ROOT]
    while folders:
        for entry in sorted(folders.pop().iterdir()):
            if entry.name in NOT_OURS or entry.name.startswith(".ready"):
                continue
            if entry.is_dir():
                folders.append(entry)
            else:
                found.append(entry)
    return found


def pages() -> list[Path]:
    """Every page of documentation."""
    return [file for file in our_files() if file.suffix == ".md"]


def page(name: str) -> str:
    """The text of a page, named from the repository's root."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = heading.split(" ", maxsplit=1)[0]
    found = re.search(
        rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found is not None, f"There is no section “{heading}”."
    return found[1]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in `text`, heads and rules left out."""
    rows = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)
    cells = [row.split(" | ")[0].strip() for row in rows]
    return [
        cell for at, cell in enumerate(cells) if not set(cell) <= {"-", " ", "|"} and not _is_head(rows, at)
    ]


def _is_head(rows: list[str], at: int) -> bool:
    return at + 1 < len(rows) and set(rows[at + 1]) <= set("-| :")
