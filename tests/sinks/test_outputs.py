"""The output folder of a run: everything at once, or nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from leadline.core.errors import InputError, RunError
from leadline.sinks import OutputFolder
from leadline.sinks.names import safe_name
from leadline.sinks.outputs import RUN_FILE
from leadline.sinks.partial import PartialFolder

NOON = datetime(2026, 11, 20, 12, 0, 0)
DEAD = 2**22 + 12345  # above the largest process id that Linux gives


def run(
    root: Path,
    *,
    out: Path | None = None,
    text: str = "x",
    files: tuple[str, ...] = ("accepted.csv", "skipped.csv"),
) -> Path:
    with OutputFolder(name="contacts", root=root, out=out, started=NOON) as folder:
        for name in files:
            folder.file(name).write_text(text)
        return folder.publish({"leads": 1, "run": text})


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.name != RUN_FILE}


def test_a_run_lands_under_its_name_and_time_with_links_to_the_latest(tmp_path: Path) -> None:
    folder = run(tmp_path)
    assert folder == tmp_path / "contacts" / "2026-11-20T12-00-00"
    assert contents(folder) == {"accepted.csv": "x", "skipped.csv": "x"}
    assert json.loads((folder / "run.json").read_text()) == {"leads": 1, "run": "x"}
    assert str((tmp_path / "contacts" / "latest.csv").readlink()) == "2026-11-20T12-00-00/accepted.csv"
    assert str((tmp_path / "contacts" / "latest_skipped.csv").readlink()) == "2026-11-20T12-00-00/skipped.csv"
    assert len(list((tmp_path / "contacts").iterdir())) == 3


def test_further_runs_in_the_same_second_get_a_number_and_the_links(tmp_path: Path) -> None:
    names = [run(tmp_path, text=str(n)).name for n in range(3)]
    assert names == ["2026-11-20T12-00-00", "2026-11-20T12-00-00-2", "2026-11-20T12-00-00-3"]
    assert (tmp_path / "contacts" / "latest.csv").read_text() == "2"


def test_a_run_in_parquet_takes_the_links_to_csv_away(tmp_path: Path) -> None:
    run(tmp_path)
    run(tmp_path, files=("accepted.parquet", "skipped.parquet"))
    links = sorted(path.name for path in (tmp_path / "contacts").iterdir() if path.is_symlink())
    assert links == ["latest.parquet", "latest_skipped.parquet"]


def test_a_file_of_the_users_in_a_links_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / "latest.csv").write_text("mine")
    run(tmp_path)
    assert (tmp_path / "contacts" / "latest.csv").read_text() == "mine"


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), RunError("stopped")])
def test_an_exception_leaves_no_trace(tmp_path: Path, error: BaseException) -> None:
    run(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    def fail() -> None:
        with OutputFolder(name="contacts", root=tmp_path) as folder:
            folder.file("accepted.csv").write_text("half")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert sorted(tmp_path.rglob("*")) == before


def test_leaving_without_publishing_leaves_no_trace(tmp_path: Path) -> None:
    with OutputFolder(name="contacts", root=tmp_path / "new") as folder:
        folder.file("accepted.csv").write_text("half")
        assert not (tmp_path / "new" / "contacts" / "accepted.csv").exists()
    assert list((tmp_path / "new").iterdir()) == []


def test_until_it_is_published_everything_lies_in_a_hidden_folder(tmp_path: Path) -> None:
    with OutputFolder(name="contacts", root=tmp_path) as folder:
        folder.file("accepted.csv").write_text("half")
        assert re.fullmatch(rf"\.partial-{os.getpid()}-[0-9a-f]+", folder.file("accepted.csv").parent.name)


def test_only_a_runs_own_files_have_a_place(tmp_path: Path) -> None:
    with OutputFolder(name="contacts", root=tmp_path) as folder:
        for name in ("../x.csv", "x.csv", "/etc/passwd"):
            with pytest.raises(ValueError, match="none of a run's files"):
                folder.file(name)


@pytest.mark.parametrize("before", ["absent", "absent below absent", "empty"])
def test_out_that_is_absent_or_empty_is_made_at_once(tmp_path: Path, before: str) -> None:
    out = tmp_path / "a" / "b" if before == "absent below absent" else tmp_path / "a"
    if before == "empty":
        out.mkdir()
    assert run(tmp_path, out=out) == out
    assert contents(out) == {"accepted.csv": "x", "skipped.csv": "x"}
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_out_that_holds_an_earlier_run_is_exchanged(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(tmp_path, out=out, text="old", files=("accepted.parquet", "skipped.csv"))
    run(tmp_path, out=out, text="new")
    assert contents(out) == {"accepted.csv": "new", "skipped.csv": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("exchange_works", [True, False])
def test_other_files_in_out_are_never_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange_works: bool
) -> None:
    if not exchange_works:
        monkeypatch.setattr("leadline.sinks.outputs.exchange", lambda *_: False)
    out = tmp_path / "out"
    run(tmp_path, out=out, text="old", files=("accepted.parquet", "skipped.csv"))
    (out / "mine.csv").write_text("mine")
    (out / "sub").mkdir()
    inode = out.stat().st_ino
    run(tmp_path, out=out, text="new")
    (out / "sub").rmdir()
    assert contents(out) == {"accepted.csv": "new", "mine.csv": "mine", "skipped.csv": "new"}
    assert out.stat().st_ino == inode
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_replacing_files_one_by_one_removes_the_old_run_json_first_and_puts_the_new_one_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(tmp_path, out=out, text="old")
    (out / "mine.csv").write_text("mine")
    replace, seen = Path.replace, []

    def watched(source: Path, target: Path) -> Path:
        seen.append((target.name, (out / "run.json").exists()))
        if len(seen) == 2:
            raise OSError(5, "Input/output error")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", watched)
    with pytest.raises(RunError, match=r"files of two runs and no run\.json"):
        run(tmp_path, out=out, text="new")
    assert seen == [("accepted.csv", False), ("skipped.csv", False)]
    assert not (out / "run.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_out_may_be_a_link_to_a_folder_or_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    run(tmp_path, out=tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "real")["accepted.csv"] == "x"
    monkeypatch.chdir(tmp_path / "real")
    (tmp_path / "real" / "mine").write_text("mine")
    run(tmp_path, out=Path(), text="y")
    assert contents(tmp_path / "real") == {"accepted.csv": "y", "mine": "mine", "skipped.csv": "y"}


def test_out_that_cannot_be_renamed_into_is_filled_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where `out` is a mount point: the partial folder then lies inside it."""
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(OutputFolder, "_place_beside", lambda self, out: out)
    run(tmp_path, out=out, text="old")
    run(tmp_path, out=out, text="new")
    assert contents(out) == {"accepted.csv": "new", "skipped.csv": "new"}


