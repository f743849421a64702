"""What must stay true, whatever the file: the invariants of the house, looked for where they do not hold."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from leadline.core.errors import InputError
from leadline.core.workspace import Workspace
from leadline.engine.contacts import ContactsJob, classify_contacts
from leadline.sources.open import open_source
from leadline.titles.taxonomy import find_taxonomy

Row = list[str]

TITLES = st.sampled_from(
    [
        "VP of Sales",
        "Nurse",
        "CEO & Co-Founder",
        "n/a",
        "",
        " ",
        "=cmd()",
        "+49 30 123456",
        "-5",
        "@x",
        "\tCEO",
        "Leiter Einkauf (m/w/d)",
    ]
)
LETTERS = st.sampled_from(list("\",;\t|\n\r'=+-@ \x00\x1fxCEO1é经😀\ufeff")) | st.characters(
    exclude_categories=["Cs"]
)
CELLS = TITLES | st.text(LETTERS, max_size=8)
EMAILS = st.sampled_from(["", "jane@acme.com", "test@acme.com", "joe@own.de", "x"])
IDS = st.sampled_from(["", "1", "1", "2", "=7", "007"]) | st.text(
    st.characters(categories=["L", "N"]), max_size=3
)
TABLES = st.lists(st.tuples(IDS, CELLS, EMAILS, CELLS), max_size=10)
HEADERS = ["Id", "Job Title", "Email", "Note"]
TOKENS = st.sampled_from(
    [
        b'"',
        b'""',
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\xff",
        b"\xc3\xa9",
        b"\x00",
        b"CEO",
        b"1",
        b"=x",
    ]
)
BYTES = st.lists(TOKENS | st.binary(max_size=3), max_size=40).map(b"".join)


def run(content: bytes, **options: Any) -> tuple[dict[str, Any], list[Row], list[Row], bytes]:
    """run.json, the rows of accepted.csv and skipped.csv (headers first), and the bytes of both."""
    try:
        return outcome(content, **options)
    except InputError as error:
        if "is no text file" in error.message:  # control characters are more than one in twenty
            reject()
        raise


def outcome(content: bytes, **options: Any) -> tuple[dict[str, Any], list[Row], list[Row], bytes]:
    """As `run`, without mercy for what is no text."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "leads.csv").write_bytes(content)
        job = ContactsJob(
            input=str(home / "leads.csv"),
            out=home / "out",
            internal_domains=["own.de"],
            workspace=Workspace(home),
            **options,
        )
        report = classify_contacts(job)
        files = [(home / "out" / name).read_bytes() for name in ("accepted.csv", "skipped.csv")]
        assert json.loads((home / "out/run.json").read_text()) == report.run
    rows = [
        list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True)) for file in files
    ]
    return report.run, rows[0], rows[1], b"\0".join(files)


