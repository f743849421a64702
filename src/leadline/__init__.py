"""Leadline turns raw leads into decisions, with a reason for every row.

>>> import leadline
>>> table = leadline.classify(["VP of Sales", "Ingénieur logiciel senior"])
>>> table["Role"].to_list()
['Sales', 'Engineering']
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["__version__", "classify"]

__version__ = "0.1.0"


def classify(
    titles: Iterable[str | None], *, taxonomy: str = "default", model: str | None = None
) -> pl.DataFrame:
    """The verdicts on `titles`, one row each, in order.

    Columns: `Title`; for each facet of `taxonomy` (a name or a file) the label, its confidence 0–100
    and who decided; `Skip Reason`, null where a title got a label.

    Raises:
        leadline.core.errors.InputError: there is no such taxonomy or model.
    """
    from leadline.titles.table import classify_titles

    return classify_titles(titles, taxonomy=taxonomy, model=model)
