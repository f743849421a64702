"""What people install is the wheel: it holds all that Leadline reads, and works by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import leadline

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src/leadline"


def run(*command: str | Path, cwd: Path, python_path: Path | None = None) -> str:
    environment = {**os.environ, **({"PYTHONPATH": str(python_path)} if python_path else {})}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (built,) = folder.glob("leadline-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    run("-m", "pip", "install", *options, "--target", folder, wheel, cwd=folder)
    return folder


def names_under(folder: Path, prefix: str) -> set[str]:
    """The files under `folder` that git would keep, as the wheel should name them."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {f"{prefix}/{file.as_posix()}" for file in files if "__pycache__" not in file.parts}


def test_the_wheel_holds_every_file_of_the_package_and_the_examples(wheel: Path) -> None:
    expected = names_under(PACKAGE, "leadline") | names_under(ROOT / "examples", "leadline/data/examples")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
    assert held == expected


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "data/builtin/spelling.npz",
        "data/examples/contacts.csv",
        "data/filters/addresses.yml",
        "data/lexicon/en.txt",
        "data/lexicon/functions.tsv",
        "data/taxonomies/default.yml",
        "data/taxonomies/personas.yml",
        "data/taxonomies/segments.yml",
    ],
)
def test_the_installed_package_holds(name: str, installed: Path) -> None:
    assert (installed / "leadline" / name).is_file()


def test_the_installed_package_runs_without_the_repository(installed: Path, tmp_path: Path) -> None:
    where = run("-c", "import leadline; print(leadline.__file__)", cwd=tmp_path, python_path=installed)
    assert Path(where.strip()).is_relative_to(installed)
    version = run("-m", "leadline", "--version", cwd=tmp_path, python_path=installed)
    assert version == f"leadline {leadline.__version__}\n"


def test_the_wheel_carries_the_version_of_the_package(wheel: Path) -> None:
    assert wheel.name.split("-")[1] == leadline.__version__
