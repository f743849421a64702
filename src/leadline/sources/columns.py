"""Finds the columns that hold titles, ids and e-mail addresses by what people call them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from leadline.core.errors import InputError

__all__ = ["Found", "Wanted", "find_column", "id_places"]

Wanted = Literal["title", "id", "email"]

#: Usual names, the surest first; compared without case, accents, blanks and punctuation.
USUAL_NAMES: dict[Wanted, tuple[str, ...]] = {
    "title": (
        "Job Title", "Position", "Title",
        "Current Job Title", "Contact Job Title", "Person Title", "Professional Title", "Current Title",
        "Contact Title", "Lead Title", "Work Title", "Job Position", "Current Position", "Position Title",
        "Title Name", "Job Name", "Job Role", "Designation", "Occupation", "Headline",
        "Berufsbezeichnung", "Stellenbezeichnung", "Positionsbezeichnung", "Jobtitel",
        "Funktion", "Stelle", "Beruf",
        "Título del puesto", "Puesto de trabajo", "Cargo", "Puesto", "Título do cargo", "Função", "Posición",
        "Intitulé du poste", "Intitulé de poste", "Titre du poste", "Poste", "Fonction",
        "Ruolo", "Qualifica", "Posizione", "Mansione",
        "Functietitel", "Functienaam", "Functie",
        "Stanowisko", "Befattning", "Stilling", "Job", "Role", "Function",
    ),
    "id": (
        "Prospect Id", "Record ID", "hs_object_id", "Id",
        "Lead ID", "Contact ID", "Person ID", "Record ID - Contact", "Contact Record ID", "Customer ID",
        "Kontakt-ID", "Datensatz-ID", "ID de registro", "UUID", "GUID",
    ),
    "email": (
        "Email", "E-Mail",
        "Email Address", "E-Mail Address", "Work Email", "Business Email", "Contact Email", "Primary Email",
        "Mail",
        "E-Mail-Adresse", "Mailadresse", "Adresse e-mail", "Adresse mail", "Courriel",
        "Correo electrónico", "Correo", "Indirizzo e-mail", "E-mailadres",
    ),
}  # fmt: skip
#: What a weaker name ends or begins with, where no usual name is there: `Job Title (LinkedIn)`.
LOOSE_NAMES: dict[Wanted, re.Pattern[str]] = {
    "title": re.compile(r"jobtitle|jobposition|currenttitle|berufsbezeichnung|positiontitle"),
    "id": re.compile(r"recordid|prospectid|hsobjectid"),
    "email": re.compile(r"^.{0,12}email(?:address|id)?\d?$"),  # not “Unsubscribed from all email”
}
#: So many of the names of ids are never anything else.
SURE_ID_NAMES = 4
#: A name that is only a part of a header is so many places less sure.
PART_RANK = 0.5
SHOWN_NAMES = 30
SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A column: its place among the headers, its header as spelled, and what the user should know."""

    place: int
    header: str
    note: str = ""


def find_column(headers: Sequence[str], *, wanted: Wanted, chosen: str | None = None) -> Found | None:
    """The column of titles, ids or e-mail addresses: the chosen one, or the first by its usual name.

    None where there is no column of ids or e-mail addresses. Raises InputError where there is none of
    titles, and where a chosen name is not there.
    """
    if chosen is not None:
        return _chosen(headers, wanted, chosen)
    fitting = _by_usual_name(headers, wanted) or _by_loose_name(headers, wanted)
    if not fitting:
        if wanted == "title":
            raise InputError(
                f"No column of titles among the columns: {_listed(headers)}.",
                hint="Name it with --title-column.",
            )
        return None
    best = fitting[0]
    note = ""
    if len(fitting) > 1:
        others = ", ".join(f"“{headers[place]}”" for place in fitting[1:4])
        note = f"Took the column “{headers[best]}” for {_noun(wanted)}, not {others} (--{wanted}-column)."
    return Found(best, headers[best], note)


def id_places(headers: Sequence[str], *, chosen: Collection[str] = ()) -> frozenset[int]:
    """The places of the columns whose cells are never changed: the column of ids, its sure names, the chosen.

    Not every name that may be an id's: a column named “Customer ID” could hold a formula as well.
    """
    sure = {_plain(name) for name in USUAL_NAMES["id"][:SURE_ID_NAMES]}
    named = {name.strip().casefold() for name in chosen}
    places = {
        i for i, header in enumerate(headers) if header.strip().casefold() in named or _plain(header) in sure
    }
    found = find_column(headers, wanted="id")
    return frozenset(places if found is None else places | {found.place})


def _chosen(headers: Sequence[str], wanted: Wanted, chosen: str) -> Found:
    for same in (str, str.strip, str.casefold, _plain):
        places = [place for place, header in enumerate(headers) if same(header) == same(chosen)]
        if places and (same is not _plain or _plain(chosen)):
            first = headers[places[0]]
            many = f"{len(places)} columns are named “{first}”; took the first for {_noun(wanted)}."
            return Found(places[0], first, many if len(places) > 1 else "")
    near = difflib.get_close_matches(
        chosen.casefold(), [header.casefold() for header in headers], n=3, cutoff=0.5
    )
    nearest = [
        next(header for header in headers if header.casefold() == name) for name in dict.fromkeys(near)
    ]
    there = f"Did you mean {_listed(nearest)}?" if nearest else f"The columns are: {_listed(headers)}."
    raise InputError(f"There is no column “{_cut(chosen)}” (--{wanted}-column).", hint=there)


def _by_usual_name(headers: Sequence[str], wanted: Wanted) -> list[int]:
    """Places of the columns with a usual name, the surest name first, then from left to right."""
    rank: dict[str, float] = {}
    for place, name in enumerate(USUAL_NAMES[wanted]):
        rank.setdefault(_plain(name), place)
    fitting = []
    for place, header in enumerate(headers):
        # A header may name itself twice ("Funktion / Stelle"); its parts are a little less sure.
        parts = [_plain(part) for part in re.split(r"[/|(),;]", header)]
        ranks = [rank[_plain(header)]] if _plain(header) in rank else []
        ranks += [rank[part] + PART_RANK for part in parts if part in rank]
        if ranks:
            fitting.append((min(ranks), place))
    return [place for _, place in sorted(fitting)]


def _by_loose_name(headers: Sequence[str], wanted: Wanted) -> list[int]:
    return [place for place, header in enumerate(headers) if LOOSE_NAMES[wanted].search(_plain(header))]


def _plain(name: str) -> str:
    """Letters and digits only, without case and accents: `E-Mail` and `email` are one name."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def _noun(wanted: Wanted) -> str:
    return {"title": "titles", "id": "ids", "email": "e-mail addresses"}[wanted]


def _listed(names: Iterable[str]) -> str:
    every = [f"“{_cut(name)}”" for name in names]
    more = f" and {len(every) - SHOWN_NAMES} more" if len(every) > SHOWN_NAMES else ""
    return ", ".join(every[:SHOWN_NAMES]) + more


def _cut(name: str) -> str:
    readable = "".join(letter if letter.isprintable() else "�" for letter in name)
    return readable if len(readable) <= SHOWN_CHARACTERS else readable[: SHOWN_CHARACTERS - 1] + "…"
