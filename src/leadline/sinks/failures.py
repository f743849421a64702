"""Says what went wrong with a file or folder that we write, and what to do about it."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from leadline.core.errors import LeadlineError, RunError

__all__ = ["explained", "writing"]

#: Polars' own errors say the number only in their text.
NUMBER = re.compile(r"\(os error (\d+)\)")
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
UNTOUCHED = "What was there before is untouched."


def explained(
    error: OSError, path: Path, *, kind: type[LeadlineError] = RunError, state: str = UNTOUCHED
) -> LeadlineError:
    """The error of ours that says what the operating system refused, for `path`."""
    number = _number(error)
    if number in DISK_FULL:
        return kind(
            f"The disk is full: {path} could not be written. {state}",
            hint="Free some space, or write to another disk with --out.",
        )
    if number in REFUSED:
        return kind(
            f"No permission to write {path}. {state}", hint="Change its permissions, or choose another --out."
        )
    if number in (errno.ENOTDIR, errno.EEXIST):
        return kind(
            f"{path} cannot be made a folder: a file is in its way. {state}",
            hint="Choose another --out or --name.",
        )
    if number == errno.ENAMETOOLONG:
        return kind(f"The name {path} is too long. {state}", hint="Choose a shorter --name or --out.")
    reason = os.strerror(number) if number else str(error)
    return kind(
        f"{path} could not be written: {reason}. {state}", hint="Check the disk, or choose another --out."
    )


@contextlib.contextmanager
def writing(path: Path, *, kind: type[LeadlineError] = RunError, state: str = UNTOUCHED) -> Iterator[None]:
    """Turns what the operating system refuses inside into an error that explains it."""
    try:
        yield
    except OSError as error:
        raise explained(error, path, kind=kind, state=state) from error
    except pl.exceptions.ComputeError as error:
        # Polars' engine passes some errors of the system on as its own.
        if not NUMBER.search(str(error)):
            raise
        raise explained(OSError(str(error)), path, kind=kind, state=state) from error


def _number(error: OSError) -> int:
    if error.errno is not None:
        return error.errno
    found = NUMBER.search(str(error))
    return int(found.group(1)) if found else 0
