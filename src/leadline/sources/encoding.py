"""Which letters the bytes of a text file mean.

Leadline reads UTF-8. UTF-16 and UTF-32 are turned into it while reading. What is neither is taken for
Windows-1252, line by line, so that one old line in a UTF-8 export costs no other line anything.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Protocol

__all__ = ["ByteReader", "Encoding", "Transcoder", "decoded", "encoding_of", "repaired"]

#: Byte-order marks, the longer first: UTF-32 LE begins like UTF-16 LE.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Windows-1252 with its five undefined bytes read as Latin-1, as browsers do (WHATWG Encoding Standard).
WINDOWS_1252 = "".join(
    bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in range(256)
)
#: Of the pairs of bytes in an unmarked UTF-16 file, how many at least have a zero half: blanks,
#: separators, digits and Latin letters do.
ZERO_HALVES = 0.2
#: And how many zeros may be in the other halves, against those: U+0100 has one, hardly any other letter.
OTHER_HALVES = 0.25
#: Invalid bytes are looked for in windows of this size first; only those windows are split into lines.
WINDOW_BYTES = 1 << 16


class ByteReader(Protocol):
    """Anything that gives the next bytes of a file."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer only at the end; none after it."""
        ...


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is encoded, and how many bytes its byte-order mark takes."""

    name: str
    mark_bytes: int = 0

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes can be used as they are."""
        return self.name == "utf-8"


def encoding_of(sample: bytes) -> Encoding:
    """The encoding that the first bytes of a file show. Windows-1252 is `repaired` later, by line."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark))
    pairs = len(sample) // 2
    if pairs > 1:
        first, second = sample[0 : pairs * 2 : 2], sample[1 : pairs * 2 : 2]
        for name, zero, other in (("utf-16-le", second, first), ("utf-16-be", first, second)):
            share = zero.count(0) / pairs
            # Both first characters have a zero half: a stray NUL in a text file does not look so.
            if (
                zero[:2] == b"\0\0"
                and share >= ZERO_HALVES
                and other.count(0) <= zero.count(0) * OTHER_HALVES
            ):
                return Encoding(name)
    return Encoding("utf-8")


class Transcoder:
    """Reads a file of another encoding as UTF-8. Half characters become U+FFFD, as in browsers."""

    def __init__(self, source: ByteReader, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._ready = b""
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of UTF-8; fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            raw = self._source.read(size)
            self._ended = not raw
            self._ready += self._decoder.decode(raw, final=self._ended).encode("utf-8", "replace")
        out, self._ready = self._ready[:size], self._ready[size:]
        return out


def decoded(line: bytes) -> str:
    """The text of one line: UTF-8, or else Windows-1252."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return codecs.charmap_decode(line, "strict", WINDOWS_1252)[0]


def repaired(block: bytes, eol: bytes) -> tuple[bytes, int]:
    """The block as valid UTF-8, and how many lines had to be read as Windows-1252.

    Only bytes from 0x80 change, so separators, quotes and line ends stay what they are.
    """
    out: list[bytes] = []
    lines = start = 0
    while start < len(block):
        end = block.find(eol, start + WINDOW_BYTES) + 1 or len(block)
        window = block[start:end]
        start = end
        try:
            window.decode()
        except UnicodeDecodeError:
            window, wrong = _repaired_window(window, eol)
            lines += wrong
        out.append(window)
    return b"".join(out), lines


def _repaired_window(window: bytes, eol: bytes) -> tuple[bytes, int]:
    lines = window.split(eol)
    wrong = 0
    for at, line in enumerate(lines):
        if not line.isascii():
            text = decoded(line).encode()
            if text != line:
                lines[at], wrong = text, wrong + 1
    return eol.join(lines), wrong
