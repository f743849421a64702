"""Of real CRM titles, counted as often as they occur, the work is known in 85 of 100, the level in 95."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leadline.titles.evidence import NO_RANK
from leadline.titles.understanding import Understanding

#: Not in this repository: ../shared/data/README.md says where it came from.
TITLES = Path(__file__).parents[3] / "shared/data/titles/crm_unlabelled.csv"

pytestmark = pytest.mark.skipif(not TITLES.is_file(), reason=f"the real CRM titles are not here: {TITLES}")


@pytest.fixture(scope="module")
def known(understanding: Understanding) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each title whether a function and whether a rank is known, and how often it occurs."""
    table = pl.read_csv(TITLES, infer_schema=False).with_columns(pl.col("n").cast(pl.Int64))
    evidence = understanding.read(table["title"].fill_null("")).evidence
    return evidence.functions.any(axis=1), evidence.rank != NO_RANK, table["n"].to_numpy()


def test_a_role_is_known_in_85_of_100_titles(known: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    function, _, count = known
    share = count[function].sum() / count.sum()
    assert share >= 0.85, f"{share:.1%}"


def test_a_rank_or_its_evident_absence_is_known_in_95_of_100_titles(
    known: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Evidently absent: the work (a function) is known, and no word of rank stands beside it."""
    function, rank, count = known
    share = count[rank | function].sum() / count.sum()
    assert share >= 0.95, f"{share:.1%}"
