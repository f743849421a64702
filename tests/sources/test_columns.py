"""Finding the columns by what people call them."""

from __future__ import annotations

import pytest

from leadline.core.errors import InputError
from leadline.core.names import unique_names
from leadline.sources import find_column, id_places


@pytest.mark.parametrize(
    ("headers", "wanted", "place"),
    [
        (["Id", "Job Title"], "title", 1),
        (["jobtitle", "Title"], "title", 0),
        (["Title", "Job Title"], "title", 1),
        (["JOB_TITLE"], "title", 0),
        (["title", "position"], "title", 1),
        (["Vorname", "Berufsbezeichnung"], "title", 1),
        (["Funktion", "Firma"], "title", 0),
        (["Nombre", "Cargo"], "title", 1),
        (["Puesto"], "title", 0),
        (["Poste"], "title", 0),
        (["Intitulé du poste"], "title", 0),
        (["Ruolo"], "title", 0),
        (["Functie"], "title", 0),
        (["Current Title"], "title", 0),
        (["contact title"], "title", 0),
        (["Job Title (LinkedIn)"], "title", 0),
        (["Record ID", "Id"], "id", 0),
        (["hs_object_id"], "id", 0),
        (["PROSPECT ID"], "id", 0),
        (["e-mail"], "email", 0),
        (["Work Email", "Email"], "email", 1),
        (["Correo electrónico"], "email", 0),
        (["Email domain", "Personal Email 1"], "email", 1),
    ],
)
def test_a_column_is_found_by_its_usual_name_whatever_the_case(
    headers: list[str], wanted: str, place: int
) -> None:
    found = find_column(headers, wanted=wanted)  # type: ignore[arg-type]
    assert found is not None
    assert (found.place, found.header) == (place, headers[place])


def test_where_two_fit_the_note_says_which_was_taken() -> None:
    found = find_column(["Title", "Job Title"], wanted="title")
    assert found is not None
    assert found.note == "Took the column “Job Title” for titles, not “Title” (--title-column)."


def test_no_column_of_ids_or_e_mails_is_no_error() -> None:
    assert find_column(["a"], wanted="id") is None
    assert find_column(["Email Opt Out", "Unsubscribed from all email"], wanted="email") is None


def test_no_column_of_titles_names_those_that_are_there_and_the_option() -> None:
    headers = ["x" * 100, "\x1b[31m"] + [f"c{n}" for n in range(50)]
    with pytest.raises(InputError) as refused:
        find_column(headers, wanted="title")
    message = str(refused.value)
    assert "--title-column" in message
    assert "c27" in message
    assert "c28" not in message
    assert "and 22 more" in message
    assert "x" * 41 not in message
    assert "\x1b" not in message


@pytest.mark.parametrize("chosen", ["Job Title", "job title", " Job Title ", "job_title"])
def test_a_chosen_column_is_found_as_it_is_spelled_or_nearly(chosen: str) -> None:
    found = find_column(["Title", "Job Title"], wanted="title", chosen=chosen)
    assert found is not None
    assert found.place == 1


def test_the_exact_spelling_of_a_chosen_column_comes_first() -> None:
    found = find_column(["title", "Title"], wanted="title", chosen="Title")
    assert found is not None
    assert found.place == 1


def test_a_chosen_column_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(InputError, match="no column “Job Titel”.*Did you mean “Job Title”"):
        find_column(["Id", "Job Title"], wanted="title", chosen="Job Titel")
    with pytest.raises(InputError, match="The columns are: “Id”"):
        find_column(["Id"], wanted="email", chosen="zzzzzz")


def test_a_chosen_name_of_punctuation_matches_no_other_punctuation() -> None:
    with pytest.raises(InputError):
        find_column(["--", "a"], wanted="title", chosen="??")


def test_ids_are_the_sure_names_the_found_column_and_the_chosen() -> None:
    assert id_places(["Record ID", "Id", "Job Title", "Company ID", "x"], chosen=["x"]) == {0, 1, 4}
    assert id_places(["Contact ID", "Title"]) == {0}
    assert id_places(["Title"]) == frozenset()


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ([], []),
        (["a", "a", "a"], ["a", "a (2)", "a (3)"]),
        (["a", "a (2)", "a"], ["a", "a (2)", "a (3)"]),
        (["", " ", "Column 1"], ["Column 1 (2)", "Column 2", "Column 1"]),
        (["A", "a"], ["A", "a"]),
    ],
)
def test_names_become_unique_and_a_spelled_name_stays_where_it_is(
    headers: list[str], names: list[str]
) -> None:
    assert unique_names(headers) == names
