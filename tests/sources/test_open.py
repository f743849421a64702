"""What is a table is recognised by its content; what is none is refused with what to do."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sourcereading import Reading, everything

from leadline.core.errors import InputError
from leadline.sources import open_source

Read = Callable[..., Reading]


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "is empty"),
        (b" \r\n\t\n", "a.csv", "nothing but blanks"),
        (b"\xef\xbb\xbf\n", "a.csv", "nothing but blanks"),
        ("\n\n".encode("utf-16"), "a.csv", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.csv", "PNG picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.csv", "JPEG picture"),
        (b"GIF89a" + b"\0" * 50, "a.csv", "GIF picture"),
        (b"%PDF-1.7\n", "a.csv", "PDF"),
        (b"\x7fELF" + b"\0" * 50, "a.csv", "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "a.xls", r"Save it as \.xlsx or CSV"),
        (bytes(range(256)) * 4, "a.csv", "no text file"),
        (archive("word/document.xml"), "a.csv", "Word document"),
        (archive("a.csv", "b.csv"), "a.zip", "archive of 2 files"),
        (archive(), "a.zip", "."),
        (b"PK\x03\x04broken", "a.xlsx", "damaged"),
        (archive("xl/workbook.xml"), "a.xlsx", "cannot be read as a workbook"),
        (b"PAR1 no PAR1", "a.csv", "damaged or no Parquet"),
        (b"a,b\n1,2\n", "a.parquet", "no Parquet file"),
        (b'[{"a": 1}]', "a.json", "one JSON document"),
        (b'{"a":\n1}\n', "a.json", "one JSON document"),
    ],
)
def test_what_is_no_table_is_refused_with_its_name_and_a_way_out(
    read: Read, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read(content, name)
    assert name in refused.value.message
    assert refused.value.hint
    assert refused.value.exit_code == 2


def test_a_missing_file_names_the_one_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("a")
    with pytest.raises(InputError, match=r"There is no file .*contact\.csv.*Did you mean .*contacts\.csv"):
        open_source(tmp_path / "contact.csv")


@pytest.mark.parametrize("path", ["a\0b.csv", "x" * 300 + ".csv"])
def test_a_name_that_no_file_can_have_is_an_input_error(path: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        open_source(Path(path))


def test_a_folder_is_refused_and_a_file_in_it_proposed(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("a")
    with pytest.raises(InputError, match=r"is a folder\. Name a file in it, such as .*leads\.csv"):
        open_source(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(InputError, match="No permission to read"):
        open_source(tmp_path / "a.csv")


def test_no_read_permission_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("a")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"No permission to read .*a\.csv"):
        open_source(tmp_path / "a.csv")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"id,title\n1,a\n",))
    writer.start()
    assert everything(open_source(pipe)).rows == [("1", "a")]
    writer.join()


def test_a_few_nul_bytes_do_not_make_a_text_file_a_binary_one(read: Read) -> None:
    assert read(b"title\na\0b\n").rows == [("a\0b",)]


def test_a_byte_order_mark_says_that_a_file_is_text_whatever_is_in_it(read: Read) -> None:
    assert read(b"\xef\xbb\xbftitle\n" + b"\x1a" * 50).rows == [("\x1a" * 50,)]


def test_a_sheet_of_a_csv_file_is_refused(read: Read) -> None:
    with pytest.raises(InputError, match="no Excel workbook"):
        read(b"a\n1\n", sheet="Two")


def test_csv_text_in_a_file_named_xlsx_is_read_as_what_it_is(read: Read) -> None:
    assert read(b"id\ttitle\n1\tCEO\n", "export.xls").rows == [("1", "CEO")]


def test_a_spool_that_does_not_fit_says_where_it_would_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device.*TMPDIR"):
        open_source("-", stdin=Full())
