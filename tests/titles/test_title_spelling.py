"""Whatever way a title is typed, its words come out in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.spelling import BREAK, COMMA, fold, is_ideographic, normal_words

#: What titles are really typed with, so that the properties are not only about exotic letters.
TYPED = st.text(
    st.sampled_from("aeinrsöß İıéÉ.-/&;:,*()|_@+'’mwdfhxkIVX0123") | st.characters(exclude_categories=["Cs"])
)


def normal_title(title: str) -> str:
    return " ".join(word for chunk in title.split() for word in normal_words(chunk))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        # case, accents, compatibility forms, letters that do not decompose
        ("MARKETING", "marketing"),
        ("Geschäftsführer", "geschaftsfuhrer"),
        ("GESCHÄFTSFÜHRER", "geschaftsfuhrer"),
        ("Gescha\u0308ftsfu\u0308hrer", "geschaftsfuhrer"),
        ("Großkundenbetreuer", "grosskundenbetreuer"),
        ("Ｇérant", "gerant"),
        ("Ｃ.Ｆ.Ｏ", "cfo"),
        ("ﬁnance", "finance"),
        ("Kierownik sprzedaży", "kierownik sprzedazy"),
        ("Główny księgowy", "glowny ksiegowy"),
        ("Försäljningschef", "forsaljningschef"),
        ("MÜDÜR", "mudur"),
        ("Müdürlüğü", "mudurlugu"),
        ("Satış", "satis"),
        ("Œnologue", "oenologue"),
        # abbreviations
        ("Sr.", "senior"),
        ("Sr", "senior"),
        ("snr", "senior"),
        ("JR.", "junior"),
        ("VP", "vice president"),
        ("V.P.", "vice president"),
        ("SVP", "senior vice president"),
        ("Eng.", "engineer"),
        ("Mgr.", "manager"),
        ("Asst.", "assistant"),
        ("T&S", "trust & safety"),
        ("R&D", "r & d"),
        ("C.E.O.", "ceo"),
        ("C.E.O", "ceo"),
        # what the web made of an ampersand
        ("R&amp;D", "r & d"),
        ("T&amp;S", "trust & safety"),
        ("&amp;", "&"),
        ("H&#38;R", "h & r"),
        # Roman numerals from two on; I, V and X are too often something else
        ("Engineer II", "engineer 2"),
        ("Engineer III", "engineer 3"),
        ("Analyst IV", "analyst 4"),
        ("Analyst VIII", "analyst 8"),
        ("Analyst V", "analyst v"),
        # who may apply
        ("(m/w/d)", ""),
        ("(M/W/D)", ""),
        ("m/w/d", ""),
        ("(m|w|d)", ""),
        ("(w/m/d)", ""),
        ("(m/f/x)", ""),
        ("(d/m/w)", ""),
        ("H/F", ""),
        ("(H/F)", ""),
        ("[F/H]", ""),
        ("(m/w/x),", ""),
        # the second ending of a noun
        ("Verkäufer/in", "verkaufer"),
        ("Verkäufer/-in", "verkaufer"),
        ("Verkäufer*in", "verkaufer"),
        ("Verkäufer:in", "verkaufer"),
        ("Verkäufer_in", "verkaufer"),
        ("Verkäufer(in)", "verkaufer"),
        ("VERKÄUFER/-IN", "verkaufer"),
        ("Mitarbeiter*innen", "mitarbeiter"),
        ("Kaufmann/-frau", "kaufmann"),
        ("Chargé(e)", "charge"),
        ("chargé·e", "charge"),
        ("director/a", "director"),
        ("Diretor(a)", "diretor"),
    ],
)
def test_a_title_is_spelled_in_one_way(typed: str, normal: str) -> None:
    assert normal_title(typed) == normal


@pytest.mark.parametrize(("typed", "normal"), [("𝗦𝗮𝗹𝗲𝘀", "sales"), ("𝕍ℙ", "vice president")])
def test_a_title_in_letters_made_for_mathematics_is_spelled_like_any_other(typed: str, normal: str) -> None:
    assert normal_title(typed) == normal


@pytest.mark.parametrize("mark", ["|", "/", ";", "•", "·", "●", "►", ":", "\\", "(", ")", "[", "]"])
def test_a_separator_begins_a_new_position_with_or_without_blanks(mark: str) -> None:
    assert normal_words(f"Marketing{mark}Sales") == ("marketing", BREAK, "sales")
    assert normal_words(mark) == (BREAK,)


@pytest.mark.parametrize("dash", ["-", "–", "—", "--", ">", "<", "»", "~"])
def test_a_dash_separates_where_it_stands_alone_and_joins_where_it_does_not(dash: str) -> None:
    assert normal_words(dash) == (BREAK,)
    assert normal_words(f"Full{dash}Stack") == ("full", "stack")


def test_a_comma_begins_another_part_of_the_same_position() -> None:
    assert normal_words("Director,") == ("director", COMMA)
    assert normal_words("Director,Sales") == ("director", COMMA, "sales")
    assert normal_words("Sr.,") == ("senior", COMMA)


@pytest.mark.parametrize("word", ["Berlin", "Master", "Chef", "Nina", "Ivan", "Domina", "Vi", "Mini", "Div"])
def test_a_word_that_only_looks_like_a_note_or_an_ending_stays_whole(word: str) -> None:
    assert normal_words(word) == (word.lower() if word != "Vi" else "6",)


@pytest.mark.parametrize(
    ("word", "written_without_blanks"),
    [
        ("销售经理", True),
        ("営業部長", True),
        ("マネージャー", True),
        ("영업팀장", True),
        ("Sales", False),
        ("Продажи", False),
    ],
)
def test_scripts_without_blanks_are_told_apart(word: str, written_without_blanks: bool) -> None:
    assert is_ideographic(word) is written_without_blanks


@given(TYPED)
def test_no_text_makes_spelling_fail_and_what_comes_out_are_words_and_marks(text: str) -> None:
    for word in normal_words(text):
        assert word
        assert not any(letter.isspace() for letter in word)
        assert word.isalnum() or len(word) == 1 or word == "_"


@given(TYPED)
def test_a_word_that_was_spelled_once_is_spelled_the_same_again(text: str) -> None:
    for word in normal_words(text):
        assert normal_words(word) == (word,)


@given(TYPED)
def test_upper_and_lower_case_are_spelled_the_same(text: str) -> None:
    """Only letters whose two cases belong together: Unicode has some that do not (ŉ → ʼN)."""
    if text.upper().lower() == text.lower() and text.lower().upper() == text.upper():
        assert normal_words(text.upper()) == normal_words(text.lower())


@given(TYPED)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
