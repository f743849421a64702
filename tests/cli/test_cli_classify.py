"""`leadline classify`: its options, one after the other, as people type them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from commandline import CommandLine, cells, csv_bytes, table

LEADS = """\
Record ID,Job Title,Email
7,VP of Sales,jane@acme.com
8,,joe@acme.com
9,Software Engineer,contest@acme.com
9,Nurse,test@acme.com
,Chief Executive Officer,testa@acme.com
"""


@pytest.fixture
def leadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEADLINE_HOME", raising=False)
    Path("leads.csv").write_text(LEADS)
    return CommandLine(capsys, monkeypatch)


def test_every_lead_is_accepted_with_its_labels_or_skipped_with_the_reason(leadline: CommandLine) -> None:
    done = leadline("classify", "leads.csv", "--out", "out")
    assert done.code == 0, done.err
    assert cells(Path("out/accepted.csv"))[0] == [
        "Record ID",
        "Job Title",
        "Email",
        "Role",
        "Role Confidence",
        "Role Decided By",
        "Seniority",
        "Seniority Confidence",
        "Seniority Decided By",
    ]
    accepted = table(Path("out/accepted.csv"))
    assert [(row["Record ID"], row["Job Title"], row["Role"], row["Seniority"]) for row in accepted] == [
        ("7", "VP of Sales", "Sales", "VP"),
        ("9", "Software Engineer", "Engineering", "Mid-level"),
        ("", "Chief Executive Officer", accepted[2]["Role"], "CXO"),
    ]
    assert all(0 <= int(row["Role Confidence"]) <= 100 for row in accepted)
    assert cells(Path("out/skipped.csv")) == [
        ["Record ID", "Job Title", "Email", "Skip Reason", "Line", "Raw Text"],
        ["8", "", "joe@acme.com", "no job title", "", ""],
        ["9", "Nurse", "test@acme.com", "test address", "", ""],
    ]


def test_run_json_accounts_for_the_run(leadline: CommandLine) -> None:
    done = leadline("classify", "leads.csv", "--out", "out", "--json")
    run = json.loads(Path("out/run.json").read_text())
    assert done.json == {"folder": "out", **run}
    assert (run["leads"], run["accepted"], run["skipped"]) == (5, 3, 2)
    assert run["skip_reasons"] == {"no job title": 1, "test address": 1}
    assert run["distinct_titles"] == 4  # one of them empty
    assert run["decided_by"].keys() == {"Role", "Seniority"}
    assert sum(run["decided_by"]["Role"].values()) == sum(run["labels"]["Role"].values()) == 3
    assert run["limited_to"] is None
    assert (run["cost_usd"], run["tokens"]) == (0.0, {"input": 0, "output": 0})
    assert (list(run["taxonomies"]), run["models"]) == (["default"], {})


def test_people_see_counts_bars_reasons_and_where_the_files_are(leadline: CommandLine) -> None:
    done = leadline("classify", "leads.csv")
    for said in (
        "5 leads: 3 accepted, 2 skipped",
        "Role",
        "Sales",
        "█",
        "Skipped, and why",
        "The surest",
        "The least sure",
    ):
        assert said in done.out
    folders = [path for path in Path("output_run/leads").iterdir() if not path.is_symlink()]
    assert len(folders) == 1
    for name in ("accepted.csv", "skipped.csv", "run.json"):
        assert str(folders[0] / name) in done.out
    assert Path("output_run/leads/latest.csv").read_bytes() == (folders[0] / "accepted.csv").read_bytes()


def test_what_is_shown_of_a_title_cannot_command_the_terminal(leadline: CommandLine) -> None:
    """An escape sequence in a title would rename the window, or worse."""
    done = leadline("classify", "-", "--out", "out", stdin=b"Job Title\nCEO \x1b]0;pwned\x07[bold]\n")
    assert done.code == 0
    assert "\x1b" not in done.out + done.err
    assert "\x07" not in done.out + done.err
    assert "[bold]" in done.out
    assert table(Path("out/accepted.csv"))[0]["Job Title"] == "CEO \x1b]0;pwned\x07[bold]"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ([], ["7", "9", ""]),
        (["--limit", "1"], ["7"]),
        (["--limit", "3"], ["7", "9"]),
        (["--limit", "99"], ["7", "9", ""]),
        (["--internal-domain", "ACME.com"], []),
        (["--internal-domain", "other.org", "--internal-domain", "acme.com"], []),
        (["--filters", "none.yml"], ["7", "9", "9", ""]),
        (["--filters", "none.yml", "--internal-domain", "acme.com"], []),
        (["--email-column", "Record ID"], ["7", "9", "9", ""]),
        (["--title-column", "Email"], ["7", "8", "9", ""]),
        (["--title-column", "record id"], []),
    ],
)
def test_an_option_decides_which_leads_are_accepted(
    leadline: CommandLine, options: list[str], ids: list[str]
) -> None:
    Path("none.yml").write_text("{}")
    done = leadline("classify", "leads.csv", "--out", "out", "--json", *options)
    assert done.code == 0, done.err
    assert [row["Record ID"] for row in table(Path("out/accepted.csv"))] == ids
    assert (
        done.json["accepted"] + done.json["skipped"]
        == done.json["leads"]
        == int(options[1] if "--limit" in options and int(options[1]) < 5 else 5)
    )


def test_a_limit_is_told_in_run_json_and_the_rest_is_not_counted(leadline: CommandLine) -> None:
    run = leadline("classify", "leads.csv", "--out", "out", "--limit", "2", "--json").json
    assert (run["leads"], run["limited_to"]) == (2, 2)


@pytest.mark.parametrize(("least", "accepted"), [("0", 1), ("100", 0)])
def test_labels_that_are_not_sure_enough_are_not_given(
    leadline: CommandLine, least: str, accepted: int
) -> None:
    stdin = b"Job Title\nNurse for things and other matters\n"
    run = leadline("classify", "-", "--out", "out", "--min-confidence", least, "--json", stdin=stdin).json
    assert run["accepted"] == accepted
    assert run["skip_reasons"] == ({} if accepted else {"not sure enough": 1})


def test_a_lead_with_one_label_of_two_is_accepted_and_the_gap_explained(leadline: CommandLine) -> None:
    """Both facets are asked; one of them is not sure enough."""
    Path("two.yml").write_text(
        "name: two\nfacets:\n"
        "  - {name: known, labels: [{name: Sure, match: {seniority: VP}}]}\n"
        "  - {name: unknown, labels: [{name: Never, keywords: [xylophone]}]}\n"
    )
    leadline("classify", "leads.csv", "--out", "out", "--taxonomy", "two.yml")
    rows = {row["Job Title"]: row for row in table(Path("out/accepted.csv"))}
    row = rows["VP of Sales"]
    assert (row["Known"], row["Unknown"], row["Unknown Confidence"]) == ("Sure", "", "")
    assert row["Unknown Decided By"] in {"fits no label", "not sure enough"}


def test_a_title_that_fits_no_label_is_skipped_with_that_reason(leadline: CommandLine) -> None:
    Path("narrow.yml").write_text(
        "name: narrow\nfacets: [{name: x, labels: [{name: Never, keywords: [xylophone]}]}]\n"
    )
    run = leadline("classify", "leads.csv", "-t", "narrow.yml", "--out", "out", "--json").json
    assert run["accepted"] == 0
    assert set(run["skip_reasons"]) <= {"fits no label", "no job title", "test address", "not sure enough"}


def test_a_column_that_is_there_already_stays_and_ours_gets_another_name(leadline: CommandLine) -> None:
    stdin = (
        b"Id,Job Title,Role,Role (Leadline),Skip Reason,Line\n1,VP of Sales,mine,also mine,m,n\n2,,a,b,c,d\n"
    )
    done = leadline("classify", "-", "--out", "out", stdin=stdin)
    headers, row = cells(Path("out/accepted.csv"))
    assert headers[:6] == ["Id", "Job Title", "Role", "Role (Leadline)", "Skip Reason", "Line"]
    assert headers[6:8] == ["Role (Leadline) (Leadline)", "Role Confidence"]
    assert row[:7] == ["1", "VP of Sales", "mine", "also mine", "m", "n", "Sales"]
    headers, row = cells(Path("out/skipped.csv"))
    assert headers[6:] == ["Skip Reason (Leadline)", "Line (Leadline)", "Raw Text"]
    assert row == ["2", "", "a", "b", "c", "d", "no job title", "", ""]
    assert "The input has a column 'Role' already; Leadline's is 'Role (Leadline) (Leadline)'." in done.err


def test_our_own_output_can_be_classified_again(leadline: CommandLine) -> None:
    leadline("classify", "leads.csv", "--out", "once")
    done = leadline(
        "classify", "once/accepted.csv", "--out", "twice", "--json", "--title-column", "Job Title"
    )
    assert done.json["accepted"] == 3
    row = table(Path("twice/accepted.csv"))[0]
    assert row["Role"] == row["Role (Leadline)"] == "Sales"


def test_two_title_columns_are_told_and_may_be_chosen(leadline: CommandLine) -> None:
    stdin = b"Title,Job Title\nNurse,VP of Sales\n"
    done = leadline("classify", "-", "--out", "out", "--json", stdin=stdin)
    assert "Took the column “Job Title” for titles, not “Title” (--title-column)." in done.err
    assert done.json["labels"]["Seniority"] == {"VP": 1}
    leadline("classify", "-", "--out", "out", "--title-column", "Title", stdin=stdin)
    assert table(Path("out/accepted.csv"))[0]["Role"] == "Healthcare Services"


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("Job Title", []),
        ("jobtitle", []),
        ("JOB TITLE", []),
        ("Position", []),
        ("Title", []),
        ("What they do", ["--title-column", "what they do"]),
    ],
)
def test_the_column_of_titles_is_found_and_its_name_kept(
    leadline: CommandLine, header: str, options: list[str]
) -> None:
    done = leadline(
        "classify", "-", "--out", "out", *options, stdin=csv_bytes(["x", header], ["1", "VP of Sales"])
    )
    assert done.code == 0, done.err
    assert cells(Path("out/accepted.csv"))[0][:2] == ["x", header]


def test_formulas_are_made_text_ids_never_and_raw_cells_leaves_all(leadline: CommandLine) -> None:
    stdin = csv_bytes(["Id", "Job Title", "Note"], ["=1", "=CEO()", "-5"], ["+x", "CEO", "@x"])
    leadline("classify", "-", "--out", "safe", stdin=stdin)
    assert [row[:3] for row in cells(Path("safe/accepted.csv"))[1:]] == [
        ["=1", "'=CEO()", "-5"],
        ["+x", "CEO", "'@x"],
    ]
    leadline("classify", "safe/accepted.csv", "--out", "again")
    assert [row[:3] for row in cells(Path("again/accepted.csv"))] == [
        row[:3] for row in cells(Path("safe/accepted.csv"))
    ]
    leadline("classify", "-", "--out", "raw", "--raw-cells", stdin=stdin)
    assert [row[:3] for row in cells(Path("raw/accepted.csv"))[1:]] == [
        ["=1", "=CEO()", "-5"],
        ["+x", "CEO", "@x"],
    ]


def test_a_chosen_column_of_ids_is_never_changed(leadline: CommandLine) -> None:
    stdin = csv_bytes(["Kundennummer", "Job Title"], ["=7", "CEO"])
    leadline("classify", "-", "--out", "out", "--id-column", "Kundennummer", stdin=stdin)
    assert cells(Path("out/accepted.csv"))[1][0] == "=7"


def test_parquet_is_written_where_it_is_asked_for(leadline: CommandLine) -> None:
    done = leadline("classify", "leads.csv", "--out", "out", "--format", "parquet")
    assert done.code == 0, done.err
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "accepted.parquet",
        "run.json",
        "skipped.parquet",
    ]
    accepted = pl.read_parquet("out/accepted.parquet")
    assert accepted["Record ID"].to_list() == ["7", "9", None]
    assert accepted["Seniority Confidence"].dtype.is_integer()
    assert pl.read_parquet("out/skipped.parquet")["Skip Reason"].to_list() == ["no job title", "test address"]


def _workbook(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "nothing here")
        sheet = book.add_worksheet("Leads")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_one_table_in_every_format_gives_the_same_leads(leadline: CommandLine) -> None:
    rows = [
        ["Id", "Position", "Town"],
        ["a1", "Geschäftsführer", "Köln"],
        ["a2", "VP of Sales", "Zürich"],
        ["a3", "", "x"],
    ]
    text = csv_bytes(*rows).decode()
    files = {
        "utf8.csv": text.encode(),
        "bom.csv": text.encode("utf-8-sig"),
        "utf16.csv": text.encode("utf-16"),
        "windows.csv": text.encode("cp1252"),
        "semicolons.csv": text.replace(",", ";").encode(),
        "tabs.tsv": text.replace(",", "\t").encode(),
        "packed.csv.gz": gzip.compress(text.encode()),
        "lines.jsonl": "\n".join(
            json.dumps(dict(zip(rows[0], row, strict=True))) for row in rows[1:]
        ).encode(),
    }
    for name, content in files.items():
        Path(name).write_bytes(content)
    pl.DataFrame(rows[1:], schema=rows[0], orient="row").write_parquet("typed.parquet")
    _workbook(Path("book.xlsx"), rows)
    seen = {}
    for name in [*files, "typed.parquet", "book.xlsx"]:
        options = ["--sheet", "Leads"] if name == "book.xlsx" else []
        done = leadline("classify", name, "--out", "out", "--json", *options)
        assert done.code == 0, (name, done.err)
        seen[name] = cells(Path("out/accepted.csv")), cells(Path("out/skipped.csv"))
    assert [row[:3] for row in seen["utf8.csv"][0]] == rows[:3]
    assert {name: tables == seen["utf8.csv"] for name, tables in seen.items()} == dict.fromkeys(seen, True)


def test_a_reference_table_is_applied_before_the_titles_are_read(leadline: CommandLine) -> None:
    Path("reference.csv").write_text("Reference,Standardization\nHead honcho,VP of Sales\n")
    stdin = b"Job Title\nhead  HONCHO\n"
    leadline("classify", "-", "--out", "out", "--reference", "reference.csv", stdin=stdin)
    row = table(Path("out/accepted.csv"))[0]
    assert (row["Job Title"], row["Role"], row["Seniority"]) == ("head  HONCHO", "Sales", "VP")


def test_several_taxonomies_answer_side_by_side(leadline: CommandLine) -> None:
    done = leadline(
        "classify", "leads.csv", "--out", "out", "-t", "default", "--taxonomy", "personas", "--json"
    )
    assert list(done.json["taxonomies"]) == ["default", "personas"]
    assert cells(Path("out/accepted.csv"))[0][3:] == [
        "Role",
        "Role Confidence",
        "Role Decided By",
        "Seniority",
        "Seniority Confidence",
        "Seniority Decided By",
        "Persona",
        "Persona Certainty",
        "Persona Decided By",
    ]


@pytest.mark.parametrize(
    ("options", "home"),
    [
        (["leads.csv"], "leads"),
        (["leads.csv", "--name", "autumn"], "autumn"),
        (["-"], "stdin"),
        (["packed.csv.gz"], "packed"),
        (["leads.csv", "--name", "../x"], "_x"),
    ],
)
def test_a_run_is_named_for_its_input_or_as_asked(
    leadline: CommandLine, options: list[str], home: str
) -> None:
    Path("packed.csv.gz").write_bytes(gzip.compress(LEADS.encode()))
    assert leadline("classify", *options, stdin=LEADS.encode()).code == 0
    assert [path.name for path in Path("output_run").iterdir()] == [home]


def test_the_workspace_is_the_folder_that_leadline_home_names(
    leadline: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_HOME", str(tmp_path / "home"))
    assert leadline("classify", "leads.csv").code == 0
    assert (tmp_path / "home/output_run/leads/latest.csv").exists()
    assert not Path("output_run").exists()
