"""Excel, Parquet and JSON lines."""

from __future__ import annotations

import datetime
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sourcereading import Reading, everything

from leadline.core.errors import InputError
from leadline.sources import excel, jsonlines, open_source, parquet
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions

Read = Callable[..., Reading]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_gives_text_with_ids_dates_and_booleans_as_people_write_them(read: Read) -> None:
    content = workbook(
        Leads=[
            [],
            ["Record ID", "Job Title", "Since", "Score", None],
            [12345678901, "CEO", datetime.date(2024, 1, 2), 1.5],
            [12345.0, "0012", datetime.datetime(2024, 1, 2, 3, 4, 5), True],
            [None, None, None, None],
            ["a-1", "=1+1", None, "  "],
            ["a-2", "-5", "'tis", "x\ny"],
        ]
    )
    reading = read(content, "leads.xlsx")
    assert reading.headers == ["Record ID", "Job Title", "Since", "Score"]
    assert reading.rows == [
        ("12345678901", "CEO", "2024-01-02", "1.5"),
        ("12345", "0012", "2024-01-02 03:04:05", "true"),
        ("a-1", None, None, None),
        ("a-2", "-5", "'tis", "x\ny"),
    ]
    assert reading.notes == ["1 row was blank and passed over."]


def test_a_sheet_is_chosen_by_name_and_the_first_without(read: Read) -> None:
    content = workbook(One=[["a"], ["1"]], Two=[["b"], ["2"]], Empty=[])
    assert read(content, "leads.csv").rows == [("1",)]
    assert read(content, "leads.xlsx").notes == ["Read the first of 3 sheets, “One” (--sheet chooses)."]
    assert read(content, "leads.xlsx", sheet="two").rows == [("2",)]
    with pytest.raises(InputError, match="no sheet “Three”.*“One”, “Two”, “Empty”"):
        read(content, "leads.xlsx", sheet="Three")
    with pytest.raises(InputError, match="“Empty” of .* is empty.*--sheet: “One”, “Two”"):
        read(content, "leads.xlsx", sheet="Empty")


def test_a_workbook_with_a_header_only_has_no_leads(read: Read) -> None:
    reading = read(workbook(Leads=[["Id", "Title"]]), "leads.xlsx")
    assert (reading.headers, reading.rows) == (["Id", "Title"], [])


def test_a_workbook_comes_in_batches_and_repeated_headers_become_unique(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "BATCH_ROWS", 2)
    reading = read(workbook(Leads=[["a", "a"], *([str(n), "x"] for n in range(5))]), "leads.xlsx")
    assert reading.columns == ["a", "a (2)"]
    assert [row[0] for row in reading.rows] == list("01234")


def test_parquet_keeps_the_types_of_its_columns_and_the_order_of_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "FIRST_ROWS", 7)
    monkeypatch.setattr(parquet, "BATCH_ROWS", 11)
    table = pl.DataFrame(
        {
            "Id": range(50),
            "Job Title": [f"t{n}" if n % 3 else None for n in range(50)],
            "tags": [[n, None] for n in range(50)],
        }
    )
    table.write_parquet(tmp_path / "leads[1].parquet", row_group_size=20)
    source = open_source(tmp_path / "leads[1].parquet")
    frames = [batch.frame for batch in source.batches()]
    assert [frame.height for frame in frames] == [7, 11, 11, 11, 10]
    assert pl.concat(frames).equals(table)
    assert source.share_read() == 1.0


def test_a_parquet_file_without_rows_has_no_leads(tmp_path: Path) -> None:
    pl.DataFrame(schema={"Title": pl.String}).write_parquet(tmp_path / "a.parquet")
    assert everything(open_source(tmp_path / "a.parquet")).rows == []


def test_a_parquet_file_that_was_cut_off_is_refused(read: Read, tmp_path: Path) -> None:
    pl.DataFrame({"Title": ["x"] * 100}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(InputError, match="damaged"):
        read((tmp_path / "a.parquet").read_bytes()[:-20], "b.parquet")


def test_json_lines_give_every_key_as_a_column_and_every_value_as_text(read: Read) -> None:
    reading = read(
        b'\xef\xbb\xbf{"id": 12345678901234567890, "title": "CEO", "score": 1.50}\n'
        b'{"title": null, "new": true, "score": -1e5, "id": ""}\r\n'
        b'\n[1]\nnot json\n{"id": NaN}\n'
        b'{"nested": {"a": [1.0, "\xc3\xa9", null]}, "id": "\\ud800x"}',
        "leads.jsonl",
    )
    assert reading.headers == ["id", "title", "score", "new", "nested"]
    assert reading.rows == [
        ("12345678901234567890", "CEO", "1.50", None, None),
        (None, None, "-1e5", "true", None),
        ("NaN", None, None, None, None),
        ("\ufffdx", None, None, None, '{"a": [1.0, "é", null]}'),
    ]
    assert reading.unreadable == [(2, 4, "[1]"), (2, 5, "not json")]
    assert reading.notes == ["1 line was blank and passed over."]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.csv", "a.jsonl.gz"])
def test_json_lines_are_known_by_their_content_or_their_ending(read: Read, name: str) -> None:
    content = b'{"a": 1}\n{"a": 2}\n'
    assert read(gzip.compress(content) if name.endswith("gz") else content, name).rows == [("1",), ("2",)]


@pytest.mark.parametrize(
    "line", [b'{"a": ' + b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'{"a": 1} x', b"{}"]
)
def test_a_hostile_line_of_json_is_a_lead_or_unreadable_but_no_crash(read: Read, line: bytes) -> None:
    reading = read(b'{"a": 1}\n' + line + b'\n{"a": 2}\n', "leads.jsonl")
    assert len(reading.rows) + len(reading.unreadable) == 3


def test_json_lines_without_an_object_or_with_too_many_keys_are_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="no object with a key"):
        read(b"1\n2\n", "leads.jsonl")
    monkeypatch.setattr(jsonlines, "KEY_LIMIT", 2)
    with pytest.raises(InputError, match="more than 2 different keys"):
        read(b'{"a": 1, "b": 1, "c": 1}\n', "leads.jsonl")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), st.text(st.characters(exclude_categories=["Cs"])), min_size=1),
        min_size=1,
    )
)
def test_objects_of_text_written_by_pythons_json_module_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("json") / "leads.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    source = jsonlines.JsonLinesSource(InputFile(path, "leads"), options=ReadOptions(), block_bytes=7)
    reading = everything(source)
    assert reading.unreadable == []
    expected = [tuple(entry.get(key) or None for key in reading.headers) for entry in entries]
    assert reading.rows == expected
