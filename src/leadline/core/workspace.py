"""The folder one works in: taxonomies, models, runs and logs stand in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Workspace"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where Leadline looks for and keeps what is the user's."""

    root: Path

    @classmethod
    def current(cls) -> Workspace:
        """The folder in `LEADLINE_HOME`, else the current one."""
        return cls(Path(os.environ.get("LEADLINE_HOME") or "."))

    @property
    def taxonomies(self) -> Path:
        """The user's taxonomy files, `<name>.yml`."""
        return self.root / "taxonomies"

    @property
    def models(self) -> Path:
        """Trained models, `<name>/<version>/`."""
        return self.root / "models"

    @property
    def runs(self) -> Path:
        """The outputs of runs, `<name>/<time>/`."""
        return self.root / "output_run"
