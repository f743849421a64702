"""`explain`, `taxonomy`, `init`, the version and the help: what every command promises."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from commandline import CommandLine

import leadline as package
from leadline.cli.app import app

COMMAND = typer.main.get_command(app)


def every_command() -> list[list[str]]:
    """The words of every command, such as `["models", "list"]`."""
    words: list[list[str]] = []
    for name, command in sorted(COMMAND.commands.items()):  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        words += [[name, inner] for inner in sorted(below)] if below else [[name]]
    return words


@pytest.fixture
def leadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEADLINE_HOME", raising=False)
    return CommandLine(capsys, monkeypatch)


def test_the_commands_are_those_of_the_contract() -> None:
    assert [" ".join(words) for words in every_command()] == [
        "classify",
        "evaluate",
        "explain",
        "init",
        "models list",
        "models promote",
        "models rollback",
        "models show",
        "predict",
        "retrain",
        "taxonomy check",
        "taxonomy list",
        "taxonomy new",
        "taxonomy show",
        "train",
    ]


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_has_help_with_an_example_and_speaks_json(
    leadline: CommandLine, words: list[str]
) -> None:
    done = leadline(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Example: leadline {' '.join(words)}" in " ".join(done.out.split())
    assert "--json" in done.out


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["classify", "--nosuch"],
        ["classify", "x.csv", "--limit", "0"],
        ["classify", "x.csv", "--format", "pdf"],
        ["classify", "x.csv", "--min-confidence", "101"],
        ["explain"],
        ["taxonomy", "nosuch"],
        ["models", "show"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_is_2_and_as_json_the_reason_is_the_document(
    leadline: CommandLine, words: list[str]
) -> None:
    done = leadline(*words)
    assert (done.code, done.out) == (2, "")
    assert "Usage:" in done.err
    as_json = leadline(*words, "--json")
    assert as_json.code == 2
    assert as_json.json["exit_code"] == 2
    assert as_json.json["error"]


def test_the_version_is_the_packages(leadline: CommandLine) -> None:
    assert leadline("--version").out == f"leadline {package.__version__}\n"


@pytest.mark.parametrize("words", [[], ["models"], ["taxonomy"]])
def test_a_command_without_words_shows_its_help(leadline: CommandLine, words: list[str]) -> None:
    done = leadline(*words)
    assert "Usage:" in done.out + done.err
    assert done.code in {0, 2}


def test_explain_shows_the_normal_form_the_words_the_layer_and_the_label(leadline: CommandLine) -> None:
    done = leadline("explain", "Leiterin Einkauf (m/w/d)")
    assert done.code == 0, done.err
    for said in (
        "read as",
        "What its words mean",
        "Role",
        "Purchasing",
        "confidence",
        "decided by",
        "Seniority",
    ):
        assert said in done.out
    explained = leadline("explain", "Leiterin Einkauf (m/w/d)", "--json").json
    assert explained["title"] == "Leiterin Einkauf (m/w/d)"
    assert [(facet["facet"], facet["label"]) for facet in explained["facets"]] == [
        ("Role", "Purchasing"),
        ("Seniority", "Director"),
    ]


@pytest.mark.parametrize(
    "title",
    ["", " ", "12345", "😀", "[bold]CEO[/bold]", "[/]", "\\", "=cmd()", "x" * 100_000, "\x1b]0;x\x07CEO"],
)
def test_explain_explains_whatever_stands_in_a_title(leadline: CommandLine, title: str) -> None:
    done = leadline("explain", title)
    assert done.code == 0, done.err
    assert "read as" in done.out
    assert "\x1b" not in done.out
    assert leadline("explain", title, "--json").json["title"] == title


def test_explain_follows_the_taxonomy_and_the_reference_table(leadline: CommandLine) -> None:
    Path("reference.csv").write_text("Reference,Standardization\nhoncho,VP of Sales\n")
    explained = leadline("explain", "Honcho", "-t", "personas", "--reference", "reference.csv", "--json").json
    assert [facet["facet"] for facet in explained["facets"]] == ["Persona"]
    assert explained["standardised"] == "VP of Sales"
    assert leadline("explain", "x", "-t", "nosuch").code == 2


def test_taxonomies_are_listed_with_ones_own_first(leadline: CommandLine) -> None:
    built_in = ["default", "personas", "segments"]
    assert leadline("taxonomy", "list", "--json").json == [
        {"name": name, "from": "built in"} for name in built_in
    ]
    assert leadline("taxonomy", "new", "mine").code == 0
    listed = leadline("taxonomy", "list", "--json").json
    assert listed == [
        {"name": "mine", "from": "yours"},
        *({"name": name, "from": "built in"} for name in built_in),
    ]
    assert "mine" in leadline("taxonomy", "list").out


def test_a_new_taxonomy_is_in_order_and_never_overwrites(leadline: CommandLine) -> None:
    done = leadline("taxonomy", "new", "mine", "--json")
    file = Path(done.json["file"])
    assert leadline("taxonomy", "check", file, "--json").json == {"name": "mine", "facets": {"persona": 3}}
    assert "is in order" in leadline("taxonomy", "check", file).out
    file.write_text("name: mine # and mine alone\n")
    again = leadline("taxonomy", "new", "mine")
    assert again.code == 2
    assert "is there already" in again.err
    assert file.read_text() == "name: mine # and mine alone\n"


@pytest.mark.parametrize("name", ["../up", "a b", "", "-x", "a/b", "a\nb", "a: b", "a'"])
def test_a_name_that_is_none_makes_no_taxonomy(leadline: CommandLine, name: str) -> None:
    assert leadline("taxonomy", "new", "--", name).code == 2
    assert not Path("taxonomies").exists()


def test_a_taxonomy_is_shown_with_labels_definitions_and_fallback(leadline: CommandLine) -> None:
    done = leadline("taxonomy", "show", "personas")
    assert "Executive Sponsor" in done.out
    assert "fallback Not a target" in done.out
    assert leadline("taxonomy", "show", "personas", "--json").json["facets"][0]["column"] == "Persona"
    assert leadline("taxonomy", "show", "nosuch").code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nfacets:\n- name: a\n  lables: [B]\n", ["line 4", "lables", "labels"]),
        ("name: x\nfacets:\n- name: a\n  labels: [B, C, B]\n", ["line 4", "B"]),
        ("name: x\nfacets:\n- name: a\n  labels: []\n", ["line 4", "labels"]),
        ("name: x\nfacets:\n- name: a\n  fallback: ''\n  labels: [B]\n", ["line 4", "fallback"]),
        ("name: x\nfacets: [\n", ["line"]),
        ("", ["wrong.yml"]),
    ],
    ids=["unknown key", "a label twice", "no labels", "no fallback", "no YAML", "empty"],
)
def test_a_wrong_taxonomy_is_refused_with_file_line_and_what_would_be_right(
    leadline: CommandLine, text: str, said: list[str]
) -> None:
    Path("wrong.yml").write_text(text)
    done = leadline("taxonomy", "check", "wrong.yml")
    assert (done.code, done.out) == (2, "")
    assert all(part in done.err for part in ["wrong.yml", *said]), done.err


def test_init_makes_a_workspace_and_touches_nothing_that_is_there(leadline: CommandLine) -> None:
    made = leadline("init", "mine", "--json").json["made"]
    assert made == [
        "taxonomies/",
        "models/",
        "output_run/",
        "logs/",
        ".env-sample",
        "taxonomies/my-personas.yml",
    ]
    assert leadline("taxonomy", "check", "mine/taxonomies/my-personas.yml").code == 0
    Path("mine/.env-sample").write_text("my own")
    assert leadline("init", "mine", "--json").json["made"] == []
    assert Path("mine/.env-sample").read_text() == "my own"
    Path("file").write_text("x")
    assert leadline("init", "file").code == 2


def test_the_env_file_of_the_folder_is_read_and_the_environment_wins(
    leadline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_HOME", "")  # set first, so that it is gone again after the test
    monkeypatch.delenv("LEADLINE_HOME")
    Path("theirs/taxonomies").mkdir(parents=True)
    Path("theirs/taxonomies/mine.yml").write_text("name: mine\nfacets: [{name: f, labels: [A]}]\n")
    Path(".env").write_text("LEADLINE_HOME=theirs\n")
    own = [entry["name"] for entry in leadline("taxonomy", "list", "--json").json if entry["from"] == "yours"]
    assert own == ["mine"]
    monkeypatch.setenv("LEADLINE_HOME", ".")
    assert [entry["from"] for entry in leadline("taxonomy", "list", "--json").json] == ["built in"] * 3
