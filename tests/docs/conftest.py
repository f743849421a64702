"""A workspace as somebody has it who cloned the repository."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docs_pages import ROOT


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample files, as somebody has who cloned the repository."""
    for name in ("examples", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEADLINE_HOME", raising=False)
    return tmp_path
