"""What a title says: which of its positions counts, whose rank it is, which words decide about the work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leadline.titles.explain import Explanation

Ask = Callable[[str], tuple[str, str]]


@pytest.mark.parametrize(
    ("title", "role", "seniority"),
    [
        ("CEO & Co-Founder | Board Member", "Entrepreneurship", "Owner"),
        ("CEO and Founder", "Entrepreneurship", "Owner"),
        ("CTO / Co-Founder", "Engineering", "Owner"),
        ("Marketing Manager | Hobby Photographer", "Marketing", "Manager"),
        ("Sales Director / Prokurist", "Sales", "Director"),
        ("CFO & COO", "Finance", "CXO"),
        ("Head of Sales and Marketing", "Sales", "Director"),
        ("Head of Marketing and Sales", "Marketing", "Director"),
        ("Director, Sales", "Sales", "Director"),
        ("SVP, Sales", "Sales", "VP"),
        ("Software Engineer (part-time)", "Engineering", "Mid-level"),
        ("Werkstudent – Marketing", "Marketing", "Entry"),
        ("Software Engineer; Trainer", "Engineering", "Mid-level"),
    ],
)
def test_of_several_positions_the_first_says_the_work_and_the_highest_the_level(
    role_and_seniority: Ask, title: str, role: str, seniority: str
) -> None:
    assert role_and_seniority(title) == (role, seniority)


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        # to, of, for somebody: the rank is that other person's
        ("Assistant to the CEO", "Mid-level"),
        ("Executive Assistant to the Managing Director", "Mid-level"),
        ("Secretary to the Director", "Mid-level"),
        ("Assistentin der Geschäftsführung", "Mid-level"),
        ("Assistante de direction", "Mid-level"),
        ("Assistente di direzione", "Mid-level"),
        ("Advisor to the Board", "Mid-level"),
        ("Consultant for CEOs", "Mid-level"),
        ("Intern at the Office of the CEO", "Entry"),
        # but: the rank in front of "of" is one's own
        ("Head of Sales", "Director"),
        ("Vice President of Engineering", "VP"),
        ("Member of the Board", "CXO"),
        ("Director of First Impressions", "Director"),
        # an assistant at the end is one, in front of a rank it is a grade of it
        ("Project Manager Assistant", "Entry"),
        ("Marketing Manager Assistant", "Entry"),
        ("Store Manager Assistant", "Entry"),
        ("Assistant Project Manager", "Manager"),
        ("Assistant Director", "Director"),
        ("Assistant Vice President", "VP"),
        # deputies have the level of what they deputise for
        ("Deputy Director", "Director"),
        ("Deputy Head of Sales", "Director"),
        ("Stellvertretender Leiter Einkauf", "Director"),
        ("Directeur adjoint", "Director"),
        ("Subdirector de ventas", "Director"),
        ("Vice-président", "VP"),
        # behind "at" stands a company, whatever it is called
        ("Manager at Acme", "Manager"),
        ("Sales Manager at Director Ltd", "Manager"),
        ("Sales Manager @ Founders Factory", "Manager"),
        ("Verkäufer bei President GmbH", "Mid-level"),
        ("Ingénieur chez Président", "Mid-level"),
    ],
)
def test_only_the_persons_own_rank_counts(role_and_seniority: Ask, title: str, seniority: str) -> None:
    assert role_and_seniority(title)[1] == seniority


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Assistant to the CEO", "Administrative"),
        ("Secretary to the Director", "Administrative"),
        ("Assistentin der Geschäftsführung", "Administrative"),
        ("directiesecretaresse", "Administrative"),
        ("Software Engineer at Head Sports", "Engineering"),
        ("Verkäufer bei Siemens Healthcare", "Sales"),
        ("Nurse at Marketing Ltd", "Healthcare Services"),
        ("Manager at Acme", "Other"),
        ("Personal Assistant to the CFO", "Administrative"),
        ("Secretary to the CFO", "Administrative"),
        ("Executive Assistant to the CMO", "Administrative"),
        ("Assistante du directeur financier", "Administrative"),
    ],
)
def test_the_work_is_the_persons_not_the_bosss_or_the_companys(
    role_and_seniority: Ask, title: str, role: str
) -> None:
    assert role_and_seniority(title)[0] == role


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Sales Intern", "Entry"),
        ("Working Student Marketing", "Entry"),
        ("PhD Student", "Entry"),
        ("Apprentice Electrician", "Entry"),
        ("Junior Developer", "Entry"),
        ("Lawyer", "Mid-level"),
        ("Product Owner", "Mid-level"),  # owns no firm
        ("Account Executive", "Mid-level"),  # is no executive
        ("HR Business Partner", "Mid-level"),  # is no partner of the firm
        ("Procurement Officer", "Mid-level"),
        ("Sr. Software Eng.", "Senior"),
        ("Lead Engineer", "Senior"),
        ("Principal Consultant", "Senior"),
        ("Professor", "Senior"),
        ("Team Lead Customer Service", "Manager"),
        ("Shift Leader", "Manager"),
        ("Senior Manager", "Manager"),
        ("Jefe de ventas", "Manager"),
        ("Responsable des achats", "Manager"),
        ("Senior Director", "Director"),
        ("General Manager", "Director"),
        ("Leiter Einkauf", "Director"),
        ("Senior Vice President Sales", "VP"),
        ("Chief Financial Officer", "CXO"),
        ("Managing Director", "CXO"),
        ("Chairman", "CXO"),
        ("Founding Partner", "Owner"),
        ("Owner", "Owner"),
    ],
)
def test_a_level_is_read_from_the_strongest_marker_and_an_ordinary_title_is_mid_level(
    role_and_seniority: Ask, title: str, seniority: str
) -> None:
    assert role_and_seniority(title)[1] == seniority


@pytest.mark.parametrize(
    ("title", "role", "why"),
    [
        ("IT Recruiter", "Human Resources", "an occupation counts more than a field"),
        ("Recruiter IT", "Human Resources", "wherever it stands"),
        ("Real Estate Lawyer", "Legal", "likewise"),
        ("Marketing Lawyer", "Legal", "likewise"),
        ("IT Recruiting", "Human Resources", "of two fields the last is the head"),
        (
            "Head of IT",
            "Information Technology",
            "a field counts more than the hint of general management in 'head'",
        ),
        ("VP Marketing", "Marketing", "likewise, 'vice president'"),
        ("Engineer", "Engineering", "a hint counts where nothing else stands"),
        ("Sales Engineer", "Sales", "and not where something does"),
        ("Quality Engineer", "Quality Assurance", "likewise"),
        ("Customer Support Manager", "Support", "the longer term counts"),
    ],
)
def test_occupations_count_more_than_fields_and_fields_more_than_hints(
    role_and_seniority: Ask, title: str, role: str, why: str
) -> None:
    assert role_and_seniority(title)[0] == role, why


@pytest.mark.parametrize(
    "title", ["blorb", "Zxqwv Trfgh", "Wizard of Light Bulb Moments", "ΑΒΓ", "🦄🦄 xx", "lorem ipsum"]
)
def test_a_title_of_unknown_words_is_other_and_mid_level(role_and_seniority: Ask, title: str) -> None:
    assert role_and_seniority(title) == ("Other", "Mid-level")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Attaché à la vente", "vente"),
        ("Working as a Sales Manager", "sales manager"),
        ("Technicien à la maintenance", "maintenance"),
        ("Empleado de ventas", "empleado"),
        ("Ingénieur dans les télécoms", "telecoms"),
    ],
)
def test_a_small_word_of_another_language_hides_nothing(
    explain: Callable[[str], Explanation], title: str, words: str
) -> None:
    assert words in {term.words for term in explain(title).terms if term.counted}


@pytest.mark.parametrize("title", ["Cook & Owner", "CEO & Co-Founder", "Food & Wine", "Peter & Paul"])
def test_an_ampersand_by_itself_means_nothing(explain: Callable[[str], Explanation], title: str) -> None:
    assert all(term.words.strip("& ") for term in explain(title).terms)


def test_a_title_as_long_as_a_book_is_read_from_its_beginning(role_and_seniority: Ask) -> None:
    assert role_and_seniority("Sales Director " + "blah " * 200_000) == ("Sales", "Director")
    assert role_and_seniority("x" * 1_000_000) == ("Other", "Mid-level")
