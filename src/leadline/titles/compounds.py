"""Splits words that are written together: Einkaufsleiterin, verkoopmedewerker, 销售经理."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet

__all__ = ["Compounds"]

#: What German, Dutch and Scandinavian put between the parts of a compound.
_LINKS = ("", "s", "n", "en", "es", "e", "er", "ns")
_MIN_WORD = 7
_MIN_PART = 3
#: A head this long may stand behind a part that nobody knows (Sanierungs|arbeiter, Abfall|beraterin).
_MIN_LONE_HEAD = 4
_MIN_LONE_MODIFIER = 5


class Compounds:
    """Splits a word into parts that are `known`; the last is best one of the `heads` (occupations, ranks)."""

    def __init__(self, known: Collection[str], heads: AbstractSet[str]) -> None:
        self._known = known
        self._heads = heads

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a compound, the head last; the word alone where it is none.

        Best is a known word with two letters swapped; then a split in which every part is known, with
        the longest head; then a known word with a letter too many; then a known head behind an unknown
        part; then a known part in front of an unknown rest.
        """
        if len(word) < _MIN_WORD or not word.isalpha():
            return (word,)
        return (
            self._swapped(word)
            or self._whole(word, depth=3)
            or self._lengthened(word)
            or self._lone_head(word)
            or self._lone_modifier(word)
            or (word,)
        )

    def split_known(self, word: str) -> tuple[str, ...]:
        """The parts of a word that is listed as a whole, as far as all of them are known."""
        if len(word) < _MIN_WORD or not word.isalpha():
            return (word,)
        return self._whole(word, depth=2) or (word,)

    def split_run(self, run: str) -> tuple[str, ...]:
        """A run of ideographs as known terms, longest first from the left; the rest character by run."""
        parts: list[str] = []
        unknown = ""
        start = 0
        while start < len(run):
            for end in range(min(len(run), start + 8), start, -1):
                if run[start:end] in self._known:
                    parts.extend([unknown] if unknown else [])
                    parts.append(run[start:end])
                    unknown, start = "", end
                    break
            else:
                unknown += run[start]
                start += 1
        parts.extend([unknown] if unknown else [])
        return tuple(parts)

    def _whole(self, word: str, *, depth: int) -> tuple[str, ...] | None:
        for start in range(_MIN_PART, len(word) - _MIN_PART + 1):
            head = word[start:]
            if head not in self._known:
                continue
            front = self._modifier(word[:start], depth=depth - 1)
            if front is not None:
                return (*front, head)
        return None

    def _modifier(self, front: str, *, depth: int) -> tuple[str, ...] | None:
        for link in _LINKS:
            if front.endswith(link):
                stem = front[: len(front) - len(link)]
                if len(stem) >= _MIN_PART and stem in self._known:
                    return (stem,)
        if depth > 0 and len(front) >= _MIN_WORD:
            for link in _LINKS[:4]:
                if front.endswith(link) and (
                    parts := self._whole(front[: len(front) - len(link)], depth=depth)
                ):
                    return parts
        return None

    def _swapped(self, word: str) -> tuple[str, ...] | None:
        """The known word of which two neighbouring letters were swapped: "Marekting"."""
        for i in range(1, len(word) - 1):
            known = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            if known in self._known:
                return (known,)
        return None

    def _lengthened(self, word: str) -> tuple[str, ...] | None:
        """The known word with one letter more: "enginneer", and endings that nobody listed ("purchasers").

        Letters left out or replaced are left to the model of spelling.
        """
        for i in range(len(word) - 1, 0, -1):
            known = word[:i] + word[i + 1 :]
            if known in self._known:
                return (known,)
        return None

    def _lone_head(self, word: str) -> tuple[str, ...] | None:
        for start in range(_MIN_PART, len(word) - _MIN_LONE_HEAD + 1):
            if word[start:] in self._heads:
                return (word[:start], word[start:])
        return None

    def _lone_modifier(self, word: str) -> tuple[str, ...] | None:
        for end in range(len(word) - _MIN_PART, _MIN_LONE_MODIFIER - 1, -1):
            if word[:end] in self._known:
                return (word[:end], word[end:])
        return None
