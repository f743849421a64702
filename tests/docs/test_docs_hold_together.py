"""Links lead somewhere, and no page or source says where it was written."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from docs_pages import ROOT, our_files, page, pages, section

PAGES = [str(file.relative_to(ROOT)) for file in pages()]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
#: Put together here, so that this file does not hold what it looks for.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "--index" + "-url", "--extra-index" + "-url"]
HOMES = re.compile(
    r"(?<![\w.~$}])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/\w"
)


def _anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _link_is_good(page_file: Path, link: str) -> bool:
    if re.match(r"https?://", link):
        return True
    name, _, anchor = link.partition("#")
    target = page_file.parent / name if name else page_file
    if not target.exists():
        return False
    return not anchor or anchor in _anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_the_links_of_a_page_lead_somewhere(name: str) -> None:
    bad = [link for link in LINK.findall(page(name)) if not _link_is_good(ROOT / name, link)]
    # docs/benchmarks.md is written by `make bench` and `make accuracy`.
    assert not [link for link in bad if not link.endswith("benchmarks.md")]


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        file = ahead.pop()
        if file in reached or file.suffix != ".md" or not file.exists():
            continue
        reached.add(file)
        links = (link.partition("#")[0] for link in LINK.findall(file.read_text(encoding="utf-8")))
        ahead += [(file.parent / link).resolve() for link in links if link and not link.startswith("http")]
    assert {
        file for file in pages() if (ROOT / "docs") in file.parents and file.name != "benchmarks.md"
    } <= reached


def test_every_decision_is_in_the_list() -> None:
    files = {file.name for file in (ROOT / "docs/decisions").glob("[0-9]*.md")}
    assert set(re.findall(r"\]\((\d{4}[^)]*\.md)\)", page("docs/decisions/README.md"))) == files


def test_no_file_says_on_which_machine_it_was_written_or_where_packages_come_from() -> None:
    told: list[str] = []
    for file in our_files():
        raw = file.read_bytes()
        if b"\0" in raw:
            continue
        text = raw.decode("utf-8", "replace")
        if str(ROOT) in text or HOMES.search(text) or any(host in text for host in REGISTRIES):
            told.append(str(file.relative_to(ROOT)))
    assert not told


def test_the_tests_that_the_house_names_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", section(page("docs/architecture.md"), "## What must stay true")))
    files = (file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests").rglob("test_*.py")))
    assert named <= {name for text in files for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


@pytest.mark.parametrize("room", ["core", "sources", "cleaning", "titles", "sinks", "engine", "cli"])
def test_every_file_of_a_room_is_in_the_house(room: str) -> None:
    row = next(
        line for line in page("docs/architecture.md").splitlines() if line.startswith(f"| `{room}/` |")
    )
    files = {file.stem for file in (ROOT / "src/leadline" / room).glob("*.py")} - {"__init__"}
    assert files <= set(re.findall(r"`(\w+)`", row))


def test_the_changelog_has_the_version_of_the_package() -> None:
    version = tomllib.loads(page("pyproject.toml"))["project"]["version"]
    assert f"## [{version}]" in page("CHANGELOG.md")
