"""Trained models in the workspace: versions are kept, one of them is live.

models/<name>/v1/taxonomy.yml, <facet>.npz, report.json
models/<name>/live.json        {"history": ["v1", "v3"]}: the last one is live
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leadline.core.errors import InputError, ModelFileError
from leadline.titles.facets import TrainedFacet
from leadline.titles.modelfile import load_model, save_model
from leadline.titles.taxonomy import Taxonomy, dump_taxonomy, load_taxonomy

__all__ = ["ModelVersion", "Models", "safe_facet_file"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LIVE = "live.json"
MAX_CONFIDENCE = 100


@dataclass(frozen=True)
class ModelVersion:
    """One stored version: its folder, and what it says of itself."""

    name: str
    version: str
    folder: Path
    live: bool

    @property
    def title(self) -> str:
        """NAME@VERSION."""
        return f"{self.name}@{self.version}"

    def taxonomy(self) -> Taxonomy:
        """The taxonomy that the version was trained for."""
        return load_taxonomy(self.folder / "taxonomy.yml")

    def report(self) -> dict[str, Any]:
        """What training measured, per facet."""
        try:
            return dict(json.loads((self.folder / "report.json").read_text("utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            raise ModelFileError(f"The report of {self.title} cannot be read: {error}.") from error

    def facets(self) -> list[str]:
        """The facets that the version has a model for."""
        names = (facet.name for facet in self.taxonomy().facets)
        return [name for name in names if (self.folder / f"{safe_facet_file(name)}.npz").exists()]

    def load(self, facet: str) -> TrainedFacet | None:
        """The model of `facet`; None where the version has none.

        Raises:
            ModelFileError: the file is damaged or refused.
        """
        file = self.folder / f"{safe_facet_file(facet)}.npz"
        if not file.exists():
            return None
        model, meta = load_model(file)
        try:
            confidence = np.array(meta["confidence"], np.int64)
            if confidence.shape != (101,) or not ((confidence >= 0) & (confidence <= MAX_CONFIDENCE)).all():
                raise ValueError("wrong table of confidences")
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            raise ModelFileError(f"{file} is damaged: {error}.") from error
        return TrainedFacet(model, confidence)


def safe_facet_file(facet: str) -> str:
    """The facet's name as a file name; facets that differ never share one."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", facet)
    return plain if plain == facet else f"{plain}-{hashlib.sha256(facet.encode()).hexdigest()[:8]}"


class Models:
    """The models of a workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """All models, in alphabetical order."""
        if not self._folder.is_dir():
            return []
        return sorted(
            entry.name for entry in self._folder.iterdir() if _NAME.fullmatch(entry.name) and entry.is_dir()
        )

    def checked_name(self, name: str) -> str:
        """`name`, if a model can be called so."""
        if not _NAME.fullmatch(name):
            raise InputError(f"'{name}' is no name for a model: use letters, digits, '.', '_' and '-'.")
        return name

    def versions(self, name: str) -> list[ModelVersion]:
        """The versions of a model, oldest first.

        Raises:
            InputError: there is no such model.
        """
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            known = ", ".join(self.names()) or "none yet; 'leadline train' makes one"
            raise InputError(f"There is no model '{name}'.", hint=f"Models here: {known}.")
        live = (self._history(name) or [""])[-1]
        numbers = sorted(
            int(entry.name[1:])
            for entry in folder.iterdir()
            if re.fullmatch(r"v\d+", entry.name) and entry.is_dir()
        )
        return [ModelVersion(name, f"v{n}", folder / f"v{n}", f"v{n}" == live) for n in numbers]

    def find(self, title: str) -> ModelVersion:
        """The version `NAME@VERSION`, or the live one of `NAME`.

        Raises:
            InputError: there is no such model, version or live version.
        """
        name, _, version = title.partition("@")
        versions = self.versions(name)
        for one in versions:
            if one.version == version or (not version and one.live):
                return one
        known = ", ".join(one.version for one in versions) or "none"
        wanted = f"version '{version}'" if version else "live version"
        raise InputError(f"The model '{name}' has no {wanted}.", hint=f"Versions: {known}.")

    def live(self, name: str) -> ModelVersion | None:
        """The live version of `name`, None where there is no such model or none is live."""
        if name not in self.names():
            return None
        live = next((one for one in self.versions(name) if one.live), None)
        if live is None and (history := self._history(name)):
            raise ModelFileError(
                f"The live version {history[-1]} of the model '{name}' is gone.",
                hint="Make another one live with 'leadline models promote NAME@VERSION', or train again.",
            )
        return live

    def add(
        self, name: str, taxonomy: Taxonomy, facets: Mapping[str, TrainedFacet], report: Mapping[str, Any]
    ) -> ModelVersion:
        """Stores a new version; facets that it does not teach are taken over from the live one.

        The first version of a model is live at once.
        """
        home = self._folder / self.checked_name(name)
        home.mkdir(parents=True, exist_ok=True)
        live = self.live(name)
        number = max([0, *(int(one.version[1:]) for one in self.versions(name))]) + 1
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=home))
        try:
            partial.chmod(0o755)
            (partial / "taxonomy.yml").write_text(dump_taxonomy(taxonomy), encoding="utf-8")
            whole = dict(live.report()) if live else {}
            whole |= report
            (partial / "report.json").write_text(
                json.dumps(whole, indent=2, ensure_ascii=False), encoding="utf-8"
            )
            kept = {facet.name for facet in taxonomy.facets} - set(facets)
            for facet in sorted(kept):
                old = live.folder / f"{safe_facet_file(facet)}.npz" if live else None
                if old is not None and old.exists():
                    shutil.copyfile(old, partial / old.name)
            for facet, trained in facets.items():
                file = partial / f"{safe_facet_file(facet)}.npz"
                save_model(file, trained.model, {"confidence": trained.confidence.tolist()})
            while (home / f"v{number}").exists():
                number += 1
            partial.rename(home / f"v{number}")
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        if live is None:
            self._write_history(name, [*self._history(name), f"v{number}"])
        return self.find(f"{name}@v{number}")

    def promote(self, title: str) -> ModelVersion:
        """Makes a version live."""
        if "@" not in title:
            raise InputError("Say which version to promote: NAME@VERSION, for example personas@v2.")
        version = self.find(title)
        if not version.live:
            self._write_history(version.name, [*self._history(version.name), version.version])
        return self.find(title)

    def rollback(self, name: str) -> ModelVersion:
        """Makes the version live that was live before the present one."""
        self.versions(name)
        history = self._history(name)
        if not history[:-1]:
            raise InputError(f"The model '{name}' has no earlier live version to go back to.")
        self._write_history(name, history[:-1])
        return self.find(name)

    def _history(self, name: str) -> list[str]:
        try:
            data = json.loads((self._folder / name / _LIVE).read_text("utf-8"))
            return [str(version) for version in data["history"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelFileError(
                f"{self._folder / name / _LIVE} is damaged ({type(error).__name__}).",
                hint="Delete it and promote a version.",
            ) from error

    def _write_history(self, name: str, history: Sequence[str]) -> None:
        target = self._folder / name / _LIVE
        partial = target.with_suffix(".partial")
        partial.write_text(json.dumps({"history": list(history)}), encoding="utf-8")
        partial.replace(target)
