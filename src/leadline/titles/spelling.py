"""One spelling for what people write in a hundred ways.

A title is split at blanks; each blank-free *chunk* ("VERKÄUFER/-IN", "Sr.", "(m/w/d)") becomes a
tuple of normal words. Nothing here looks beyond its chunk, which is why a million titles cost no
more than their distinct chunks.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from functools import lru_cache
from importlib import resources

__all__ = ["BREAK", "COMMA", "fold", "is_ideographic", "normal_words"]

#: A new position begins ("CEO | Board Member", "Founder / CEO", "Engineer (part-time)").
BREAK = "|"
#: The same position goes on, another part of it begins ("Director, Sales").
COMMA = ","

#: Letters that Unicode does not decompose, as people without the key type them.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ё": "е"}
)
_MARKS = re.compile("[\u0300-\u036f]+")

#: m/w/d, (H/F), w|m|d, m/f/x, (gn): who may apply, which says nothing about the work.
_GENDER = re.compile(
    r"[\[(]*(?:[mwfdhxvk]|div|gn|n)(?:\s*[/|,*.\-]\s*(?:[mwfdhxvki]|div|gn|n|a|\*)){1,4}[\])]*[,;.]?"
)
#: The second ending of a noun: Verkäufer/in, Leiter*in, chargé(e), director/a, Kaufmann/-frau.
_ENDING = re.compile(
    r"(?<=\w\w)[/*:_(·.]-?(?:innen|in|frau|mann|n|r|e|es|a|o|as|os|ne|se|sse|ère|trice|rice|euse|eure|ra)\)?(?![^\W_])"
)
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){1,}[^\W\d_](?![^\W_])\.?")
_PIECE = re.compile(r"[^\W_]+|[&+@]|[|/;•·●►▪∙‣:\\()\[\]{}\n]|,")
_DASHES = frozenset({"-", "–", "—", "--", "―", "~", "»", "«", ">", "<", "*"})
_BREAKS = frozenset("|/;•·●►▪∙‣:\\()[]{}\n")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}
#: Han, kana and hangul: written without blanks, split by what the lexicon knows.
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")


def is_ideographic(word: str) -> bool:
    """Whether `word` holds Chinese or Japanese characters."""
    return _IDEOGRAPHS.search(word) is not None


def fold(text: str) -> str:
    """`text` in one case, without accents, in compatibility form: "Ｇérant" → "gerant"."""
    if text.isascii():
        return text.lower()
    # Folded twice: letters such as 𝗦 or ℠ become capitals only when they are decomposed.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_LETTERS)


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, tuple[str, ...]]:
    lines = (
        resources.files("leadline").joinpath("data/lexicon/abbreviations.tsv").read_text("utf-8").splitlines()
    )
    return {row["short"]: tuple(row["words"].split()) for row in csv.DictReader(lines, delimiter="\t")}


def normal_words(chunk: str) -> tuple[str, ...]:
    """The normal words of one blank-free piece of a title.

    "Sr." → ("senior",); "R&D" → ("r", "&", "d"); "Sales/Marketing" → ("sales", "|", "marketing");
    "Verkäufer/-in" → ("verkaufer",); "(m/w/d)" → (); "C.F.O" → ("cfo",). `BREAK` and `COMMA` stand
    for what separates positions and their parts.
    """
    if "&" in chunk and ";" in chunk:
        chunk = html.unescape(chunk)
    if chunk in _DASHES:
        return (BREAK,)
    folded = fold(chunk)
    if folded.isalpha():
        return _abbreviations().get(folded) or (_ROMAN.get(folded, folded),)
    if _GENDER.fullmatch(folded):
        return ()
    folded = _ENDING.sub("", folded)
    folded = _DOTTED.sub(lambda found: found[0].replace(".", ""), folded)
    whole = _abbreviations().get(folded.strip(".,;:()"))
    if whole is not None:
        return (*whole, COMMA) if folded.endswith(",") else whole
    words: list[str] = []
    for piece in _PIECE.findall(folded):
        if piece in _BREAKS:
            words.append(BREAK)
        else:
            words.extend(_abbreviations().get(piece) or (_ROMAN.get(piece, piece),))
    return tuple(words)
