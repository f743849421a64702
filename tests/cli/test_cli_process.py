"""The command as a process: exit codes, streams, signals, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import Done, csv_bytes, finished, started, table

ROOT = Path(__file__).parents[2]
WAIT_S = 60.0
KILLS = 3

SMALL = b"Id,Job Title\n1,VP of Sales\n2,\n"


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def test_well_is_0_with_one_json_document_on_stdout_and_all_else_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"Id,Job Title,Role\n1,VP of Sales,mine\n")
    done = finished("classify", "in.csv", "--out", "out", "--json", cwd=tmp_path)
    assert done.code == 0
    assert done.json["accepted"] == 1
    assert "The input has a column 'Role' already" in done.err
    assert "Traceback" not in done.err


def test_a_wrong_input_is_2_and_as_json_the_error_is_the_document(tmp_path: Path) -> None:
    done = finished("classify", "nosuch.csv", "--json", cwd=tmp_path)
    assert done.code == 2
    assert done.json["error"] == "There is no file nosuch.csv."
    assert done.json["exit_code"] == 2
    assert done.err.startswith("Error: There is no file nosuch.csv.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_takes_nothing_is_1(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = started("models", "list", stdout=full, cwd=tmp_path)
        _, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 1
    assert err.startswith(b"Error: The system refused something: No space left on device.")


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    process = started("taxonomy", "show", "default", cwd=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(WAIT_S) == 1
    assert b"Traceback" not in err


def test_ctrl_c_is_130_and_leaves_the_earlier_output_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_bytes(SMALL)
    (tmp_path / "large.csv").write_bytes(b"Id,Job Title\n" + b"7,Director of Sales\n" * 5_000_000)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/run.json").write_text("earlier")
    process = started("classify", "large.csv", "--out", "out", cwd=tmp_path)
    wait_until(
        lambda: any(path.stat().st_size > 1 << 20 for path in tmp_path.glob(".partial-*/accepted.csv"))
    )
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    assert (out, err.splitlines()[0]) == (b"", b"Error: Interrupted.")
    assert b"Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.csv", "out", "small.csv"]
    assert (tmp_path / "out/run.json").read_text() == "earlier"


def test_ctrl_c_while_standard_input_is_read_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    process = started("classify", "-", "--json", stdin=subprocess.PIPE, cwd=tmp_path, env=environment)
    wait_until(lambda: any((tmp_path / "tmp").glob("leadline-*")))
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    assert json.loads(out)["exit_code"] == 130
    assert [path.name for path in tmp_path.rglob("*")] == ["tmp"]


#: Classifies one file and the other in turn, for ever, into the same folder.
FOR_EVER = """
import itertools, sys
from pathlib import Path
from leadline.engine.contacts import ContactsJob, classify_contacts
for number in itertools.count():
    classify_contacts(ContactsJob(input=["old.csv", "new.csv"][number % 2], out=Path("work/out")))
    if number == 1:
        print("ready", flush=True)
