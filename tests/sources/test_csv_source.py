"""CSV as people have it: each case is a file and what must come of it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sourcereading import Reading, csv_source, everything

from leadline.core.errors import InputError
from leadline.sources import open_source
from leadline.sources.csv import CsvSource

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("content", "headers", "rows"),
    [
        (b"title\nDirector, Sales\n", ["title"], [("Director, Sales",)]),
        (b'title\n"Director, Sales"\n', ["title"], [("Director, Sales",)]),
        (b"id;title\n1;Director, Sales\n", ["id", "title"], [("1", "Director, Sales")]),
        (b"id\ttitle\n1\tCEO\n", ["id", "title"], [("1", "CEO")]),
        (b"id|title\n1|CEO\n", ["id", "title"], [("1", "CEO")]),
        (b"id^title\nx^CEO\n", ["id", "title"], [("x", "CEO")]),
        (b"id\x1ftitle\n1\x1fCEO\n", ["id", "title"], [("1", "CEO")]),
        (b"id;title;a, b\n1;CEO;a, b\n2;CFO;c, d\n", ["id", "title", "a, b"],
         [("1", "CEO", "a, b"), ("2", "CFO", "c, d")]),
        (b"sep=;\nid;title\n1;a,b\n", ["id", "title"], [("1", "a,b")]),
        (b'"sep=|"\r\nid|title\r\n1|a\r\n', ["id", "title"], [("1", "a")]),
        (b"\n  \nid,title\n1,a\n", ["id", "title"], [("1", "a")]),
        (b'"first\nname",title\n1,a\n', ["first\nname", "title"], [("1", "a")]),
        (b'"id,title\n1,a\n', ["id", "title"], [("1", "a")]),
        (b"id,title", ["id", "title"], []),
        (b"id,title\n", ["id", "title"], []),
        (b"id,title\n1,a", ["id", "title"], [("1", "a")]),
        (b"id,title\n1,\n,a\n,\n", ["id", "title"], [("1", None), (None, "a"), (None, None)]),
        (b'id,title\n1,""\n"",a\n', ["id", "title"], [("1", None), (None, "a")]),
        (b'title\n""\nCEO\n', ["title"], [(None,), ("CEO",)]),
        (b"title\n  \nCEO\n", ["title"], [("  ",), ("CEO",)]),
        (b'id,title\n1,"He said ""hi"""\n', ["id", "title"], [("1", 'He said "hi"')]),
        (b'id,title\n1,"two\r\nlines"\n', ["id", "title"], [("1", "two\r\nlines")]),
        (b'id,title\n1,5" pipe fitter\n2,6" and 7"\n', ["id", "title"],
         [("1", '5" pipe fitter'), ("2", '6" and 7"')]),
        (b'id,title\n1,a "b, c" d\n', ["id", "title"], []),
        (b"id,title\n1, a \n", ["id", "title"], [("1", " a ")]),
        (b"id,title\r\n1,a\r\n2,b\r\n", ["id", "title"], [("1", "a"), ("2", "b")]),
        (b'id,title\r1,a\r2,"x\ry"\r', ["id", "title"], [("1", "a"), ("2", "x\ry")]),
        (b"id,title\n1,a\rb\n\r,c\nd\r,e\n", ["id", "title"], [("1", "a\rb"), ("\r", "c"), ("d\r", "e")]),
        (b"id,title\n1,\x00a\x00\n", ["id", "title"], [("1", "\x00a\x00")]),
        (b"id,title\n\xef\xbb\xbf1,a\n", ["id", "title"], [("\ufeff1", "a")]),
        (b"id,title\nx^\x9c,a\n", ["id", "title"], [("x^œ", "a")]),
        (b"id,title\n#1,# a comment\n", ["id", "title"], [("#1", "# a comment")]),
        (b"a,a,,\n1,2,3,4\n", ["a", "a", "", ""], [("1", "2", "3", "4")]),
        (b"a,b\n1,x,\n2,y,\n", ["a", "b", ""], [("1", "x", None), ("2", "y", None)]),
        (b"a,b,\n1,x\n2,y\n", ["a", "b"], [("1", "x"), ("2", "y")]),
        (b"a,\n1\n2\n", ["a"], [("1",), ("2",)]),
        (b',\n""""""""\n,', [""], [('"""',)]),
        (b"id,n\n007,1e5\n+1,NaN\nnull,true\n", ["id", "n"],
         [("007", "1e5"), ("+1", "NaN"), ("null", "true")]),
    ],
)  # fmt: skip
def test_a_file_gives_its_headers_and_rows(
    read: Read, content: bytes, headers: list[str], rows: list[tuple[str | None, ...]]
) -> None:
    reading = read(content)
    assert reading.headers == headers
    assert reading.rows == rows


@pytest.mark.parametrize(
    ("body", "rows", "unreadable"),
    [
        (b"1,a\n2\n3,c\n", ["1", "3"], [(1, 3, "2")]),
        (b"1,a\n2,b,x\n3,c\n", ["1", "3"], [(1, 3, "2,b,x")]),
        (b'1,a\n2,"b" x\n3,c\n', ["1", "3"], [(1, 3, '2,"b" x')]),
        (b'1,a\n2,"b\n3,c\n', ["1", "3"], [(1, 3, '2,"b')]),
        (b'1,"a\nb"\n2\n3,c\n', ["1", "3"], [(1, 4, "2")]),
        (b'1,"open\n2,"x\ny"\n3\n', ["2"], [(0, 2, '1,"open'), (1, 5, "3")]),
        (b"1,a\r\n2\r\n3,c\r\n", ["1", "3"], [(1, 3, "2")]),
        (b"\n\n1\n", [], [(0, 4, "1")]),
        (b"1,a\n2,M\xfcller,x\n", ["1"], [(1, 3, "2,Müller,x")]),
        (b"=1\n", [], [(0, 2, "=1")]),
        (b'"\n', [], [(0, 2, '"')]),
        (b"1,a\n2", ["1"], [(1, 3, "2")]),
    ],
)
def test_a_line_that_is_no_record_is_unreadable_and_costs_no_other_line(
    read: Read, body: bytes, rows: list[str], unreadable: list[tuple[int, int, str]]
) -> None:
    reading = read(b"id,title\n" + body)
    assert [row[0] for row in reading.rows] == rows
    assert reading.unreadable == unreadable


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_every_common_encoding_is_understood(read: Read, encoding: str) -> None:
    reading = read("Größe,title\n1,Geschäftsführer à Genève\n2,plain\n".encode(encoding))
    assert reading.headers == ["Größe", "title"]
    assert reading.rows == [("1", "Geschäftsführer à Genève"), ("2", "plain")]


def test_one_windows_1252_line_in_a_utf_8_file_is_read_as_such_and_said(read: Read) -> None:
    reading = read(
        "id,title\n1,Ärztin\n".encode() + "2,Bäcker\n".encode("cp1252") + b"3,\x81\n" + "4,é\n".encode()
    )
    assert [row[1] for row in reading.rows] == ["Ärztin", "Bäcker", "\x81", "é"]
    assert reading.notes == ["2 lines were not UTF-8 and read as Windows-1252."]


def test_bytes_that_are_utf_8_only_across_two_cells_are_not_taken_for_it(read: Read) -> None:
    assert read(b"a,b\n\xc3,\xa4\nlong enough \xc3,x\n\xa4 long enough,y\n").rows == [
        ("Ã", "¤"),
        ("long enough Ã", "x"),
        ("¤ long enough", "y"),
    ]


def test_blank_lines_are_no_leads_and_said(read: Read) -> None:
    reading = read(b"id,title\n1,a\n\n  \t\n2,b\n\n")
    assert [row[0] for row in reading.rows] == ["1", "2"]
    assert reading.notes == ["3 lines were blank and passed over."]
    assert reading.unreadable == []


def test_repeated_and_missing_headers_become_unique_columns(read: Read) -> None:
    assert read(b"Title,Title,Title (2),,Column 4\n1,2,3,4,5\n").columns == [
        "Title",
        "Title (3)",
        "Title (2)",
        "Column 4 (2)",
        "Column 4",
    ]


def test_our_apostrophe_comes_off_but_never_in_an_id_column(read: Read) -> None:
    content = b"Id,t\n'=1,'=x\n2,'-5\n3,'--\n4,'+49 30 123456\n5,'tis\n6,''=x\n"
    assert read(content).rows == [
        ("'=1", "=x"), ("2", "'-5"), ("3", "--"), ("4", "'+49 30 123456"), ("5", "'tis"), ("6", "''=x")
    ]  # fmt: skip
    assert read(content, raw_cells=True).rows[0] == ("'=1", "'=x")
    assert read(content, id_columns=["t"]).rows[0] == ("'=1", "'=x")


