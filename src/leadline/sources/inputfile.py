"""The file that is read: where it lies, what messages call it, and how much of it is a spool of ours."""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
import sys
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from leadline.core.errors import InputError

__all__ = ["STANDARD_INPUT", "InputFile", "input_file"]

STANDARD_INPUT = "-"


class _Spool:
    """A temporary file that is removed with the last reference to it, or when Python ends."""

    def __init__(self, path: str) -> None:
        self._remove = weakref.finalize(self, _removed_quietly, path)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A regular file to read. `where` is what messages call it, `suffix` its ending in lower case."""

    path: Path
    where: str
    suffix: str = ""
    spool: _Spool | None = field(default=None, repr=False)


def input_file(path: Path | Literal["-"], *, stdin: IO[bytes] | None = None) -> InputFile:
    """The file at `path`; standard input and pipes are spooled to a temporary file first.

    Raises InputError where there is nothing that can be read.
    """
    if str(path) == STANDARD_INPUT:
        return _spooled(stdin if stdin is not None else sys.stdin.buffer, where="standard input", suffix="")
    path = Path(path)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        if not is_folder and not is_file:
            path.stat()
        with contextlib.ExitStack() as stack:
            if not is_folder:
                stream = stack.enter_context(path.open("rb"))
                if not is_file:  # a pipe can be read once only, and a source reads from the start
                    return _spooled(stream, where=str(path), suffix=path.suffix.lower())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if is_folder:
        raise InputError(f"{path} is a folder.", hint=_files_in(path))
    return InputFile(path, str(path), path.suffix.lower())


def _spooled(stream: IO[bytes], *, where: str, suffix: str) -> InputFile:
    try:
        with tempfile.NamedTemporaryFile(prefix="leadline-", suffix=suffix, delete=False) as spool:
            held = _Spool(spool.name)
            shutil.copyfileobj(stream, spool, 1 << 20)
    except OSError as error:
        raise InputError(
            f"{where} could not be spooled to {tempfile.gettempdir()}: {error.strerror or error}.",
            hint="Set TMPDIR to a folder with enough room, or name a file.",
        ) from error
    return InputFile(Path(spool.name), where, suffix, held)


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(f"There is no file {path}.", hint=_nearest(path))
    if isinstance(error, PermissionError):
        return InputError(f"No permission to read {path}.", hint=f"Try `chmod u+r {path}`.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(f"{str(path)!r} cannot be read: {reason}.", hint="Check the name.")


def _nearest(path: Path) -> str:
    try:
        near = difflib.get_close_matches(
            path.name, [entry.name for entry in path.parent.iterdir()], n=1, cutoff=0.75
        )
    except (OSError, ValueError):
        return f"There is no folder {path.parent} either."
    return f"Did you mean {path.parent / near[0]}?" if near else "Check the name, and the folder you are in."


def _files_in(folder: Path) -> str:
    try:
        names = sorted(
            entry.name for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith(".")
        )
    except OSError:
        names = []
    return f"Name a file in it, such as {folder / names[0]}." if names else "Name a file."


def _removed_quietly(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
