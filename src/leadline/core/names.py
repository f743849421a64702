"""Names of columns, made unique."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["unique_names"]


def unique_names(headers: Iterable[str]) -> list[str]:
    """The headers as unique names: the second `Title` is `Title (2)`, a nameless third column `Column 3`.

    A name that the input itself spells stays with the column that has it.
    """
    spelled = list(headers)
    taken: set[str] = set()
    reserved = set(spelled)
    names: list[str] = []
    for place, header in enumerate(spelled, start=1):
        base = name = header if header.strip() else f"Column {place}"
        count = 1
        while name in taken or (name in reserved and name != header):
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    return names
