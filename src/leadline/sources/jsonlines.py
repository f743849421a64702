"""JSON lines: one object on each line, every value as text.

Numbers keep their digits, booleans are `true` and `false`, null is empty, what is nested stays JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import polars as pl

from leadline.core.errors import InputError
from leadline.core.names import unique_names
from leadline.sources.ahead import ahead
from leadline.sources.batch import Batch, Unreadable
from leadline.sources.compression import ByteStream
from leadline.sources.encoding import ByteReader, Transcoder, decoded, encoding_of
from leadline.sources.inputfile import InputFile
from leadline.sources.options import ReadOptions

__all__ = ["JsonLinesSource"]

BLOCK_BYTES = 4 << 20
BATCH_CELLS = 1_000_000
LINE_LIMIT_BYTES = 64 << 20
#: More keys than this are no columns but data.
KEY_LIMIT = 10_000


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


#: Made once: `json.loads` with hooks makes one for each line.
DECODER = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_Number)
#: Its inner function, in C; `decode` around it would cost as much again for each line.
scan_json: Callable[[str, int], tuple[object, int]] = cast("Any", DECODER).scan_once


class JsonLinesSource:
    """The leads of a JSON-lines file. The columns are all keys of all objects, in order of appearance."""

    columns: list[str]
    headers: list[str]
    notes: list[str]

    def __init__(self, file: InputFile, *, options: ReadOptions, block_bytes: int = BLOCK_BYTES) -> None:
        del options  # nothing to choose: one table, no apostrophes
        self._file, self._block_bytes = file, block_bytes
        self._stream: ByteStream | None = None
        with ByteStream.open(file.path, where=file.where) as stream:
            self._encoding = encoding_of(stream.read(1 << 16))
        self._keys = self._all_keys()
        self.headers = [_valid(key) for key in self._keys]
        self.columns = unique_names(self.headers)
        self.notes = []

    def batches(self) -> Iterator[Batch]:
        """The leads in input order, read ahead by a batch or two. Each call reads from the start."""
        self.notes.clear()
        yield from ahead(self._batches)

    def share_read(self) -> float | None:
        """How much of the file has been read, 0 to 1."""
        return 0.0 if self._stream is None else self._stream.share_read()

    def _batches(self) -> Iterator[Batch]:
        found: list[Mapping[str, object]] = []
        unreadable: list[Unreadable] = []
        at_once = max(1, BATCH_CELLS // len(self._keys))
        blank = 0
        for number, line in self._lines():
            entry = _object(line)
            if entry is not None:
                found.append(entry)
            elif line.strip():
                unreadable.append(Unreadable(len(found), number, line))
            else:
                blank += 1
                continue
            if len(found) + len(unreadable) >= at_once:
                yield self._batch(found, unreadable)
                found, unreadable = [], []
        if blank:
            self.notes.append(
                f"{'1 line was' if blank == 1 else f'{blank:,} lines were'} blank and passed over."
            )
        if found or unreadable:
            yield self._batch(found, unreadable)

    def _batch(self, found: list[Mapping[str, object]], unreadable: list[Unreadable]) -> Batch:
        columns = [
            pl.Series(name, [_text(entry.get(key)) for entry in found], dtype=pl.String)
            for name, key in zip(self.columns, self._keys, strict=True)
        ]
        return Batch(pl.DataFrame(columns), tuple(unreadable))

    def _all_keys(self) -> list[str]:
        keys: dict[str, None] = {}
        for _, line in self._lines():
            entry = _object(line)
            if not entry or entry.keys() <= keys.keys():
                continue
            keys.update(dict.fromkeys(entry))
            if len(keys) > KEY_LIMIT:
                raise InputError(
                    f"The objects in {self._file.where} have more than {KEY_LIMIT:,} different keys.",
                    hint="Each key becomes a column; is a key here what should be a value?",
                )
        if not keys:
            raise InputError(
                f"There is no object with a key in {self._file.where}.",
                hint="JSON lines hold one object on each line.",
            )
        return list(keys)

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The physical lines and their numbers from 1."""
        with ByteStream.open(self._file.path, where=self._file.where) as stream:
            self._stream = stream
            stream.read(self._encoding.mark_bytes)
            reader: ByteReader = stream if self._encoding.is_utf8 else Transcoder(stream, self._encoding.name)
            number, rest = 0, b""
            while chunk := reader.read(self._block_bytes):
                lines = (rest + chunk).split(b"\n")
                rest = lines.pop()
                if len(rest) > LINE_LIMIT_BYTES:
                    at = number + len(lines) + 1
                    raise InputError(
                        f"{self._file.where}: line {at} is longer than {LINE_LIMIT_BYTES >> 20} MB.",
                        hint="Each lead must stand on a line of its own.",
                    )
                for line in lines:
                    number += 1
                    yield number, decoded(line.removesuffix(b"\r"))
            if rest:
                yield number + 1, decoded(rest.removesuffix(b"\r"))


def _object(line: str) -> Mapping[str, object] | None:
    text = line.strip(" \t\r\n")
    try:
        value, end = scan_json(text, 0)
    except (StopIteration, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and end == len(text) else None


def _text(value: object) -> str | None:
    """A value as the text of a cell; an empty string is an empty cell."""
    if isinstance(value, str):
        return (value if value.isascii() else _valid(value)) or None
    if value is None:
        return None
    return _valid(_json(value))


def _json(value: object) -> str:
    """Compact JSON again, its numbers as they were written."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)}: {_json(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _valid(text: str) -> str:
    r"""The text without halves of characters (`\ud800`), which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