def table(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return text.getvalue().encode()


@settings(max_examples=60)
@given(TABLES)
def test_no_lead_is_lost_or_doubled_in_a_valid_table(rows: list[tuple[str, str, str, str]]) -> None:
    """Every cell of every lead comes out once, in its order, accepted or skipped."""
    numbered = [(str(number), *row) for number, row in enumerate(rows)]
    text = io.StringIO()
    csv.writer(text).writerows([["Line of the file", *HEADERS], *numbered])
    report, accepted, skipped, _ = run(text.getvalue().encode(), raw_cells=True)
    assert report["leads"] == len(rows) == report["accepted"] + report["skipped"]
    assert report["accepted"] == len(accepted) - 1
    assert sum(report["skip_reasons"].values()) == len(skipped) - 1
    for part in (accepted, skipped):
        places = [int(row[0]) for row in part[1:]]
        assert places == sorted(places)
    out = sorted((tuple(row[:5]) for row in accepted[1:] + skipped[1:]), key=lambda row: int(row[0]))
    assert out == numbered


@settings(max_examples=80)
@given(BYTES)
def test_no_lead_is_lost_or_doubled_whatever_the_bytes(body: bytes) -> None:
    """What the source finds, lines that are none included, is what comes out, in that order."""
    content = b"Id,Job Title\n" + body
    report, accepted, skipped, _ = run(content, raw_cells=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "leads.csv").write_bytes(content)
        source = open_source(Path(folder) / "leads.csv", raw_cells=True)
        found: list[tuple[str, ...]] = []
        unreadable: list[tuple[str, str]] = []
        for batch in source.batches():
            found += [tuple(cell or "" for cell in row) for row in batch.frame.rows()]
            unreadable += [(str(line.line), line.raw) for line in batch.unreadable]
    width = len(source.headers)
    assert report["leads"] == len(found) + len(unreadable) == report["accepted"] + report["skipped"]
    assert [(row[-2], row[-1]) for row in skipped[1:] if row[width] == "unreadable line"] == unreadable
    kept = [tuple(row[:width]) for row in accepted[1:]]
    gone = [tuple(row[:width]) for row in skipped[1:] if row[width] != "unreadable line"]
    assert sorted(kept + gone) == sorted(found)
    assert _is_part_in_order(kept, found)
    assert _is_part_in_order(gone, found)


def _is_part_in_order(part: list[tuple[str, ...]], whole: list[tuple[str, ...]]) -> bool:
    rest = iter(whole)
    return all(one in rest for one in part)


@settings(max_examples=60)
@given(BYTES | st.binary(max_size=200))
def test_bytes_that_are_no_table_are_an_error_and_nothing_else(content: bytes) -> None:
    """Whatever is in the file: a balanced run, or an error that says what to do."""
    refusal, report = None, None
    try:
        report, *_ = outcome(content)
    except InputError as error:
        refusal = error
    if report is not None:
        assert report["leads"] == report["accepted"] + report["skipped"]
    else:
        assert refusal is not None
        assert refusal.message
        assert refusal.hint


@settings(max_examples=25)
@given(TABLES)
def test_same_input_same_output(rows: list[tuple[str, ...]]) -> None:
    (one, *_, first), (other, *_, second) = run(table(rows)), run(table(rows))
    assert first == second
    for report in (one, other):
        for of_the_moment in ("seconds", "started", "input"):
            del report[of_the_moment]
    assert one == other


@settings(max_examples=25)
@given(st.permutations(range(8)), st.lists(CELLS, min_size=8, max_size=8))
def test_a_verdict_does_not_depend_on_the_other_leads(order: list[int], titles: list[str]) -> None:
    """The order of the leads changes the order of the output, and no label."""
    rows = [(str(number), title, "", "") for number, title in enumerate(titles)]
    _, accepted, skipped, _ = run(table(rows))
    _, accepted_again, skipped_again, _ = run(table([rows[number] for number in order]))
    assert sorted(accepted) == sorted(accepted_again)
    assert sorted(skipped) == sorted(skipped_again)


ODD = """\
name: odd
facets:
  - name: odd
    fallback: =NONE()
    labels:
      - {name: "=SUM(A1)", keywords: [sales]}
      - {name: "<b>, \\"x\\"", match: {seniority: [VP, CXO]}}
      - {name: "+", match: {role: Purchasing}}
"""


@settings(max_examples=30)
@given(st.lists(CELLS | st.text(max_size=30), max_size=10))
def test_a_label_is_always_one_of_the_taxonomys(titles: list[str]) -> None:
    """Whatever a title says, and whatever the labels look like."""
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        file.write(ODD)
        file.flush()
        names = ["default", "personas", "segments", file.name]
        content = pl.DataFrame(
            {"Job Title": titles, "n": "x"}, schema={"Job Title": pl.String, "n": pl.String}
        ).write_csv()
        _, accepted, _, _ = run(content.encode(), taxonomies=names, raw_cells=True)
        facets = [facet for name in names for facet in find_taxonomy(name, workspace=Path()).facets]
    columns = {name: place for place, name in enumerate(accepted[0])}
    for row in accepted[1:]:
        for facet in facets:
            label, sure = row[columns[facet.column]], row[columns[facet.confidence_column]]
            assert label in {*facet.label_names, ""}
            assert (sure == "") if label == "" else (0 <= int(sure) <= 100)
            assert row[columns[facet.decided_by_column]] in {
                "rule",
                "model",
                "fits no label",
                "not sure enough",
            }


#: `-5`, `+49 (0)30 123-45`: what begins with a sign and is no formula.
NUMBER_OR_PHONE = re.compile(r"[+-][ \d.,'()/\u00a0\u202f+x%eEt-]*")


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(IDS, CELLS, EMAILS, CELLS | st.sampled_from(["=1+1", "+x", "--", "\rx", "'=x"])), max_size=8
    )
)
def test_what_a_lead_says_is_data_never_a_formula(rows: list[tuple[str, ...]]) -> None:
    _, accepted, skipped, _ = run(table(rows))
    for row in accepted[1:] + skipped[1:]:
        for cell in row[1:]:
            assert cell[:1] not in {"=", "@", "\t", "\r"}
            assert cell[:1] not in {"+", "-"} or NUMBER_OR_PHONE.fullmatch(cell)
    ids = sorted(row[0] for row in accepted[1:] + skipped[1:])
    assert ids == sorted(one for one, *_ in rows)


def test_what_a_label_says_is_data_never_a_formula(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text(ODD)
    content = b"Id,Job Title\n1,Sales Manager\n2,VP Engineering\n3,Nurse\n"
    _, accepted, _, _ = run(content, taxonomies=[str(tmp_path / "odd.yml")])
    assert [row[2] for row in accepted[1:]] == ["'=SUM(A1)", '<b>, "x"', "'=NONE()"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 8, 100])
def test_a_limit_ends_the_account_and_not_its_balance(limit: int) -> None:
    content = b"Id,Job Title\n1,CEO\nshort\n2,\n3,Nurse\nx,y,z\n4,CTO\n"
    report, accepted, skipped, _ = run(content, limit=limit)
    assert report["leads"] == min(limit, 6) == len(accepted) + len(skipped) - 2
