"""Writes `examples/contacts.csv`: a CRM export as messy as real ones, of people who do not exist.

The names, companies and titles stand in `example_words.json` beside this file. One seed gives one file,
byte for byte; a test compares it with the one in the repository.

Nobody is real: mail hosts end in `.invalid` (RFC 2606), and phones lie in ranges kept for fiction where
a country has one. `.example` would not do: the built-in filter takes that word for a test address.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("example_words.json")
TARGET = Path(__file__).parent.parent / "examples/contacts.csv"
SEED = 20250
PEOPLE = 3440
HEADER = (
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
)
FIRST_DAY = datetime(2021, 1, 4, 7, 30)
TITLE_WEIGHTS = {"common": 24.0, "usual": 6.0, "rare": 1.0}
COUNTRY_WEIGHTS = (14, 5, 3, 2, 1)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the export; the fields stand in the order of `HEADER`."""

    record_id: str
    first: str
    last: str
    email: str
    phone: str
    company: str
    title: str
    country: str
    stage: str
    created: str

    def cells(self) -> tuple[str, ...]:
        """The line's cells."""
        return tuple(getattr(self, name) for name in self.__slots__)


def load_words() -> dict[str, Any]:
    """`languages` (code → names, companies, phones, titles) and `mess` (what spoils an export)."""
    words: dict[str, Any] = json.loads(WORDS.read_text(encoding="utf-8"))
    return words


