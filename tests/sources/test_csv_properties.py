"""What holds for every delimited file, found by looking for one where it does not."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sourcereading import Reading, csv_source, everything

from leadline.core.errors import InputError
from leadline.sources.encoding import decoded, repaired
from leadline.sources.grammar import Dialect
from leadline.sources.parser import Parser
from leadline.sources.records import Sorter
from leadline.sources.shape import shape_of

#: Characters that mean something to a reader of CSV come up often.
TRICKY = st.sampled_from(list("\",;\t|\n\r'=+- ^\x00\x1fxB(aé経😀\ufeff\u2028"))
CELLS = st.text(TRICKY | st.characters(exclude_categories=["Cs"]), max_size=12)
TOKENS = st.sampled_from(
    [
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"a",
        b" ",
        b"\t",
        b"\xff",
        b"\xc3\xa9",
        b"\xe4",
        b"\x00",
        b"x^",
        b"'=",
    ]
)
BYTES = st.lists(TOKENS | st.binary(max_size=3), max_size=60).map(b"".join)
BLOCKS = st.sampled_from([1, 2, 7, 64, 1 << 20])


def read_bytes(content: bytes, *, block_bytes: int = 16 << 20) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        path.write_bytes(content)
        return everything(csv_source(path, block_bytes=block_bytes))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], dict[str, object], str]:
    """Rows of text, how Python's csv module writes them, and in which encoding."""
    width = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12))
    end = draw(st.sampled_from(["\r\n", "\n", "\r"]))
    # Up to Python 3.12, csv leaves a line end unquoted that is not the one it writes itself.
    loose = end != "\r\n" and any("\n" in cell or "\r" in cell for row in rows for cell in row)
    dialect: dict[str, object] = {
        "delimiter": draw(st.sampled_from([",", ";", "\t", "|", "^", "\x1f"])),
        "lineterminator": end,
        "quoting": csv.QUOTE_ALL if loose else draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    }
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
    return rows, dialect, encoding


@settings(max_examples=400, deadline=None)
@given(tables(), BLOCKS)
def test_rows_written_by_pythons_csv_module_come_back_equal(
    table: tuple[list[list[str]], dict[str, object], str], block_bytes: int
) -> None:
    rows, dialect, encoding = table
    headers = [f"column {place}" for place in range(len(rows[0]) if rows else 2)]
    text = io.StringIO()
    csv.writer(text, **dialect).writerows([headers, *rows])  # type: ignore[arg-type]
    reading = read_bytes(text.getvalue().encode(encoding), block_bytes=block_bytes)
    assert reading.headers == headers
    assert [[cell or "" for cell in row] for row in reading.rows] == rows
    assert reading.unreadable == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text(st.characters(codec="cp1252"), max_size=9), min_size=2, max_size=2), max_size=9)
)
def test_a_windows_1252_file_comes_back_equal_but_for_lines_that_are_utf_8(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], *rows])
    content = text.getvalue().encode("cp1252")
    expected = list(csv.reader(io.StringIO("\n".join(map(decoded, content.split(b"\n"))), newline="")))[1:]
    reading = read_bytes(content)
    assert [[cell or "" for cell in row] for row in reading.rows] == expected


@settings(max_examples=1500, deadline=None)
@given(BYTES, BLOCKS)
def test_any_bytes_give_the_same_leads_whatever_the_size_of_the_blocks(body: bytes, block_bytes: int) -> None:
    content = b"id,title\n" + body
    assert read_bytes(content, block_bytes=block_bytes) == read_bytes(content)


@settings(max_examples=1500, deadline=None)
@given(BYTES, st.sampled_from([b"id,title\n", b"title\n", b""]))
def test_every_line_of_any_bytes_is_a_lead_a_part_of_one_unreadable_or_blank(
    body: bytes, header: bytes
) -> None:
    try:
        reading = read_bytes(header + body)
    except InputError:
        return
    lines = (header + body).decode("latin-1").split("\n")
    for _, line, raw in reading.unreadable:
        if b"\r" not in body and not body.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            assert raw == decoded(lines[line - 1].encode("latin-1"))
    # Where no quote can join lines, each line that is not blank is exactly one lead.
    if header == b"id,title\n" and b'"' not in body and b"\r" not in body:
        filled = [line for line in body.decode("latin-1").split("\n") if line.strip(" \t")]
        assert len(reading.rows) + len(reading.unreadable) == len(filled)


@settings(max_examples=1500, deadline=None)
@given(BYTES, st.sampled_from([Dialect(b","), Dialect(b""), Dialect(b"\t", b"\r")]), st.integers(1, 3))
def test_the_fast_look_and_the_slow_one_agree(body: bytes, dialect: Dialect, cells: int) -> None:
    cells = cells if dialect.separator else 1
    shape = shape_of(body, dialect, cells=cells)
    if shape is None:
        return
    (slow,) = Sorter(dialect, cells).sort(body[: shape.end], line=1, at_end=True)
    assert (slow.rows, slow.lines, slow.end) == (shape.rows, shape.lines, shape.end)
    assert slow.unreadable == []
    assert slow.blank == 0


@settings(max_examples=800, deadline=None)
@given(BYTES)
def test_polars_reads_what_we_call_clean_as_we_do_by_hand(body: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        by_polars = read_bytes(b"id,title\n" + body)
        patch.setattr(Parser, "_by_polars", lambda *_: None)
        assert read_bytes(b"id,title\n" + body).rows == by_polars.rows


@given(BYTES)
def test_repaired_bytes_are_utf_8_line_for_line_what_each_line_decodes_to(body: bytes) -> None:
    text, _ = repaired(body, b"\n")
    assert text.decode().split("\n") == [decoded(line) for line in body.split(b"\n")]
