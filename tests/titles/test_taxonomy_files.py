"""A taxonomy file is read as written, or refused with the file, the line and the nearest allowed name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline.core.errors import InputError, TaxonomyError
from leadline.titles.taxonomy import (
    Taxonomy,
    builtin_taxonomies,
    dump_taxonomy,
    find_taxonomy,
    load_taxonomy,
    parse_taxonomy,
)

SMALL = """\
name: teams
facets:
  - name: team
    column: Team
    confidence_column: Sureness
    fallback: Nobody
    labels:
      - name: Sellers
        definition: They sell.
        examples: [Seller, Sales Clerk]
        keywords: sales
        match: {role: Sales}
      - name: Makers
        match:
          - {role: [Engineering, Research], seniority: [Senior, Manager]}
          - {function: software_engineering}
          - {rank: head}
      - Thinkers
"""


def test_a_taxonomy_is_read_as_it_is_written() -> None:
    taxonomy = parse_taxonomy(SMALL, source="teams.yml")
    (facet,) = taxonomy.facets
    assert (taxonomy.name, facet.name, facet.column, facet.confidence_column) == (
        "teams",
        "team",
        "Team",
        "Sureness",
    )
    assert facet.decided_by_column == "Team Decided By"
    assert facet.label_names == ("Sellers", "Makers", "Thinkers", "Nobody")
    sellers, makers, thinkers = facet.labels
    assert sellers.examples == ("Seller", "Sales Clerk")
    assert sellers.keywords == ("sales",), "one word where a list is expected is a list of one word"
    assert [rule.role for rule in sellers.match] == [("Sales",)]
    assert [rule.seniority for rule in makers.match] == [("Senior", "Manager"), (), ()]
    assert thinkers.name == "Thinkers"
    assert thinkers.match == ()


@pytest.mark.parametrize("name", ["No", "yes", "2024", "1.0", "0x1F", "2024-01-01", "1e3", "12:30", "off"])
def test_a_label_is_the_text_that_one_wrote_even_where_yaml_would_read_something_else(name: str) -> None:
    text = SMALL.replace("- Thinkers", f"- {name}").replace("fallback: Nobody", f"fallback: {name}")
    (facet,) = parse_taxonomy(text, source="teams.yml").facets
    assert facet.label_names == ("Sellers", "Makers", name)
    assert parse_taxonomy(dump_taxonomy(parse_taxonomy(text, source="a.yml")), source="b.yml").facets == (
        facet,
    )


@pytest.mark.parametrize("nothing", ["null", "~"])
def test_a_fallback_that_is_null_is_none(nothing: str) -> None:
    (facet,) = parse_taxonomy(
        SMALL.replace("fallback: Nobody", f"fallback: {nothing}"), source="teams.yml"
    ).facets
    assert facet.fallback is None
    assert facet.label_names == ("Sellers", "Makers", "Thinkers")


@pytest.mark.parametrize("nothing", ["null", "~"])
def test_a_list_that_is_null_is_empty(nothing: str) -> None:
    text = SMALL.replace("examples: [Seller, Sales Clerk]", f"examples: {nothing}")
    (facet,) = parse_taxonomy(text, source="teams.yml").facets
    assert facet.labels[0].examples == ()


@pytest.mark.parametrize(
    ("facet", "column", "confidence"),
    [
        ("name: job_family", "Job Family", "Job Family Confidence"),
        ("name: team\n    column: Our Team", "Our Team", "Our Team Confidence"),
        ("name: team\n    confidence_column: Sure", "Team", "Sure"),
    ],
)
def test_columns_have_the_names_that_the_page_promises(facet: str, column: str, confidence: str) -> None:
    text = f"name: t\nfacets:\n  - {facet}\n    labels: [A]"
    (only,) = parse_taxonomy(text, source="t.yml").facets
    assert (only.column, only.confidence_column) == (column, confidence)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        # unknown keys, on each level, with the nearest known one
        ("name: teams", "name: teams\nfacet: []", 2, "unknown key 'facet'; did you mean 'facets'?"),
        ("fallback: Nobody", "falback: Nobody", 6, "unknown key 'falback'; did you mean 'fallback'?"),
        (
            "definition: They sell.",
            "defintion: They sell.",
            9,
            "unknown key 'defintion'; did you mean 'definition'?",
        ),
        ("match: {role: Sales}", "match: {roles: Sales}", 12, "unknown key 'roles'; did you mean 'role'?"),
        ("definition: They sell.", "zzz: 1", 9, "unknown key 'zzz'; known keys: name, definition, examples"),
        # match speaks only of what is built in
        ("{role: Sales}", "{role: Selling}", 12, "there is no built-in role 'Selling'"),
        ("{role: Sales}", "{role: Marketting}", 12, "did you mean 'Marketing'?"),
        ("[Senior, Manager]", "[Senior, Boss]", 15, "there is no built-in seniority 'Boss'"),
        ("software_engineering", "software_enginering", 16, "did you mean 'software_engineering'?"),
        ("{rank: head}", "{rank: heads}", 17, "did you mean 'head'?"),
        # names
        ("- Thinkers", "- Sellers", 18, "the label 'Sellers' stands twice"),
        ("- Thinkers", "- SELLERS", 18, "the label 'SELLERS' stands twice"),
        ("fallback: Nobody", "fallback: makers", 6, "spelled otherwise than the label 'Makers'"),
        ("fallback: Nobody", "fallback: Nobody\n    ordered: true", 6, "'Nobody' is none of the labels"),
        ("- Thinkers", '- ""', 18, "name"),
        ("fallback: Nobody", 'fallback: ""', 6, "fallback"),
        ("fallback: Nobody", "fallback:", 6, "fallback"),
        ("- Thinkers", "- [42]", 18, "facets.0.labels.2"),
        ("name: teams", "name: my teams!", 1, "name"),
        ("name: teams", "name: ../../etc/passwd", 1, "name"),
        ("name: team\n", "nam: team\n", 3, "'name' is missing"),
        ("column: Team", "name: twice", 4, "the key 'name' stands twice"),
        # YAML itself
        ("column: Team", "column: [Team", 5, ""),
        ("column: Team", "column: Team: Group", 4, "mapping values are not allowed"),
        ("column: Team", "\tcolumn: Team", 4, ""),
    ],
)
def test_a_mistake_is_named_with_the_file_the_line_and_the_nearest_name(
    old: str, new: str, line: int, says: str
) -> None:
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(SMALL.replace(old, new, 1), source="teams.yml")
    assert f"teams.yml, line {line}: " in str(caught.value)
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: t\nfacets:\n  - name: f\n    labels: []", "line 4: facets.0.labels needs at least one entry"),
        ("name: t\nfacets: []", "line 2: facets needs at least one entry"),
        ("name: t\nfacets:\n  - name: f\n    labels:", "line 4"),
        ("name: t\nfacets:\n  - name: f", "line 3: 'labels' is missing"),
        ("name: t", "'facets' is missing"),
        ("", "line 1: a taxonomy begins with 'name:' and 'facets:'"),
        ("- a\n- b", "line 1: a taxonomy begins with"),
        ("42", "line 1: a taxonomy begins with"),
        (
            "name: t\nfacets:\n - {name: f, labels: [A]}\n - {name: f, labels: [B]}",
            "line 4: the facet 'f' stands twice",
        ),
        ("name: t\nfacets:\n - {name: f, labels: [A], ordered: sometimes}", "line 3: facets.0.ordered"),
        (
            "name: t\nfacets:\n - {name: f, labels: [{name: A, examples: {a: b}}]}",
            "line 3: facets.0.labels.0.examples",
        ),
        ("name: t\nfacets:\n - {name: f, labels: [A]}\n---\nname: u", "line 4"),
        ("name: !!python/object/apply:os.system ['true']\nfacets: []", "line 1"),
        ("a: &a [x]\nb: *c", "line 2"),
    ],
)
def test_what_is_no_taxonomy_at_all_is_refused(text: str, says: str) -> None:
    with pytest.raises(TaxonomyError, match="t.yml") as caught:
        parse_taxonomy(text, source="t.yml")
    assert says in str(caught.value)


def test_every_mistake_is_named_not_only_the_first() -> None:
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(
            SMALL.replace("examples:", "exmples:").replace("keywords:", "keyword:"), source="teams.yml"
        )
    assert "line 10: unknown key 'exmples'" in str(caught.value)
    assert "line 11: unknown key 'keyword'" in str(caught.value)


def bomb(*, levels: int, aliases: int) -> str:
    """YAML of few lines that stands for `aliases` ** `levels` values."""
    names = [f"*a{level}" for level in range(levels)]
    lines = [
        f"a{level + 1}: &a{level + 1} [{', '.join([name] * aliases)}]" for level, name in enumerate(names)
    ]
    return "\n".join(["a0: &a0 [x]", *lines])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bomb(levels=40, aliases=2), id="two aliases on each of 40 levels"),
        pytest.param(bomb(levels=12, aliases=10), id="ten aliases on each of 12 levels"),
        pytest.param(f"x: &a [{','.join(['*a'] * 10)}]", id="a list that holds itself ten times"),
        pytest.param("[" * 100_000, id="brackets 100,000 deep"),
        pytest.param("- " * 100_000 + "x", id="lists 100,000 deep"),
    ],
)
def test_a_file_made_to_exhaust_the_machine_is_refused_within_a_moment(text: str) -> None:
    program = """
