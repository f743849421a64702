"""Which format a file has, by what is in it first and by its ending second."""

from __future__ import annotations

import json
import zipfile

from leadline.core.errors import InputError
from leadline.sources.compression import ByteStream, compression_of
from leadline.sources.encoding import decoded, encoding_of
from leadline.sources.inputfile import InputFile

__all__ = ["FORMATS", "format_of"]

#: Every format: name → the class that reads it.
FORMATS = {
    "csv": "leadline.sources.csv:CsvSource",
    "excel": "leadline.sources.excel:ExcelSource",
    "parquet": "leadline.sources.parquet:ParquetSource",
    "jsonlines": "leadline.sources.jsonlines:JsonLinesSource",
}
JSON_LINES_ENDINGS = frozenset({".jsonl", ".ndjson"})
TABLES = "Leadline reads CSV, Excel, Parquet and JSON lines."
SAVE_AS = "Save it as .xlsx or CSV."
#: What is not a table, by its first bytes: what it is, and what to do.
OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n", "a PNG picture", TABLES),
    (b"\xff\xd8\xff", "a JPEG picture", TABLES),
    (b"GIF87a", "a GIF picture", TABLES),
    (b"GIF89a", "a GIF picture", TABLES),
    (b"RIFF", "a picture, a sound or a film", TABLES),
    (b"II*\x00", "a TIFF picture", TABLES),
    (b"MM\x00*", "a TIFF picture", TABLES),
    (b"%PDF-", "a PDF document", TABLES),
    (b"\x7fELF", "a program", TABLES),
    (b"\xcf\xfa\xed\xfe", "a program", TABLES),
    (b"MZ\x90\x00", "a program", TABLES),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls), or one with a password", SAVE_AS),
    (b"SQLite format 3\x00", "a SQLite database", "Export the table as CSV."),
    (b"ARROW1", "an Arrow file", "Save it as Parquet or CSV."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet or CSV."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"{\\rtf", "a Rich Text document", TABLES),
)
HEAD_BYTES = 1 << 16
#: Control characters that no text file is made of; of random bytes, one in twelve is one.
CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f")
CONTROL_SHARE = 0.05
#: In a file of a few bytes a single NUL would be a large share.
CONTROLS_AT_LEAST = 8


def format_of(file: InputFile) -> str:
    """The name of the file's format. Raises InputError where it is none that Leadline reads."""
    with file.path.open("rb") as stream:
        raw = stream.read(64)
    if not raw:
        raise InputError(f"{file.where} is empty (0 bytes).", hint="Export it again.")
    if raw.startswith(b"PAR1"):
        return "parquet"
    compression = compression_of(raw)
    if compression == "zip" and _is_workbook(file):
        return "excel"
    _refuse(raw, file.where)
    with ByteStream.open(file.path, where=file.where) as plain:
        head = plain.read(HEAD_BYTES)
    if compression:
        _refuse_packed(head, file.where)
    if not compression and file.suffix == ".parquet":
        raise InputError(f"{file.where} is no Parquet file, whatever its name says.", hint="Export it again.")
    return _text_format(head, file)


def _text_format(head: bytes, file: InputFile) -> str:
    encoding = encoding_of(head)
    body = head[encoding.mark_bytes :]
    if not encoding.is_utf8:
        body = body.decode(encoding.name, "replace").encode("utf-8", "replace")
    elif not encoding.mark_bytes and _is_binary(body):
        raise InputError(f"{file.where} is no text file.", hint=TABLES)
    body = body.lstrip()
    if not body and len(head) < HEAD_BYTES:
        raise InputError(
            f"{file.where} is empty: there is nothing but blanks in it.", hint="Export it again."
        )
    endings = {ending.lower() for ending in file.path.suffixes} | {file.suffix}
    if endings & JSON_LINES_ENDINGS:
        return "jsonlines"
    if body.startswith(b"{") and _is_object(body.split(b"\n", 1)[0]):
        return "jsonlines"
    if ".json" in endings or (body[:1] in b"[{" and _is_json(body, whole=len(head) < HEAD_BYTES)):
        raise InputError(
            f"{file.where} is one JSON document.",
            hint="Save it as JSON lines: one object on each line (`jq -c '.[]'`).",
        )
    return "csv"


def _is_binary(body: bytes) -> bool:
    controls = len(body) - len(body.translate(None, CONTROLS))
    return controls >= CONTROLS_AT_LEAST and controls > len(body) * CONTROL_SHARE


def _refuse(head: bytes, where: str) -> None:
    for magic, name, hint in OTHERS:
        if head.startswith(magic):
            raise InputError(f"{where} is {name}.", hint=hint)


def _refuse_packed(head: bytes, where: str) -> None:
    """What cannot be read from inside a compressed file."""
    if not head:
        raise InputError(f"{where} is empty: it unpacks to 0 bytes.", hint="Export it again.")
    _refuse(head, f"What {where} unpacks to")
    if head.startswith(b"PAR1") or compression_of(head):
        raise InputError(f"{where} holds another packed file.", hint="Unpack it first.")


def _is_workbook(file: InputFile) -> bool:
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{file.where} is damaged: {error}.", hint="Fetch or save it again.") from error
    if any(name.startswith("xl/") for name in names):
        return True
    for sign, name in (
        ("word/", "a Word document"),
        ("ppt/", "a PowerPoint presentation"),
        ("META-INF/manifest.xml", "an OpenDocument file"),
        ("Index/", "an Apple iWork document"),
    ):
        if any(entry.startswith(sign) for entry in names):
            raise InputError(f"{file.where} is {name}.", hint=SAVE_AS)
    return False


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(decoded(line), parse_int=str), dict)
    except (ValueError, RecursionError):
        return False


def _is_json(body: bytes, *, whole: bool) -> bool:
    if not whole:
        return body[:2] in (b"[{", b"[\n", b"[\r", b"{\n", b"{\r")
    try:
        json.loads(decoded(body), parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True
