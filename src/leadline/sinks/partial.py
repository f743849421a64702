"""The hidden folder that a run writes to until its files are complete."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the process id decides alone
    fcntl = None  # type: ignore[assignment]

__all__ = ["PartialFolder", "remove_leftovers"]

PARTIAL = re.compile(r"\.partial-(\d+)-[0-9a-f]+")
#: Between making its folder and locking it a run needs far less than this.
UNLOCKED_AT_MOST_S = 60.0


@dataclass(slots=True)
class PartialFolder:
    """A folder that only this run writes to. A lock on it, which ends with the process, says that we live."""

    path: Path
    _lock: int | None = None

    @classmethod
    def make(cls, beside: Path) -> PartialFolder:
        """A new one in `beside`. Raises OSError."""
        path = beside / f".partial-{os.getpid()}-{secrets.token_hex(4)}"
        path.mkdir()
        return cls(path, _locked(path))

    def move_to(self, target: Path) -> None:
        """Renames it, in one step. Raises OSError where `target` is a file, not empty, or elsewhere."""
        self.path.rename(target)
        self._unlock()

    def remove(self) -> None:
        """Removes it with all that it holds, if it is still there."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def remove_leftovers(folder: Path) -> None:
    """Removes the partial folders in `folder` of runs that were killed."""
    with os.scandir(folder) as entries:
        paths = [
            Path(entry.path)
            for entry in entries
            if PARTIAL.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]
    for path in paths:
        if _is_left_over(path):
            shutil.rmtree(path, ignore_errors=True)


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock on the folder; None where it is held elsewhere or cannot be."""
    if fcntl is None:
        return None
    descriptor = -1
    try:
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor >= 0:
            os.close(descriptor)
        return None
    return descriptor


def _is_left_over(path: Path) -> bool:
    """A process id alone deceives: containers share folders, and every one of them has a process 1."""
    found = PARTIAL.fullmatch(path.name)
    lives = found is not None and _lives(int(found.group(1)))
    if fcntl is None:
        return not lives
    lock = _locked(path)
    if lock is None:
        return False
    try:
        return not lives or time.time() - path.stat().st_mtime > UNLOCKED_AT_MOST_S
    except OSError:
        return False
    finally:
        os.close(lock)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it lives, and is not ours
    return True
