"""Puts finished files where they belong: in one step where the system can, else one by one."""

from __future__ import annotations

import ctypes
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from leadline.sinks.failures import writing

__all__ = ["exchange", "links_to_latest", "replace_files"]

#: linux/fs.h: swap two paths atomically.
RENAME_EXCHANGE = 2
#: fcntl.h: paths are relative to the current folder.
AT_FDCWD = -100
#: The link beside the runs' folders, for each kind of file in them.
LATEST = {"accepted": "latest", "skipped": "latest_skipped"}
ENDINGS = (".csv", ".parquet")
MIXED = "The folder holds files of two runs and no run.json."


def exchange(one: Path, other: Path) -> bool:
    """Swaps two folders in one step; False where the system or the file system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    result = renameat2(
        ctypes.c_int(AT_FDCWD),
        ctypes.c_char_p(os.fsencode(one)),
        ctypes.c_int(AT_FDCWD),
        ctypes.c_char_p(os.fsencode(other)),
        ctypes.c_uint(RENAME_EXCHANGE),
    )
    return bool(result == 0)


def replace_files(source: Path, target: Path, names: Collection[str], *, last: str) -> None:
    """Moves the files of `source` over those of the same names in `target`, `last` last.

    The old `last` goes first, so that a half-done move does not look complete; old files among `names`
    that have no successor go too. Nothing else in `target` is touched. Raises RunError.
    """
    with writing(target):
        (target / last).unlink(missing_ok=True)
    with writing(target, state=MIXED):
        for name in sorted(set(names) - {last}):
            if (source / name).exists():
                (source / name).replace(target / name)
            else:
                (target / name).unlink(missing_ok=True)
        (source / last).replace(target / last)


def links_to_latest(home: Path, run: Path) -> None:
    """Points `latest.csv` and `latest_skipped.csv` in `home` (or `.parquet`) at the files of `run`.

    Each is replaced in one step. A link of the other format would now lie: it is removed. A file of the
    user's in a link's place is left alone.
    """
    for stem, link in LATEST.items():
        for ending in ENDINGS:
            place = home / f"{link}{ending}"
            if os.path.lexists(place) and not place.is_symlink():
                continue
            with writing(place, state=f"The run's files are complete in {run}."):
                if (run / f"{stem}{ending}").exists():
                    _link(place, Path(run.name) / f"{stem}{ending}")
                else:
                    place.unlink(missing_ok=True)


def _link(place: Path, target: Path) -> None:
    fresh = place.with_name(f".{place.name}-{secrets.token_hex(4)}")
    fresh.symlink_to(target)
    try:
        fresh.replace(place)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
