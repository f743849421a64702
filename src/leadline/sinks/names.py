"""Names of folders that are safe on every file system."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["safe_name"]

#: Path separators, what Windows refuses in names, and what no name should hold.
UNSAFE = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+')
#: Names that mean a device on Windows.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
#: File systems allow 255 bytes; this leaves room for what is put behind a name.
LONGEST_BYTES = 120


def safe_name(name: str) -> str:
    """The name as one folder's name: no path, nothing hidden, at most 120 bytes; `run` if nothing is left."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = UNSAFE.sub("_", text).strip(" .")
    while len(text.encode()) > LONGEST_BYTES:
        text = text[:-1].rstrip(" .")
    if DEVICES.fullmatch(text):
        text = f"_{text}"
    return text if text.strip("_ .") else "run"
