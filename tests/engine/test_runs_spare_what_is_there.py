"""What a first user broke: the input, the folder one stands in, and a private folder survive a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.core.errors import InputError
from leadline.engine.contacts import ContactsJob, classify_contacts
from leadline.engine.segments import tag_file

LEADS = "Record ID,Job Title\n1,CEO\n2,n/a\n"


@pytest.mark.parametrize("name", ["accepted.csv", "skipped.csv"])
def test_an_input_that_stands_where_the_results_go_is_refused_and_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LEADS)
    with pytest.raises(InputError, match="would replace the input"):
        classify_contacts(ContactsJob(input=str(tmp_path / name), out=tmp_path))
    assert (tmp_path / name).read_text() == LEADS


def test_tagging_a_file_onto_itself_is_refused_and_it_stays(tmp_path: Path) -> None:
    file = tmp_path / "input.csv"
    file.write_text(LEADS)
    with pytest.raises(InputError, match="would replace the input"):
        tag_file(file, output=file)
    assert file.read_text() == LEADS


def test_the_folder_one_stands_in_is_still_there_after_two_runs_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    for _ in range(2):
        classify_contacts(ContactsJob(input="../leads.csv", out=Path()))
        assert Path("run.json").exists()
        assert Path.cwd().stat().st_ino == (tmp_path / "out").stat().st_ino


def test_a_private_folder_stays_private(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    (tmp_path / "out").mkdir(mode=0o700)
    for _ in range(2):
        classify_contacts(ContactsJob(input=str(tmp_path / "leads.csv"), out=tmp_path / "out"))
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
