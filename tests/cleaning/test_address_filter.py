"""Which e-mail addresses are filtered: internal, test, dummy and throw-away ones, and no others."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.cleaning.addresses import AddressFilter, AddressRules, load_rules
from leadline.core.errors import InputError

INTERNAL, TEST = "internal address", "test address"


def reasons(addresses: list[str | None], rules: AddressRules) -> list[str | None]:
    step = AddressFilter("email", rules)
    return step.compute(pl.DataFrame({"email": pl.Series(addresses, dtype=pl.String)}))[
        "skip_reason"
    ].to_list()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        # Words that only contain a test word pass.
        ("contest@acme.com", None),
        ("testa@acme.com", None),
        ("attest@acme.com", None),
        ("jane@contest.com", None),
        ("examples@acme.com", None),
        ("asdfgh@acme.com", None),
        ("testé@acme.com", None),
        ("étester@acme.com", None),
        ("noreplyer@acme.com", None),
        ("jane@latest.io", None),
        # Whole words in the local part, however they are set apart.
        ("test@acme.com", TEST),
        ("TEST@ACME.COM", TEST),
        (" test@acme.com ", TEST),
        ("qa.test@acme.com", TEST),
        ("test+1@acme.com", TEST),
        ("my_test_2@acme.com", TEST),
        ("tester@acme.com", TEST),
        ("testing@acme.com", TEST),
        ("dummy@acme.com", TEST),
        ("fake-name@acme.com", TEST),
        ("example@acme.com", TEST),
        ("asdf@acme.com", TEST),
        ("qwerty@acme.com", TEST),
        ("noreply@acme.com", TEST),
        ("no-reply@acme.com", TEST),
        ("donotreply@acme.com", TEST),
        # Whole words in the domain.
        ("jane@test.de", TEST),
        ("jane@test-lab.com", TEST),
        ("jane@fake.io", TEST),
        # Domains of documentation and throw-away hosts, with what is below them.
        ("jane@example.com", TEST),
        ("jane@mail.example.org", TEST),
        ("jane@test.com", TEST),
        ("jane@mailinator.com", TEST),
        ("jane@Eu.MAILINATOR.com", TEST),
        ("jane@yopmail.com", TEST),
        ("Jane Doe <jane@mailinator.com>", TEST),
        ("jane@notmailinator.com", None),
        ("mailinator.com@acme.com", None),
        # What is no address is no reason to lose a lead.
        (None, None),
        ("", None),
        ("-", None),
        ("jane", None),
        ("@", None),
        ("test", TEST),
        ("=HYPERLINK(1)", None),
        ("jane@acme.com", None),
    ],
)
def test_a_test_address_is_one_by_whole_word_or_by_domain(address: str | None, reason: str | None) -> None:
    assert reasons([address], load_rules()) == [reason]


@pytest.mark.parametrize(
    ("domain", "address", "reason"),
    [
        ("acme.com", "jane@acme.com", INTERNAL),
        ("acme.com", "Jane@ACME.com", INTERNAL),
        ("ACME.com", "jane@acme.com", INTERNAL),
        ("@acme.com", "jane@acme.com", INTERNAL),
        (" acme.com ", "jane@acme.com", INTERNAL),
        ("*.acme.com", "jane@eu.acme.com", INTERNAL),
        (".acme.com", "jane@acme.com", INTERNAL),
        ("acme.com", "jane@eu.mail.acme.com", INTERNAL),
        ("acme.com", "jane@notacme.com", None),
        ("acme.com", "jane@acme.com.evil.io", None),
        ("acme.com", "jane@acmexcom.io", None),
        ("acme.com", "acme.com@gmail.com", None),
        ("acme.com", None, None),
        ("", "jane@acme.com", None),
        ("bücher.de", "jane@bücher.de", INTERNAL),
    ],
)  # fmt: skip
def test_an_internal_address_is_one_of_a_domain_or_below_it(
    domain: str, address: str | None, reason: str | None
) -> None:
    assert reasons([address], load_rules(internal_domains=[domain])) == [reason]


def test_internal_comes_before_test() -> None:
    assert reasons(["test@acme.com"], load_rules(internal_domains=["acme.com"])) == [INTERNAL]


def test_a_filters_file_replaces_the_built_in_filters(tmp_path: Path) -> None:
    file = tmp_path / "filters.yml"
    file.write_text("test_words: [spam]\ntest_domains: [Trash.example]\ninternal_domains: ['@own.de']\n")
    rules = load_rules(file, internal_domains=["more.de"])
    addresses = [
        "test@acme.com",
        "spam@acme.com",
        "a@x.trash.example",
        "a@own.de",
        "a@more.de",
        "jane@example.com",
    ]
    assert reasons(addresses, rules) == [None, TEST, TEST, INTERNAL, INTERNAL, None]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "{}", "test_words: []\n", "test_words: ['', ' ']\ninternal_domains: ['']\n"]
)
def test_a_filters_file_that_filters_nothing_lets_everything_pass(tmp_path: Path, text: str) -> None:
    file = tmp_path / "filters.yml"
    file.write_text(text)
    assert reasons(["test@acme.com", None, "jane@mailinator.com"], load_rules(file)) == [None, None, None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            b"test_word: [x]",
            r"filters\.yml: test_word: .*Known keys: test_words, test_domains, internal_domains",
        ),
        (b"test_words: test", r"filters\.yml: test_words: "),
        (b"test_words: [[a]]", r"filters\.yml: test_words\.0: "),
        (b"- test", r"filters\.yml: the file: "),
        (b"test_words: [a", r"filters\.yml, line 2: did not find expected"),
        (b"\xff\xfe\x00", r"filters\.yml cannot be read"),
        (None, r"filters\.yml cannot be read"),
    ],
    ids=["unknown key", "no list", "a list in the list", "no keys", "no YAML", "no text", "no file"],
)
def test_a_wrong_filters_file_is_refused_with_its_name_and_what_is_wrong(
    tmp_path: Path, text: bytes | None, said: str
) -> None:
    file = tmp_path / "filters.yml"
    if text is not None:
        file.write_bytes(text)
    with pytest.raises(InputError, match=f"(?s){said}"):
        load_rules(file)


#: Characters that mean something in an address, in YAML or in a regular expression.
LETTERS = st.sampled_from(list("abtesT@.-+_<> é\n\x00"))


@given(st.lists(st.none() | st.text(LETTERS, max_size=14), max_size=8))
def test_every_address_gets_one_answer_which_does_not_depend_on_its_neighbours(
    addresses: list[str | None],
) -> None:
    rules = load_rules(internal_domains=["tes.te"])
    together = reasons(addresses, rules)
    assert together == [reasons([address], rules)[0] for address in addresses]
    assert set(together) <= {None, TEST, INTERNAL}


@pytest.mark.parametrize("word", ["c++", "(test", "a|b", "[x]", "\\d"])
def test_a_word_of_a_filters_file_is_text_and_no_pattern(word: str) -> None:
    rules = AddressRules(test_words=(word,), test_domains=(word,), internal_domains=(word,))
    assert reasons([f"{word}@acme.com", "1@acme.com", "a@acme.com"], rules) == [TEST, None, None]