def slug(text: str, *, joiner: str = "-") -> str:
    """`Hammerstein & Söhne` → `hammerstein-soehne`: what a mail address can hold."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(UMLAUTS)).encode("ascii", "ignore").decode()
    return joiner.join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def swap_letters(rng: random.Random, text: str) -> str:
    """A typing error: two neighbouring letters inside one word change places."""
    spots = [spot.start() for spot in re.finditer(r"(?<=\w)[a-z]{2}", text)]
    if not spots:
        return text
    at = rng.choice(spots)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


class PeopleMaker:
    """Invents people whose name, company, address, phone and title belong to one language."""

    def __init__(self, *, words: dict[str, Any], rng: random.Random) -> None:
        self.languages: dict[str, dict[str, Any]] = words["languages"]
        self.mess: dict[str, Any] = words["mess"]
        self.rng = rng
        self._taken: set[str] = set()
        self._titles = {code: self._weigh(language["titles"]) for code, language in self.languages.items()}

    @staticmethod
    def _weigh(titles: dict[str, list[str]]) -> tuple[list[str], list[float]]:
        """Titles and weights; within a group the first is the most frequent, as in real lists."""
        weighed = [
            (title, TITLE_WEIGHTS[group] / (1 + rank / 8 * (group == "common")))
            for group, members in titles.items()
            for rank, title in enumerate(members)
        ]
        return [title for title, _ in weighed], [weight for _, weight in weighed]

    def person(self, *, record_id: int, created: datetime) -> Contact:
        """One contact; a few lack a company, a country, a phone or an address."""
        rng = self.rng
        shares = [language["share"] for language in self.languages.values()]
        code = rng.choices(list(self.languages), shares)[0]
        language = self.languages[code]
        is_woman = rng.random() < 0.46
        first, last = rng.choice(language["women" if is_woman else "men"]), rng.choice(language["family"])
        short, company = self._company(language)
        country = rng.choices(list(language["countries"]), COUNTRY_WEIGHTS[: len(language["countries"])])[0]
        if rng.random() < 0.02:
            first, last = rng.choice([(first.upper(), last.upper()), (first.lower(), last.lower())])
        return Contact(
            record_id=str(record_id),
            first=first,
            last=last,
            email="" if rng.random() < 0.03 else self._email(first, last, short=short),
            phone="" if rng.random() < 0.35 else self._phone(rng.choice(language["countries"][country])),
            company="" if rng.random() < 0.04 else company,
            title=self._messy(self._title(code, is_woman=is_woman), code=code, company=short),
            country="" if rng.random() < 0.04 else country,
            stage=rng.choices(list(self.mess["stages"]), list(self.mess["stages"].values()))[0],
            created=created.strftime("%Y-%m-%d %H:%M"),
        )

    def _company(self, language: dict[str, Any]) -> tuple[str, str]:
        """A company's everyday name and the name with its legal form."""
        rng = self.rng
        name = rng.choice(language["companies"])
        if rng.random() < 0.55:
            name = f"{rng.choice(language['family'])} {rng.choice(language['trades'])}"
        # A company has one legal form however often it occurs, so its name decides, not the dice.
        suffix = language["suffixes"][sum(map(ord, name)) % len(language["suffixes"])]
        return name, name + suffix if suffix.startswith(",") else f"{name} {suffix}".rstrip()

    def _email(self, first: str, last: str, *, short: str) -> str:
        """An address nobody else in the file has."""
        rng = self.rng
        given, family = slug(first, joiner="-"), slug(last, joiner="")
        forms = [f"{given}.{family}", f"{given[0]}.{family}", f"{given[0]}{family}", given]
        local = rng.choices(forms, [60, 15, 15, 10])[0]
        host = f"{slug(short)}.invalid" if rng.random() > 0.08 else rng.choice(self.mess["private_hosts"])
        address, number = f"{local}@{host}", 1
        while address in self._taken:
            number += 1
            address = f"{given}.{family}{number}@{host}"
        self._taken.add(address)
        return address.title() if rng.random() < 0.02 else address

    def _phone(self, form: str) -> str:
        """`{a}` becomes an area code, `{3}` three digits."""
        digits = form.replace("{a}", self.rng.choice(self.mess["area_codes"]))
        return re.sub(r"\{(\d)\}", lambda n: f"{self.rng.randrange(10 ** int(n[1])):0{n[1]}d}", digits)

    def _title(self, code: str, *, is_woman: bool) -> str:
        """A title in the person's language, or an English one; `masculine~feminine` where they differ."""
        spoken = code if self.rng.random() < 0.75 else "en"
        forms = self.rng.choices(*self._titles[spoken])[0].split("~")
        return forms[-1] if is_woman else forms[0]

    def _messy(self, title: str, *, code: str, company: str) -> str:
        """The title as somebody typed it."""
        rng, mess = self.rng, self.mess
        if rng.random() < 0.07:
            for long, brief in mess["abbreviations"].items():
                title = re.sub(rf"\b{long}\b", brief, title)
        if rng.random() < (0.08 if code in ("de", "fr") else 0.002):
            title += rng.choice(mess["gender"].get(code, mess["gender"]["en"]))
        if rng.random() < 0.02:
            title = rng.choice(mess["extras"]).format(title)
        if rng.random() < 0.025:
            title += f" {self.languages[code]['at']} {company}"
        if rng.random() < 0.25:
            title = title.replace("&", "&amp;").replace("'", "&#39;")
        if rng.random() < 0.025:
            title = swap_letters(rng, title)
        if rng.random() < 0.012:
            title = rng.choice(mess["emoji"]).format(title)
        letters = rng.random()
        if letters < 0.09:
            title = title.upper() if letters < 0.035 else title.lower()
        blanks = rng.random()
        return f"{title} " if blanks < 0.03 else title.replace(" ", "  ", 1) if blanks < 0.04 else title