"""


def test_after_a_kill_at_any_moment_one_complete_output_is_there_and_run_json_says_which(
    tmp_path: Path,
) -> None:
    """No lead is lost: what is there is one whole run, and the next start clears away what the kill left."""
    rows = 30_000
    titles = ["VP of Sales", "Nurse", "", "Engineer"]
    for name, first in (("old", 0), ("new", 1_000_000)):
        leads = ([str(first + n), titles[n % 4]] for n in range(rows))
        (tmp_path / f"{name}.csv").write_bytes(csv_bytes(["Id", "Job Title"], *leads))
    (tmp_path / "work").mkdir()
    seed = secrets.randbelow(1 << 30)
    moments = random.Random(seed)  # noqa: S311 - any moments will do
    expected: dict[str, dict[str, bytes]] = {}
    left_over = 0
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", FOR_EVER], cwd=tmp_path, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process, process.stdout:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(moments.random() * 0.3)
            process.kill()
        found = {path.name: path.read_bytes() for path in (tmp_path / "work/out").iterdir()}
        run = json.loads(found.pop("run.json"))
        assert (run["leads"], run["accepted"]) == (rows, rows // 4 * 3), seed
        assert expected.setdefault(run["input"], found) == found, seed
        left_over += len(list((tmp_path / "work").glob(".partial-*")))
    assert set(expected) <= {"old.csv", "new.csv"}
    done = finished("classify", "new.csv", "--out", "work/out", cwd=tmp_path)
    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["out"], (
        f"{left_over} left over, seed {seed}"
    )
    ids = {
        int(row["Id"]) for name in ("accepted", "skipped") for row in table(tmp_path / f"work/out/{name}.csv")
    }
    assert ids == set(range(1_000_000, 1_000_000 + rows))


#: Classifies the one file, then the other, and kills itself before the n-th change to the file system.
KILLED_AT_STEP = """
import os, signal, sys
from pathlib import Path
from leadline.engine.contacts import ContactsJob, classify_contacts
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "ctypes.dlsym"}
left = None
def before(event, arguments):
    global left
    writes = event == "open" and "w" in str(arguments[1])
    if left is None or not (writes or event in CHANGES):
        return
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(before)
classify_contacts(ContactsJob(input="old.csv", out=Path("work/out")))
left = int(sys.argv[1])
classify_contacts(ContactsJob(input="new.csv", out=Path("work/out")))
left = None
"""


def test_a_kill_before_any_change_to_the_file_system_leaves_one_complete_output(tmp_path: Path) -> None:
    """Every step from the first folder to the last removal, one after the other."""
    (tmp_path / "old.csv").write_bytes(b"Id,Job Title\n1,CEO\n2,\n")
    (tmp_path / "new.csv").write_bytes(b"Id,Job Title\n3,Nurse\n4,\n5,\n")
    (tmp_path / "work").mkdir()
    ids = {"old.csv": (["1"], ["2"]), "new.csv": (["3"], ["4", "5"])}
    seen: list[str] = []
    code = -signal.SIGKILL
    while code == -signal.SIGKILL:
        command = [sys.executable, "-c", KILLED_AT_STEP, str(len(seen))]
        code = subprocess.run(command, cwd=tmp_path, check=False).returncode
        run = json.loads((tmp_path / "work/out/run.json").read_text())
        found = [
            [row["Id"] for row in table(tmp_path / f"work/out/{name}.csv")]
            for name in ("accepted", "skipped")
        ]
        assert tuple(found) == ids[run["input"]], f"killed at step {len(seen)}"
        seen.append(run["input"])
    assert code == 0
    assert seen == sorted(seen, reverse=True)  # first the old one, from one step on the new one
    assert set(seen) == {"old.csv", "new.csv"}
    assert len(seen) > 5
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["out"]


def test_same_input_same_output_byte_for_byte_on_one_thread_and_on_two(tmp_path: Path) -> None:
    """Times aside, nothing in the output says on how many cores it was made."""
    contacts = (ROOT / "examples/contacts.csv").read_bytes()
    header, _, body = contacts.partition(b"\n")
    variations = [
        body.replace(b"Sales", b"Sales %d" % n).replace(b"Engineer", b"Engineer %d" % n) for n in range(30)
    ]
    (tmp_path / "in.csv").write_bytes(header + b"\n" + b"".join(variations))
    made: list[dict[str, bytes]] = []
    for threads in ("1", "2"):
        words = ("classify", "in.csv", "--out", "out", "-t", "default", "-t", "personas")
        done = finished(*words, cwd=tmp_path, env={"POLARS_MAX_THREADS": threads})
        assert done.code == 0, done.err
        files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        run = json.loads(files.pop("run.json"))
        timeless = {key: value for key, value in run.items() if key not in {"seconds", "started"}}
        made.append({**files, "run.json": json.dumps(timeless).encode(), "shown": _timeless(done).encode()})
    assert made[0] == made[1]
    assert len(made[0]["accepted.csv"]) > 5_000_000


def _timeless(done: Done) -> str:
    """What is shown, without the seconds in the first line."""
    first, _, rest = done.out.partition("\n")
    return first.rpartition("·")[0] + rest