def test_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="is a file, not a folder"):
        run(tmp_path, out=tmp_path / "out")
    with pytest.raises(InputError, match="a file is in its way"):
        run(tmp_path, out=tmp_path / "out" / "below")
    with pytest.raises(InputError, match="a file is in its way"):
        run(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_no_permission_is_explained_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(PartialFolder, "make", refuse)
    with pytest.raises(InputError, match="No permission to write .*Nothing was written"):
        run(tmp_path)


def test_partial_folders_of_dead_runs_are_removed_and_those_of_the_living_kept(tmp_path: Path) -> None:
    home = tmp_path / "contacts"
    (home / f".partial-{DEAD}-00ff").mkdir(parents=True)
    (home / f".partial-{DEAD}-00ff" / "accepted.csv").write_text("half")
    (home / f".partial-{os.getppid()}-00ff").mkdir()
    (home / ".partial-notes").mkdir()
    with OutputFolder(name="contacts", root=tmp_path) as living:
        mine = living.file("accepted.csv").parent.name
        run(tmp_path)
        left = sorted(path.name for path in home.iterdir() if path.name.startswith("."))
    assert left == sorted([mine, f".partial-{os.getppid()}-00ff", ".partial-notes"])


def test_an_old_partial_folder_that_nobody_holds_goes_even_if_its_process_id_lives_again(
    tmp_path: Path,
) -> None:
    left = tmp_path / "contacts" / f".partial-{os.getppid()}-00ff"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    run(tmp_path)
    assert not left.exists()


def test_a_killed_run_leaves_the_earlier_output_and_its_rest_is_removed_by_the_next(tmp_path: Path) -> None:
    run(tmp_path, out=tmp_path / "out", text="old")
    script = (
        "import sys, time; from pathlib import Path; from leadline.sinks import OutputFolder\n"
        "with OutputFolder(name='x', out=Path(sys.argv[1])) as folder:\n"
        "    folder.file('accepted.csv').write_text('half'); print('ready', flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert contents(tmp_path / "out")["accepted.csv"] == "old"
    assert len(list(tmp_path.iterdir())) == 2
    run(tmp_path, out=tmp_path / "out", text="new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("contacts", "contacts"), ("Größe 2024", "Größe 2024"), ("..", "run"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("", "run"), (".hidden", "hidden"), ("a/b\\c:d", "a_b_c_d"), ("a\0b\nc", "a_b_c"),
        ("con", "_con"), ("NUL.csv", "_NUL.csv"),
        ("é" * 200, "é" * 60), ("///", "run"), ("\u202egnp", "_gnp"), ("\ud800", "run"), (" . ", "run"),
    ],
)  # fmt: skip
def test_a_name_becomes_one_folders_name_and_no_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe
