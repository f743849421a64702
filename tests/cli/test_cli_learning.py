"""`train`, `evaluate`, `models`, `retrain`, `predict`: from a sheet of labels to a live model, and back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import CommandLine, Done, cells, csv_bytes, table

from leadline.titles import train as train_module

SEGMENTS = {
    "Engineering": ["Software Engineer", "Backend Developer", "Platform Engineer", "DevOps Engineer"],
    "Product": ["Product Manager", "Head of Product", "Product Owner", "Chief Product Officer"],
    "Other": ["Nurse", "Teacher", "Cook", "Bus Driver"],
    "Executive": ["Chief Executive Officer"],
    "GenAI": ["AI Engineer"],
    "Trust & Safety": ["Trust & Safety Manager"],
    "Legal & Compliance": ["Lawyer"],
}
LABELS = [label for label in SEGMENTS if label != "Other"]
ROWS = [
    [f"{level}{title}", label]
    for label, titles in SEGMENTS.items()
    for title in titles
    for level in ("", "Senior ")
]
SHEET = csv_bytes(["Job Title", "Persona Segment"], *ROWS)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A workspace after `leadline retrain`, the one real training here; and what training gave."""
    folder = tmp_path_factory.mktemp("taught")
    (folder / "data").mkdir()
    (folder / "data/training_data.csv").write_bytes(SHEET)
    given: dict[str, Any] = {}
    real = train_module.train_facet

    def remembered(*arguments: Any, **options: Any) -> Any:
        given["lesson"] = real(*arguments, **options)
        return given["lesson"]

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("LEADLINE_HOME", raising=False)
        patch.setattr(train_module, "train_facet", remembered)
        from typer.testing import CliRunner

        from leadline.cli.app import app

        result = CliRunner().invoke(app, ["retrain"])
        given["retrain"] = Done(result.exit_code, result.stdout, result.stderr)
    return folder, given


@pytest.fixture
def leadline(
    taught: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command in a copy of that workspace; another training gives the same model at once."""
    folder, given = taught
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEADLINE_HOME", raising=False)
    monkeypatch.setattr(train_module, "train_facet", lambda *arguments, **options: given["lesson"])
    return CommandLine(capsys, monkeypatch)


def states(leadline: CommandLine) -> dict[str, str]:
    return {
        f"{one['name']}@{one['version']}": one["state"] for one in leadline("models", "list", "--json").json
    }


def test_retrain_ends_with_its_line_and_the_new_model_is_live_at_once(
    taught: tuple[Path, dict[str, Any]], leadline: CommandLine
) -> None:
    done = taught[1]["retrain"]
    assert done.code == 0, done.err
    assert done.last_line == "✅ The model has been retrained."
    assert "cross-validated" in done.out
    assert states(leadline) == {"segments@v1": "live"}


def test_a_second_retraining_is_live_at_once_too_and_knows_new_labels(leadline: CommandLine) -> None:
    Path("data/training_data.csv").write_bytes(SHEET + b"Pilot,Aviation\r\n")
    done = leadline("retrain", "--json")
    assert (done.code, done.json["model"], done.json["live"]) == (0, "segments@v2", True)
    assert done.err.splitlines()[-1] == "✅ The model has been retrained."
    assert states(leadline) == {"segments@v1": "", "segments@v2": "live"}
    labels = [
        label["name"]
        for label in leadline("taxonomy", "show", "segments", "--json").json["facets"][0]["labels"]
    ]
    assert labels[-1] == "Aviation"
    assert "Engineering" in labels


def test_predict_writes_exactly_four_columns_every_row_in_order(leadline: CommandLine) -> None:
    rows = [
        ["7", "Backend Developer"],
        ["7", "Nurse"],
        ["", "Product Owner"],
        ["=x", ""],
        ["9", "n/a"],
        ["10", "=cmd()"],
    ]
    Path("data/input.csv").write_bytes(csv_bytes(["Record ID", "Job Title"], *rows))
    done = leadline("predict")
    assert (done.code, done.out) == (0, "✅ 6 rows were tagged: tagged_personas.csv\n")
    tagged = cells(Path("tagged_personas.csv"))
    assert tagged[0] == ["Record ID", "Job Title", "Persona Segment", "Confidence Score"]
    assert [row[:2] for row in tagged[1:]] == [*rows[:5], ["10", "'=cmd()"]]
    assert [row[2] for row in tagged[1:6]] == ["Engineering", "Other", "Product", "Other", "Other"]
    assert [row[3] for row in tagged[4:6]] == ["0", "0"]
    assert leadline("predict", "--json").json == {"rows": 6, "output": "tagged_personas.csv"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file data/input.csv."),
        (b"", "data/input.csv is empty"),
        (
            b"Record ID,Name\n1,x\n",
            "data/input.csv has no column 'Job Title'. The columns are: Record ID, Name.",
        ),
        (b"Job Title\nCEO\n", "data/input.csv has no column 'Record ID'."),
        (b"Record ID,Job Title\n1,CEO\n2\n", "data/input.csv, line 3 cannot be read: 2"),
    ],
    ids=["no file", "empty", "no titles", "no ids", "a short line"],
)
def test_predict_that_fails_says_so_on_its_last_line_and_leaves_the_earlier_file(
    leadline: CommandLine, content: bytes | None, said: str
) -> None:
    Path("tagged_personas.csv").write_text("earlier")
    if content is not None:
        Path("data/input.csv").write_bytes(content)
    done = leadline("predict")
    assert done.code == 2
    assert done.last_line.startswith(f"❌ There was an error tagging the input file. {said}")
    assert Path("tagged_personas.csv").read_text() == "earlier"
    assert not list(Path().glob(".partial-*"))
    as_json = leadline("predict", "--json")
    assert (as_json.code, as_json.json["exit_code"]) == (2, 2)


def test_predict_that_cannot_write_says_so(leadline: CommandLine) -> None:
    Path("data/input.csv").write_bytes(b"Record ID,Job Title\n1,CEO\n")
    done = leadline("predict", "--output", "data/input.csv/below.csv")
    assert done.code == 1
    assert done.last_line.startswith("❌ There was an error tagging the input file. ")


def test_what_a_killed_prediction_left_is_removed_by_the_next(leadline: CommandLine) -> None:
    dead = 2**22 + 12345  # above the largest process id that Linux gives
    Path("data/input.csv").write_bytes(b"Record ID,Job Title\n1,CEO\n")
    Path(f".partial-{dead}-00ff").mkdir()
    assert leadline("predict").code == 0
    assert not list(Path().glob(".partial-*"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file data/training_data.csv."),
        (b"Job Title,Label\nCEO,x\n", "There is no column 'Persona Segment' with labels."),
        (b"Job Title,Persona Segment\nCEO,\n", "No row has a label of the facet 'segment'."),
    ],
    ids=["no file", "no labels' column", "no label"],
)
def test_retrain_that_fails_says_so_on_its_last_line(
    leadline: CommandLine, content: bytes | None, said: str
) -> None:
    Path("data/training_data.csv").unlink()
    if content is not None:
        Path("data/training_data.csv").write_bytes(content)
    done = leadline("retrain")
    assert done.code == 2
    assert done.last_line.startswith(f"❌ There was an error retraining the model. {said}")
    assert states(leadline) == {"segments@v1": "live"}


def test_train_without_a_taxonomy_takes_the_sheets_labels_and_writes_them_down(leadline: CommandLine) -> None:
    done = leadline(
        "train", "data/training_data.csv", "--facet", "segment=Persona Segment", "--name", "mine", "--json"
    )
    assert done.code == 0, done.err
    assert (done.json["model"], done.json["live"]) == ("mine@v1", True)
    assert done.json["facets"].keys() == {"segment"}
    facet = leadline("taxonomy", "show", "mine", "--json").json["facets"][0]
    assert [label["name"] for label in facet["labels"]] == LABELS
    assert facet["fallback"] == "Other"
    Path("leads.csv").write_bytes(csv_bytes(["Id", "Job Title"], ["1", "Backend Developer"]))
    assert leadline("classify", "leads.csv", "-t", "mine", "--out", "out", "--json").json["models"] == {
        "Segment": "mine@v1"
    }


def test_a_later_version_is_compared_and_waits_for_promote_and_rolls_back(leadline: CommandLine) -> None:
    done = leadline(
        "train", "data/training_data.csv", "-f", "segment=Persona Segment", "--taxonomy", "segments"
    )
    assert "Against the live version v1" in done.out
    assert "leadline models promote segments@v2" in done.out
    assert states(leadline) == {"segments@v1": "live", "segments@v2": ""}
    assert leadline("models", "promote", "segments@v2").out == "segments@v2 is live.\n"
    assert states(leadline) == {"segments@v1": "", "segments@v2": "live"}
    assert leadline("models", "rollback", "segments", "--json").json == {"model": "segments@v1", "live": True}
    done = leadline("models", "rollback", "segments")
    assert (done.code, done.err) == (
        2,
        "Error: The model 'segments' has no earlier live version to go back to.\n",
    )


def test_a_later_sheet_takes_nothing_away_from_what_is_live(leadline: CommandLine) -> None:
    """It keeps the live model's labels and what the user wrote; else nothing could be classified."""
    train = ("train", "data/training_data.csv", "-f", "segment=Persona Segment", "--name", "mine")
    leadline(*train)
    written = (
        Path("taxonomies/mine.yml")
        .read_text()
        .replace("- name: Product\n", "- name: Product # mine\n    definition: Plans.\n")
    )
    Path("taxonomies/mine.yml").write_text(written)
    assert leadline(*train).code == 0
    assert Path("taxonomies/mine.yml").read_text() == written
    Path("data/training_data.csv").write_bytes(b"Job Title,Persona Segment\nCook,Other\nPilot,Aviation\n")
    assert leadline(*train).code == 0
    labels = leadline("taxonomy", "show", "mine", "--json").json["facets"][0]["labels"]
    assert [label["name"] for label in labels] == [*LABELS, "Aviation"]
    assert labels[1]["definition"] == "Plans."
    Path("leads.csv").write_text("Job Title\nNurse\n")
    assert leadline("classify", "leads.csv", "-t", "mine", "--out", "out").code == 0


def test_models_show_what_training_measured(leadline: CommandLine) -> None:
    shown = leadline("models", "show", "segments", "--json").json
    assert (shown["model"], shown["live"]) == ("segments@v1", True)
    assert 0 <= shown["facets"]["segment"]["accuracy"] <= 1
    assert "segments@v1 (live)" in leadline("models", "show", "segments@v1").out
    assert "segments" in leadline("models", "list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "nosuch"], ["There is no model 'nosuch'", "Models here: segments"]),
        (["show", "segments@v9"], ["no version 'v9'", "Versions: v1"]),
        (["promote", "segments"], ["NAME@VERSION"]),
        (["promote", "segments@v9"], ["no version 'v9'"]),
        (["promote", "../x@v1"], ["There is no model '../x'"]),
        (["rollback", "nosuch"], ["There is no model 'nosuch'"]),
    ],
)
def test_a_model_that_is_not_there_is_an_error_that_says_which_are(
    leadline: CommandLine, words: list[str], said: list[str]
) -> None:
    done = leadline("models", *words)
    assert (done.code, done.out) == (2, "")
    assert all(part in done.err for part in said)
    assert leadline("models", *words, "--json").json["exit_code"] == 2


def test_evaluate_measures_the_live_model_or_the_one_asked_for(leadline: CommandLine) -> None:
    words = ("evaluate", "data/training_data.csv", "--facet", "segment=Persona Segment")
    figures = leadline(*words, "--taxonomy", "segments", "--json").json
    assert (figures["model"], figures["rows"], figures["skipped"]) == ("segments@v1", len(ROWS), 0)
    assert {"accuracy", "macro_f1", "per_label", "confusion", "ece", "coverage_at_95"} <= figures.keys()
    assert figures["accuracy"] > 0.9
    assert leadline(*words, "--model", "segments@v1", "--json").json == figures
    assert str(len(ROWS)) in leadline(*words, "--taxonomy", "segments").out


def test_evaluate_counts_a_skipped_row_as_wrong_and_leaves_strange_labels_out(leadline: CommandLine) -> None:
    sheet = csv_bytes(
        ["Title", "Label"], ["Nurse", "Other"], ["n/a", "Other"], ["Pilot", "Aviation"], ["Cook", ""]
    )
    Path("checked.csv").write_bytes(sheet)
    words = ("evaluate", "checked.csv", "-f", "segment", "-t", "segments", "--label-column", "label")
    figures = leadline(*words, "--json").json
    assert (figures["rows"], figures["skipped"], figures["accuracy"]) == (2, 1, 0.5)
    assert figures["labels_outside_the_taxonomy"] == {"Aviation": 1}
    shown = leadline(*words).out
    assert "Aviation (1)" in shown
    assert "1 rows got no label and count as wrong." in shown


def test_an_ordered_facet_is_measured_by_distance_too(leadline: CommandLine) -> None:
    Path("levels.csv").write_bytes(
        csv_bytes(["Title", "seniority"], ["VP of Sales", "VP"], ["Intern", "Entry"])
    )
    assert leadline("evaluate", "levels.csv", "-f", "seniority", "--json").json["mae"] == 0


def test_a_facet_may_write_columns_of_any_name(leadline: CommandLine) -> None:
    """Also names that the tables inside use."""
    Path("odd.yml").write_text(
        "name: odd\nfacets:\n- name: label\n  column: title\n  confidence_column: skip_reason\n"
        "  labels: [{name: A, match: {seniority: VP}}]\n"
    )
    Path("checked.csv").write_bytes(csv_bytes(["Title", "Label"], ["VP of Sales", "A"]))
    assert leadline("evaluate", "checked.csv", "-f", "label", "-t", "odd.yml", "--json").json["accuracy"] == 1
    done = leadline("classify", "checked.csv", "-t", "odd.yml", "--out", "out")
    assert done.code == 0, done.err
    assert [row["title"] for row in table(Path("out/accepted.csv"))] == ["A"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "nosuch.csv", "-f", "x"], ["There is no file nosuch.csv"]),
        (
            ["train", "data/training_data.csv", "-f", "x"],
            ["There is no column 'x' with labels", "Job Title, Persona Segment", "--facet x=COLUMN"],
        ),
        (
            ["train", "data/training_data.csv", "-f", "x=Persona Segment", "-t", "segments"],
            ["no facet 'x'", "It has: segment"],
        ),
        (
            ["train", "data/training_data.csv", "-f", "x=Persona Segment", "--name", "../up"],
            ["“../up” cannot be the name"],
        ),
        (["train", "lines.csv", "-f", "label"], ["“two\nlines” cannot be the name of a label"]),
        (["train", "data/training_data.csv"], ["--facet"]),
        (["evaluate", "data/training_data.csv", "-f", "x"], ["There is no facet 'x'", "role, seniority"]),
        (
            ["evaluate", "data/training_data.csv", "-f", "role=Persona Segment", "--title-column", "y"],
            ["no column “y”"],
        ),
        (["evaluate", "nosuch.csv", "-f", "role"], ["There is no file nosuch.csv"]),
    ],
)
def test_what_cannot_be_learned_or_measured_is_an_error_that_says_why(
    leadline: CommandLine, words: list[str], said: list[str]
) -> None:
    Path("lines.csv").write_text('Title,Label\nCEO,"two\nlines"\n')
    before = sorted(Path().rglob("*"))
    done = leadline(*words)
    assert (done.code, done.out) == (2, "")
    assert all(part in done.err for part in said), done.err
    assert sorted(Path().rglob("*")) == before


def _cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def _of_objects(file: Path) -> None:
    """A model file that would run code when loaded, if Leadline let it."""
    import numpy as np

    class Bomb:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
            return Path.write_text, (file.with_name("ran"), "it ran")

    np.savez(
        file, meta=np.array([Bomb()], dtype=object), words=np.array([Bomb()], dtype=object), allow_pickle=True
    )


@pytest.mark.parametrize("harm", [_cut_short, _of_objects], ids=["cut short", "crafted to run code"])
def test_a_damaged_model_file_is_refused_and_runs_nothing(
    leadline: CommandLine, harm: Callable[[Path], None]
) -> None:
    file = Path("models/segments/v1/segment.npz")
    harm(file)
    Path("leads.csv").write_text("Job Title\nCEO\n")
    done = leadline("classify", "leads.csv", "-t", "segments", "--out", "out")
    assert (done.code, done.out) == (2, "")
    assert "segment.npz" in done.err
    assert not file.with_name("ran").exists()
    assert not Path("out").exists()


def test_a_model_of_other_labels_than_the_taxonomys_is_refused(leadline: CommandLine) -> None:
    """A label is always one of the taxonomy's: a model cannot bring its own."""
    Path("taxonomies").mkdir(exist_ok=True)
    Path("taxonomies/segments.yml").write_text(
        "name: segments\nfacets: [{name: segment, labels: [Engineering, Pilot]}]\n"
    )
    Path("leads.csv").write_text("Job Title\nCEO\n")
    done = leadline("classify", "leads.csv", "-t", "segments", "--out", "out")
    assert done.code == 2
    assert "segments@v1" in done.err


def test_a_damaged_list_of_live_versions_says_what_to_do(leadline: CommandLine) -> None:
    Path("models/segments/live.json").write_text(json.dumps({"history": 3})[:-1])
    done = leadline("models", "list")
    assert done.code == 2
    assert "live.json is damaged" in done.err
    assert "promote" in done.err