import sys
from leadline.core.errors import TaxonomyError
from leadline.titles.taxonomy import parse_taxonomy
try:
    parse_taxonomy(sys.stdin.read(), source="bomb.yml")
except TaxonomyError as error:
    print(str(error).split(",")[0])
"""
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=text,
            capture_output=True,
            text=True,
            timeout=4,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.fail("still reading after four seconds")
    assert done.stdout == "bomb.yml\n", (done.returncode, done.stderr)


#: Text that looks like a taxonomy more often than not.
PIECES = st.sampled_from(
    [
        *SMALL.splitlines(keepends=True),
        "name",
        ":",
        " ",
        "\n",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "? ",
        "|\n",
        "null",
        "!!int ",
        "1e9",
        "~",
        "<<: ",
        "2024-13-45",
        "\t",
        "'",
        '"',
        "\x00",
        "é",
    ]
)


def read_or_refused(text: str) -> Taxonomy | str:
    """The taxonomy, or what its `TaxonomyError` says, which names the file; any other exception goes up."""
    try:
        return parse_taxonomy(text, source="any.yml")
    except TaxonomyError as error:
        message = str(error)
    assert message.startswith("any.yml")
    return message


@given(st.text() | st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join))
@example("name: t\nfacets: 2024-13-45")
def test_any_text_is_a_taxonomy_or_a_mistake_with_file_and_line(text: str) -> None:
    assert isinstance(read_or_refused(text), Taxonomy | str)


@pytest.mark.parametrize("value", ["!!int", "!!float ''", "!!bool x", "!!timestamp x"])
def test_a_tag_that_does_not_fit_its_value_is_a_mistake_like_any_other(value: str) -> None:
    with pytest.raises(TaxonomyError, match="t.yml"):
        parse_taxonomy(f"name: {value}", source="t.yml")


def test_a_date_that_does_not_exist_is_named_with_its_line() -> None:
    with pytest.raises(TaxonomyError, match="t.yml, line 2"):
        parse_taxonomy("name: t\nfacets: 2024-13-45", source="t.yml")


@given(st.integers(0, len(SMALL)), st.integers(0, 12), PIECES)
def test_a_taxonomy_damaged_in_one_place_is_a_taxonomy_or_a_mistake(
    place: int, length: int, put: str
) -> None:
    text = SMALL[:place] + put + SMALL[place + length :]
    taxonomy = read_or_refused(text)
    if isinstance(taxonomy, Taxonomy):
        assert parse_taxonomy(dump_taxonomy(taxonomy), source="again.yml") == taxonomy


@pytest.mark.parametrize("name", ["default", "personas", "segments"])
def test_a_built_in_taxonomy_is_found_and_survives_writing_and_reading(name: str, tmp_path: Path) -> None:
    taxonomy = find_taxonomy(name, workspace=tmp_path)
    assert name in builtin_taxonomies()
    assert parse_taxonomy(dump_taxonomy(taxonomy), source="again.yml") == taxonomy


def test_the_workspaces_taxonomy_comes_before_a_built_in_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "taxonomies").mkdir()
    (tmp_path / "taxonomies/default.yml").write_text(SMALL, encoding="utf-8")
    assert find_taxonomy("default", workspace=tmp_path).name == "teams"
    (tmp_path / "mine.yml").write_text(SMALL.replace("teams", "mine"), encoding="utf-8")
    assert find_taxonomy(str(tmp_path / "mine.yml"), workspace=tmp_path).name == "mine"


def test_a_taxonomy_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="There is no taxonomy 'defualt'. Did you mean 'default'?"):
        find_taxonomy("defualt", workspace=tmp_path)
    with pytest.raises(TaxonomyError, match="There are: default, personas, segments"):
        find_taxonomy("zzz", workspace=tmp_path)
    with pytest.raises(TaxonomyError, match="cannot be read"):
        find_taxonomy("nowhere.yml", workspace=tmp_path)
    with pytest.raises(InputError, match="has no facet 'x'.*It has: role, seniority"):
        find_taxonomy("default", workspace=tmp_path).facet("x")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00name", "cannot be read"),
        (b"#" * 2_000_001, "larger than 2 MB"),
        (b"\xef\xbb\xbfname: t", "facets"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused_with_its_name(
    tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "wild.yml"
    file.write_bytes(content)
    with pytest.raises(TaxonomyError, match="wild.yml") as caught:
        load_taxonomy(file)
    assert says in str(caught.value)
    with pytest.raises(TaxonomyError, match="cannot be read"):
        load_taxonomy(tmp_path)
