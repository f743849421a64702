"""Text of others as a terminal may show it."""

from __future__ import annotations

__all__ = ["readable"]


def readable(text: str) -> str:
    """The text with control characters replaced: a title must not move the cursor or rename the window."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
