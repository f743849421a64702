"""The output folder of a run: everything appears at once, or nothing changes.

Files are written to a hidden partial folder and moved into place at the end, `run.json` last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from leadline.core.errors import InputError
from leadline.sinks.failures import explained, writing
from leadline.sinks.names import safe_name
from leadline.sinks.partial import PartialFolder, remove_leftovers
from leadline.sinks.place import exchange, links_to_latest, replace_files

__all__ = ["OUTPUT_ROOT", "RUN_FILE", "OutputFolder"]

OUTPUT_ROOT = Path("output_run")
RUN_FILE = "run.json"
#: What a run may leave in its folder, by name; nothing else in `--out DIR` is ever touched.
RUN_FILES = frozenset({RUN_FILE, "accepted.csv", "skipped.csv", "accepted.parquet", "skipped.parquet"})
STAMP = "%Y-%m-%dT%H-%M-%S"


class OutputFolder:
    """Where the files of one run go.

    `with OutputFolder(name="contacts") as out:` … write to `out.file("accepted.csv")` … `out.publish(run)`.
    Without `out` the run's folder is `root/<name>/<local time>`, beside it the links to the latest run;
    with it, it is `out` itself. Leaving without `publish`, or with an exception, leaves no trace.
    """

    def __init__(
        self, *, name: str, out: Path | None = None, root: Path = OUTPUT_ROOT, started: datetime | None = None
    ) -> None:
        self._started = started if started is not None else datetime.now().astimezone()
        self._out = out
        self._home = root / safe_name(name) if out is None else _resolved(out).parent
        self._partial: PartialFolder | None = None
        self.published: Path | None = None

    def __enter__(self) -> Self:
        """Makes the partial folder. Raises InputError where nothing can be written there."""
        beside = self._home
        if self._out is not None:
            beside = self._place_beside(_resolved(self._out))
        with writing(self._out or self._home, kind=InputError, state="Nothing was written."):
            beside.mkdir(parents=True, exist_ok=True)
            remove_leftovers(beside)
            self._partial = PartialFolder.make(beside)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._partial is not None:
            self._partial.remove()
            self._partial = None
            if self.published is None and self._out is None:
                _remove_if_empty(self._home)

    def refuse(self, source: Path) -> None:
        """Raises InputError where publishing would put a file in the place of `source`."""
        if self._out is None:
            return
        target = _resolved(self._out)
        if source.resolve().parent == target and source.name in RUN_FILES:
            raise InputError(
                f"The results would replace the input {source}.", hint="Choose another folder with --out."
            )

    def file(self, name: str) -> Path:
        """Where to write the run's file of that name until it is published. Refuses every other name."""
        if name not in RUN_FILES:
            raise ValueError(f"{name!r} is none of a run's files: {sorted(RUN_FILES)}")
        return self._folder().path / name

    def publish(self, run: Mapping[str, object]) -> Path:
        """Writes `run` as run.json and puts everything into place; returns the folder. Raises RunError."""
        partial = self._folder()
        with writing(partial.path / RUN_FILE):
            text = json.dumps(run, ensure_ascii=False, indent=2) + "\n"
            (partial.path / RUN_FILE).write_text(text, encoding="utf-8")
        if self._out is None:
            self.published = self._publish_by_time(partial)
            links_to_latest(self._home, self.published)
        else:
            self.published = self._publish_to(partial, self._out)
        return self.published

    def _folder(self) -> PartialFolder:
        if self._partial is None:
            raise RuntimeError("use OutputFolder in a with statement")
        return self._partial

    def _place_beside(self, out: Path) -> Path:
        """The folder to hold the partial one: the parent of `out`, or `out` itself where that cannot be."""
        if out.exists() and not out.is_dir():
            raise InputError(f"{self._out} is a file, not a folder.", hint="Name a folder with --out.")
        if not out.exists():
            return out.parent
        if not os.access(out, os.W_OK | os.X_OK):
            raise InputError(
                f"No permission to write into {self._out}.", hint="Choose another folder with --out."
            )
        another_disk = out.stat().st_dev != out.parent.stat().st_dev
        return out if another_disk or not os.access(out.parent, os.W_OK | os.X_OK) else out.parent

    def _publish_by_time(self, partial: PartialFolder) -> Path:
        stamp = self._started.strftime(STAMP)
        count = 1
        while True:
            target = self._home / (stamp if count == 1 else f"{stamp}-{count}")
            count += 1
            if os.path.lexists(target):
                continue
            try:
                partial.move_to(target)
            except OSError as error:
                if target.is_dir():  # another run was faster
                    continue
                raise explained(error, target) from error
            return target

    def _publish_to(self, partial: PartialFolder, out: Path) -> Path:
        target = _resolved(out)
        if target.exists():  # what was private stays private
            shutil.copymode(target, partial.path)
        if partial.path.parent == target:
            replace_files(partial.path, target, RUN_FILES, last=RUN_FILE)
            return out
        entries = _entries(target)
        # Whoever stands in the folder must still stand in it afterwards.
        here = Path.cwd()
        stood_in = target in (here, *here.parents)
        if not entries and not stood_in and self._moved_whole(partial, target):
            return out
        only_ours = not stood_in and all(entry.name in RUN_FILES and not entry.is_dir() for entry in entries)
        if not (only_ours and entries and exchange(partial.path, target)):
            replace_files(partial.path, target, RUN_FILES, last=RUN_FILE)
        return out

    def _moved_whole(self, partial: PartialFolder, target: Path) -> bool:
        try:
            partial.move_to(target)
        except OSError as error:
            if target.is_dir():  # a mount point, or no longer empty
                return False
            raise explained(error, target) from error
        return True


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.exists():
        return []
    with os.scandir(folder) as entries:
        return list(entries)


def _resolved(out: Path) -> Path:
    """The folder itself where `out` is a link to it."""
    try:
        return out.resolve()
    except (OSError, RuntimeError) as error:
        raise InputError(f"{out} leads nowhere: {error}.", hint="Name a folder with --out.") from error


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # it holds earlier runs