class Spoiler:
    """Puts into a clean list what a real export holds; no contact is spoilt twice."""

    def __init__(self, contacts: list[Contact], *, mess: dict[str, Any], rng: random.Random) -> None:
        self.contacts = contacts
        self.mess = mess
        self.rng = rng
        self._untouched = rng.sample(range(len(contacts)), len(contacts))

    def spoil(self) -> None:
        """Everything, in an order that the seed relies on."""
        self._set("title", [""] * 75)
        self._set("title", self.mess["junk"] * 4)
        self._set("title", self.mess["formulas"] + self.mess["quoted"])
        self._set("email", self.mess["test_addresses"] * 2 + self.mess["near_tests"])
        self._set("record_id", [""] * 9)
        self._employ(18)
        self._repeat_people(32)
        self._repeat_ids(12)

    def _set(self, field: str, values: list[str]) -> None:
        for value in values:
            at = self._untouched.pop()
            self.contacts[at] = replace(self.contacts[at], **{field: value})

    def _employ(self, count: int) -> None:
        """Our own colleagues, whom no campaign should reach."""
        for _ in range(count):
            at = self._untouched.pop()
            person = self.contacts[at]
            address = f"{slug(person.first)}.{slug(person.last, joiner='')}@{self.mess['internal_domain']}"
            self.contacts[at] = replace(person, email=address, company="Leadline")

    def _repeat_people(self, count: int) -> None:
        """The same person again under another id, sometimes with a title of their own."""
        for number in range(count):
            person, other = self.contacts[self._untouched.pop()], self.contacts[self._untouched.pop()]
            again = replace(person, record_id=str(int(person.record_id) + 1), phone="", created=other.created)
            if number % 3 == 0:
                again = replace(again, title=person.title.upper())
            self.contacts.append(again)

    def _repeat_ids(self, count: int) -> None:
        """The same id twice; every other time the line changed between two exports."""
        for number in range(count):
            person = self.contacts[self._untouched.pop()]
            again = replace(person, stage="Customer", phone="") if number % 2 else person
            self.contacts.append(again)


def make_contacts(rng: random.Random) -> list[Contact]:
    """Every well-formed line, in the order of the file."""
    words = load_words()
    maker = PeopleMaker(words=words, rng=rng)
    contacts, record_id, created = [], 50_118_204_117, FIRST_DAY
    for _ in range(PEOPLE):
        record_id += rng.randrange(1_000, 90_000)
        created += timedelta(minutes=rng.randrange(20, 1_300))
        if created.hour < FIRST_DAY.hour:  # nobody fills in a form at night
            created = created.replace(hour=rng.randrange(FIRST_DAY.hour, 20))
        contacts.append(maker.person(record_id=record_id, created=created))
    Spoiler(contacts, mess=words["mess"], rng=rng).spoil()
    rng.shuffle(contacts)
    return contacts


def ragged_lines() -> list[str]:
    """One line too short, one too long, one with text after a closing quote: no CSV, yet seen in exports."""
    return [
        "50118203001,Nora,Ashworth,nora.ashworth@fernhollow-media.invalid",
        (
            "50118203002,Tom,Reed,tom.reed@quayside-foods.invalid,(212) 555-0141,Quayside Foods,"
            "Head of Sales, Retail,"
            "United States,Lead,2023-05-02 10:11"
        ),
        (
            '50118203003,Petra,"Vogel" (geb. Brandt),petra.vogel@lindwerk.invalid,030 / 23125-118,'
            "Lindwerk AG,"
            "Leiterin Vertrieb,Germany,Lead,2022-11-17 08:40"
        ),
    ]


def export(*, seed: int = SEED) -> str:
    """The whole file as text."""
    contacts = make_contacts(random.Random(seed))
    lines = [csv_line(HEADER), *(csv_line(contact.cells()) for contact in contacts)]
    for share, ragged in zip((0.2, 0.5, 0.8), ragged_lines(), strict=True):
        lines.insert(int(len(lines) * share), ragged + "\n")
    return "".join(lines)


def csv_line(cells: tuple[str, ...]) -> str:
    """One record with its line end, quoted where it must be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def main() -> None:
    """Writes the file and says what it holds."""
    text = export()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"{text.count(chr(10)):,} lines, {len(text.encode()):,} bytes: {TARGET.name}")


if __name__ == "__main__":
    main()
