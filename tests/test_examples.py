"""The sample files: what the demo and the make targets run on, and what they promise to contain."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORDS = json.loads((ROOT / "scripts/example_words.json").read_text(encoding="utf-8"))
TEXT = (ROOT / "examples/contacts.csv").read_text(encoding="utf-8")
LINES = list(csv.DictReader(io.StringIO(TEXT), restval=None))
CONTACTS = [line for line in LINES if None not in line and None not in line.values()]
TITLES = [contact["Job Title"] for contact in CONTACTS]
DISTINCT = set(TITLES)
SEGMENTS = yaml.safe_load((ROOT / "src/leadline/data/taxonomies/segments.yml").read_text(encoding="utf-8"))


def _read(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _titles_of(language: str) -> set[str]:
    groups = WORDS["languages"][language]["titles"].values()
    return {form for group in groups for title in group for form in title.split("~")}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "scripts/make_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_exactly_the_file_in_the_repository(script: ModuleType) -> None:
    assert script.export() == TEXT


def test_another_seed_makes_another_file(script: ModuleType) -> None:
    assert script.export(seed=1) != TEXT


def test_the_export_has_the_columns_and_the_size_it_promises() -> None:
    assert list(CONTACTS[0]) == [
        "Record ID",
        "First Name",
        "Last Name",
        "Email",
        "Phone Number",
        "Company",
        "Job Title",
        "Country",
        "Lifecycle Stage",
        "Create Date",
    ]
    assert 3_300 <= len(CONTACTS) <= 3_700


def test_a_few_titles_are_very_common_and_most_are_rare() -> None:
    counts = Counter(title for title in TITLES if title)
    assert counts.most_common(1)[0][1] >= 30
    assert sum(count == 1 for count in counts.values()) > len(counts) / 2


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "it", "nl"])
def test_each_of_seven_languages_has_titles_and_countries_of_its_own(language: str) -> None:
    others = set[str]().union(*(_titles_of(code) for code in WORDS["languages"] if code != language))
    assert len(DISTINCT & (_titles_of(language) - others)) >= 15
    assert WORDS["languages"][language]["countries"].keys() <= {contact["Country"] for contact in CONTACTS}


def test_some_people_are_in_the_list_twice_under_two_ids() -> None:
    ids: dict[tuple[str, str], set[str]] = {}
    for contact in CONTACTS:
        person = (contact["Last Name"], contact["Email"])
        if contact["Email"] and contact["Email"] not in WORDS["mess"]["test_addresses"]:
            ids.setdefault(person, set()).add(contact["Record ID"])
    assert sum(len(of_one) > 1 for of_one in ids.values()) >= 25


def test_some_ids_occur_twice_and_some_are_missing() -> None:
    counts = Counter(contact["Record ID"] for contact in CONTACTS)
    assert counts.pop("") >= 5
    assert sum(count == 2 for count in counts.values()) >= 10


@pytest.mark.parametrize("address", WORDS["mess"]["test_addresses"] + WORDS["mess"]["near_tests"])
def test_every_kind_of_test_address_and_its_harmless_neighbour_occurs(address: str) -> None:
    assert address in {contact["Email"] for contact in CONTACTS}


def test_our_own_colleagues_are_in_the_list() -> None:
    assert sum(contact["Email"].endswith("@leadline.example") for contact in CONTACTS) >= 10


def test_every_address_is_fictional_or_of_a_known_test_host() -> None:
    hosts = {contact["Email"].rpartition("@")[2].lower() for contact in CONTACTS if contact["Email"]}
    test_hosts = {address.rpartition("@")[2] for address in WORDS["mess"]["test_addresses"]}
    assert {host for host in hosts if not host.endswith(".invalid")} - test_hosts == {"leadline.example"}


@pytest.mark.parametrize("title", ["", *WORDS["mess"]["junk"]])
def test_empty_and_junk_titles_occur(title: str) -> None:
    assert title in DISTINCT


@pytest.mark.parametrize(
    ("mess", "pattern"),
    [
        ("upper case", r"^[A-Z ]{12,}$"),
        ("lower case", r"^[a-z ]{12,}$"),
        ("abbreviation", r"\bMgr\b|\bSr\."),
        ("gender note, German", r"\(m/w/d\)$"),
        ("gender note, French", r"H/F"),
        ("two positions", r"^CEO & Co-Founder$"),
        ("trailing blank", r" $"),
        ("emoji", "[\U0001f300-\U0001faff]"),
        ("HTML entity", r"&amp;"),
        ("company in the title", r" (at|bei|chez|en|na|presso|bij) [A-Z]"),
        ("formula", r"^=HYPERLINK\("),
        ("looks like a formula", r"^\+Sales$"),
        ("phone in the wrong column", r"^\+49 "),
        ("comma", r","),
        ("quotation mark", r'"'),
        ("line break", r"\n"),
    ],
)
def test_the_titles_are_as_messy_as_real_ones(mess: str, pattern: str) -> None:
    assert any(re.search(pattern, title) for title in DISTINCT), mess


def test_one_line_is_too_short_one_too_long_and_one_goes_on_after_its_quotation_mark() -> None:
    assert sum(None in line.values() for line in LINES) == 1
    assert sum(None in line for line in LINES) == 1
    assert len(re.findall(r'^[^"\n]*,"[^",\n]*" [^,"\n]+,', TEXT, flags=re.MULTILINE)) == 1


def test_the_input_of_make_predict_has_a_title_column_and_whole_lines() -> None:
    rows = _read("input.csv")
    assert 50 <= len(rows) <= 70
    assert all(list(row) == ["Record ID", "Job Title"] and None not in row.values() for row in rows)


def test_the_training_sheet_holds_every_segment_and_most_often_other() -> None:
    rows = _read("training_data.csv")
    counts = Counter(row["Persona Segment"] for row in rows)
    facet = SEGMENTS["facets"][0]
    assert set(counts) == {label["name"] for label in facet["labels"]} | {facet["fallback"]}
    assert counts.most_common(1)[0][0] == facet["fallback"]
    assert len({row["Job Title"] for row in rows}) == len(rows)


def test_the_reference_table_names_each_title_once() -> None:
    rows = _read("title_reference.csv")
    assert {"Reference": "T&S", "Standardization": "Trust & Safety"} in rows
    assert len({row["Reference"].casefold() for row in rows}) == len(rows)
