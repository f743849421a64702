"""Turns clean records into a table: by Polars, and by hand where Polars will not."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leadline.sources.apostrophe import apostrophe_off
from leadline.sources.encoding import decoded, repaired
from leadline.sources.grammar import Cells, Dialect

__all__ = ["Parser"]

#: Polars takes bytes that begin like a compressed file (`x^` is a zlib header) for one, and drops a
#: byte-order mark. A block that begins with one of these cannot be mistaken.
SAFE_STARTS = frozenset(b'"0123456789abcdefghijklmnopqrstuvwyzACDEFGHIJKMNOQRSTUVWXYZ')
#: Separators for a file without one; the first that does not occur in a block is used for it.
UNUSED_SEPARATORS = b"\x1f\x1e\x1d\x1c\x01\x02\x03\x04\x05\x06\x07\x08"


@dataclass(frozen=True, slots=True)
class Parser:
    """Parses blocks of one file. `restored` names the columns that lose our own apostrophes."""

    dialect: Dialect
    columns: list[str]
    restored: list[str]

    def parse(self, clean: bytes, rows: int) -> tuple[pl.DataFrame, int]:
        """`rows` strict records as a table of text, and how many lines of them were not UTF-8."""
        frame, wrong = self._by_polars(clean, rows), 0
        if frame is None:
            clean, wrong = repaired(clean, self.dialect.eol)
            frame = self._by_polars(clean, rows) if wrong else None
        if frame is None:
            frame = self._by_hand(clean)
        return self._tidy(frame, clean), wrong

    def _by_polars(self, clean: bytes, rows: int) -> pl.DataFrame | None:
        """None where Polars refuses, or sees another number of records than we do."""
        schema = dict.fromkeys(self.columns, pl.String)
        if not rows:
            return pl.DataFrame(schema=schema)
        separator = self.dialect.separator or next(
            (bytes([b]) for b in UNUSED_SEPARATORS if b not in clean), b""
        )
        if not separator:
            return None
        guard = clean[0] not in SAFE_STARTS
        if guard:
            clean = separator.join([b'""'] * len(schema)) + self.dialect.eol + clean
        try:
            frame = pl.read_csv(
                clean,
                has_header=False,
                schema=schema,
                separator=separator.decode(),
                eol_char=self.dialect.eol.decode(),
            )
        except pl.exceptions.PolarsError:
            return None
        frame = frame.slice(1) if guard else frame
        return frame if frame.height == rows else None

    def _by_hand(self, clean: bytes) -> pl.DataFrame:
        """The same, slowly and without Polars' reader."""
        reader = Cells(self.dialect)
        rows: list[list[str | None]] = []
        at = 0
        while at < len(clean) and (read := reader.read(clean, at)) is not None:
            cells, at = read
            rows.append([decoded(cell) or None for cell in cells])
        return pl.DataFrame(rows, schema=dict.fromkeys(self.columns, pl.String), orient="row")

    def _tidy(self, frame: pl.DataFrame, clean: bytes) -> pl.DataFrame:
        """Empty quoted cells become null like empty ones; our own apostrophes come off."""
        looks: list[pl.Expr] = []
        if b'""' in clean:
            looks += [(pl.col(name) == "").any().alias(f"e{at}") for at, name in enumerate(self.columns)]
        if b"'" in clean:
            looks += [
                pl.col(name).str.starts_with("'").any().alias(f"a{self.columns.index(name)}")
                for name in self.restored
            ]
        if not looks or not frame.height:
            return frame
        seen = frame.select(looks).row(0, named=True)
        changes = [
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
            for at, name in enumerate(self.columns)
            if seen.get(f"e{at}")
        ]
        frame = frame.with_columns(changes) if changes else frame
        changes = [
            apostrophe_off(pl.col(name)).alias(name)
            for at, name in enumerate(self.columns)
            if seen.get(f"a{at}")
        ]
        return frame.with_columns(changes) if changes else frame