def packed_zip(content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("__MACOSX/._leads.csv", b"junk")
        file.writestr("export/leads.csv", content)
    return archive.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, packed_zip])
def test_a_compressed_file_is_read_like_its_content_whatever_its_name(
    read: Read, pack: Callable[[bytes], bytes]
) -> None:
    assert read(pack(b"id,title\n1,CEO\n")).rows == [("1", "CEO")]


def test_a_file_compressed_in_several_pieces_is_read_to_its_end(read: Read) -> None:
    assert read(gzip.compress(b"id,title\n1,a\n") + gzip.compress(b"2,b\n")).rows == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_that_was_cut_off_is_refused_with_what_to_do(
    read: Read, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(b"id,title\n" + b"".join(b"%d,x%d\n" % (n * n, n) for n in range(2000)))
    with pytest.raises(InputError, match=r"leads\.csv cannot be read to its end.*fetch it again"):
        read(packed[: len(packed) * 2 // 3])


def test_zstd_is_read_or_says_what_to_install(read: Read) -> None:
    frame = bytes.fromhex("28b52ffd045841000061 2c620a312c320a 35e7cace".replace(" ", ""))
    try:
        import backports.zstd  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(InputError, match=r"zstd.*pip install backports\.zstd"):
            read(frame)
    else:
        assert read(frame).rows == [("1", "2")]


def test_a_title_of_a_megabyte_and_a_file_of_two_thousand_columns_work(read: Read) -> None:
    title = "very " * 200_000 + "senior"
    assert read(f"id,title\n1,{title}\n2,b\n".encode()).rows == [("1", title), ("2", "b")]
    assert read(f'id,title\n1,"{title}\n"\n'.encode()).rows == [("1", title + "\n")]
    reading = read(
        b",".join(b"c%d" % n for n in range(2000)) + b"\n" + b",".join(b"%d" % n for n in range(2000)) + b"\n"
    )
    assert reading.rows == [tuple(str(n) for n in range(2000))]


def test_a_quote_that_never_closes_takes_one_line_and_not_the_rest_of_a_large_file(read: Read) -> None:
    body = b'1,"stray\n' + b"2,x\n" * 2_000_000 + b"3\n"
    reading = read(b"id,title\n" + body)
    assert len(reading.rows) == 2_000_000
    assert reading.unreadable == [(0, 2, '1,"stray'), (2_000_000, 2_000_003, "3")]


def test_a_stray_quote_at_the_end_of_a_block_is_resolved_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(b'id,title\n1,"a\n\n\n\nb"\n2,"c\n')
    reading = everything(csv_source(tmp_path / "leads.csv", block_bytes=14))
    assert reading.rows == [("1", "a\n\n\n\nb")]
    assert reading.unreadable == [(1, 7, '2,"c')]


def test_a_line_too_long_for_any_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadline.sources.csv.LINE_LIMIT_BYTES", 1000)
    (tmp_path / "leads.csv").write_bytes(b"id,title\n1,a\n" + b"x" * 3000)
    with pytest.raises(InputError, match="line 3 is longer than"):
        everything(csv_source(tmp_path / "leads.csv", block_bytes=100))


def test_reading_may_stop_early_and_start_again(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(b"id,title\n" + b"1,a\n\n" * 5000)
    source = csv_source(tmp_path / "leads.csv", block_bytes=100)
    batches = source.batches()
    first = next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert 0 < first.leads < 100
    assert len(everything(source).rows) == 5000
    assert source.notes == ["5,000 lines were blank and passed over."]
    assert source.share_read() == 1.0


def test_a_byte_order_mark_never_sticks_to_a_header(read: Read) -> None:
    assert read(b'\xef\xbb\xbf"id",title\n1,a\n').headers == ["id", "title"]
    assert read(b"\xef\xbb\xbf\xef\xbb\xbfid,title\n1,a\n").headers == ["id", "title"]


def test_standard_input_is_spooled_and_the_spool_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source = open_source("-", stdin=io.BytesIO(b"id,title\n1,a\n"))
    assert isinstance(source, CsvSource)
    assert len(list(tmp_path.iterdir())) == 1
    assert everything(source).rows == [("1", "a")]
    del source
    assert list(tmp_path.iterdir()) == []
