"""Bytes of a file as if it had never been compressed, always as a stream."""

from __future__ import annotations

import importlib
import lzma
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self, cast

from leadline.core.errors import InputError

__all__ = ["ByteStream", "compression_of"]

#: What the first bytes of a compressed file are.
MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
)
#: The standard library of Python 3.14, then packages that give the same to earlier ones.
ZSTD_MODULES = ("compression.zstd", "backports.zstd", "zstandard")


class _Opener(Protocol):
    def __call__(self, file: IO[bytes], mode: str, /) -> IO[bytes]: ...


def compression_of(head: bytes) -> str:
    """The name of the compression that the first bytes show; empty for none."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


@dataclass(slots=True)
class ByteStream:
    """The uncompressed bytes of `path`; `where` is what messages call it."""

    path: Path
    where: str
    _raw: IO[bytes]
    _plain: IO[bytes]
    _bytes: int

    @classmethod
    def open(cls, path: Path, *, where: str) -> ByteStream:
        """Opens the file, compressed or not. Raises InputError where it cannot be unpacked."""
        raw = path.open("rb", buffering=0)
        try:
            compression = compression_of(raw.read(8))
            raw.seek(0)
            plain = _unpacked(raw, compression, where=where)
        except BaseException:
            raw.close()
            raise
        return cls(path, where, raw, plain, path.stat().st_size)

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer only at the end. Raises InputError where the file is damaged."""
        try:
            parts = [self._plain.read(size)]
            left = size - len(parts[0])
            while left > 0 and parts[-1]:
                parts.append(self._plain.read(left))
                left -= len(parts[-1])
        except _damage() as error:
            raise InputError(
                f"{self.where} cannot be read to its end: {error}.",
                hint="The file is damaged or was not copied completely; fetch it again.",
            ) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def share_read(self) -> float:
        """How much of the file on disk has been read, 0 to 1."""
        if self._raw.closed or not self._bytes:
            return 1.0
        return min(1.0, self._raw.tell() / self._bytes)

    def close(self) -> None:
        """Closes the file."""
        self._plain.close()
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _unpacked(raw: IO[bytes], compression: str, *, where: str) -> IO[bytes]:
    match compression:
        case "gzip":
            return cast("_Opener", importlib.import_module("gzip").open)(raw, "rb")
        case "bz2":
            return cast("_Opener", importlib.import_module("bz2").open)(raw, "rb")
        case "xz":
            return cast("_Opener", lzma.open)(raw, "rb")
        case "zstd":
            return _zstd_opener(where)(raw, "rb")
        case "zip":
            return _only_member(raw, where=where)
    return raw


def _zstd_opener(where: str) -> _Opener:
    for name in ZSTD_MODULES:
        try:
            return cast("_Opener", importlib.import_module(name).open)
        except ModuleNotFoundError:
            continue
    raise InputError(
        f"{where} is compressed with zstd, which this Python cannot unpack.",
        hint="Install it with `pip install backports.zstd`, or unpack the file with `zstd -d` first.",
    )


def _damage() -> tuple[type[Exception], ...]:
    """What unpacking a damaged file raises; the zstd modules share no exception with the others."""
    zstd = (getattr(sys.modules.get(name), "ZstdError", None) for name in ZSTD_MODULES)
    known = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
    return (*known, *(error for error in zstd if error is not None))


def _only_member(raw: IO[bytes], *, where: str) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(raw)
    except zipfile.BadZipFile as error:
        raise InputError(f"{where} is a damaged zip archive: {error}.", hint="Fetch it again.") from error
    # What macOS adds to every archive is no file of the user's.
    names = [
        name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        raise InputError(
            f"{where} is a zip archive of {len(names)} files.",
            hint="Leadline reads an archive that holds exactly one table; unpack it and name the file.",
        )
    try:
        return archive.open(names[0])
    except (RuntimeError, NotImplementedError) as error:  # a password, or a compression it does not know
        raise InputError(f"{where} cannot be unpacked: {error}.", hint="Unpack it first.") from error
