"""The account of a run: every lead that came in went out exactly once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from leadline.core.errors import LedgerError

__all__ = ["Ledger"]


@dataclass
class Ledger:
    """Counts of leads: how many came in, were accepted, were skipped for which reason."""

    leads: int = 0
    accepted: int = 0
    skip_reasons: Counter[str] = field(default_factory=Counter)

    @property
    def skipped(self) -> int:
        """All skipped leads, whatever the reason."""
        return self.skip_reasons.total()

    def skip(self, reasons: pl.Series) -> None:
        """Books one skipped lead per entry of `reasons`."""
        for reason, count in reasons.value_counts().iter_rows():
            self.skip_reasons[str(reason)] += count

    def check(self) -> None:
        """Checks the balance.

        Raises:
            LedgerError: a lead was lost or doubled.
        """
        if self.leads != self.accepted + self.skipped:
            raise LedgerError(
                f"{self.leads:,} leads came in, but {self.accepted:,} were accepted "
                f"and {self.skipped:,} skipped.",
                hint="Nothing was published. If the input did not change meanwhile, please report this.",
            )
