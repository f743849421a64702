"""Makes `.venv` and installs Leadline into it, at the versions of constraints.txt.

    python3 scripts/environment.py            Leadline with all extras, and the developer's tools
    python3 scripts/environment.py bench      what the measurements need besides

It needs Python 3.11, pip and nothing else: where Python came without its `ensurepip` part, as on Debian
without python3-venv, the pip outside fills the environment instead. `make setup` runs it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ("--constraint", str(ROOT / "constraints.txt"))
#: A setting of the user's that would send packages elsewhere than into the environment.
ENVIRONMENT = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}

NO_PIP = """\
There is no pip for this Python, and it cannot make one by itself. Install either, then start again:
    apt-get install python3-venv        (Debian, Ubuntu)
    python3 -m ensurepip --upgrade      (elsewhere)"""


def main(groups: Sequence[str]) -> None:
    """Installs the dependency groups named, or all that `make test` and `make check` need."""
    if not _works(PYTHON, "-m", "pip", "--version"):
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        _make_venv()
    if groups:
        print(f"Installing what is needed for: {', '.join(groups)}", flush=True)
        _pip(*CONSTRAINTS, *(each for group in groups for each in _group(group)))
        return
    print("Installing what Leadline needs into .venv (the first time this takes a minute or two)", flush=True)
    _pip(*CONSTRAINTS, *_group("dev"))
    _pip(*CONSTRAINTS, "--no-build-isolation", "--editable", f"{ROOT}[all]")


def _group(name: str) -> list[str]:
    """The requirements of a dependency group; pip itself reads groups only from 25.1 on."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [str(each) for each in settings["dependency-groups"][name]]


def _make_venv() -> None:
    """An environment with a pip in it, by the first of three ways that works."""
    if importlib.util.find_spec("ensurepip") and _works(sys.executable, "-m", "venv", "--clear", VENV):
        return
    outer = _outer_pip()
    if not _works(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            _run(*outer, "install", "--quiet", *CONSTRAINTS, "--target", folder, "virtualenv")
            environment = {**ENVIRONMENT, "PYTHONPATH": folder}
            _run(sys.executable, "-m", "virtualenv", "--no-download", VENV, environment=environment)
    _run(*outer, "--python", PYTHON, "install", "--quiet", *CONSTRAINTS, "pip")


def _outer_pip() -> list[str]:
    if _works(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    if not found:
        sys.exit(NO_PIP)
    return [found]


def _pip(*arguments: str) -> None:
    _run(PYTHON, "-m", "pip", "install", "--quiet", *arguments)


def _works(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path, environment: dict[str, str] = ENVIRONMENT) -> None:
    """Runs quietly; if it fails, shows all it said and ends."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr, end="")
        failed = " ".join(map(str, command))
        sys.exit(f"The set-up failed at: {failed}\nWhat was installed is kept; `make setup` goes on.")


if __name__ == "__main__":
    main(sys.argv[1:])
