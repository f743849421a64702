"""Figures are those of hand and of scikit-learn; calibrated confidence never falls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from leadline.titles.calibration import REAL_TITLES, calibrate
from leadline.titles.metrics import Confusion, LabelScore, score

LABELS = ("A", "B", "C", "D")
A, B, C, SKIPPED = 0, 1, 2, -1

#       actual, predicted, confidence
ROWS = [
    (A, A, 90),
    (A, A, 90),
    (A, B, 60),
    (B, B, 80),
    (B, C, 40),
    (C, SKIPPED, 70),
    (C, C, 30),
    (A, A, 50),
]


def columns(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    actual, predicted, confidence = np.array(rows, np.int64).reshape(-1, 3).T
    return actual, predicted, confidence


def test_figures_by_hand() -> None:
    scores = score(LABELS, *columns(ROWS))
    assert scores.rows == 8
    assert scores.accuracy == 5 / 8
    assert scores.per_label[:3] == (
        LabelScore("A", precision=1.0, recall=0.75, f1=6 / 7, support=4, predicted=3),
        LabelScore("B", precision=0.5, recall=0.5, f1=0.5, support=2, predicted=2),
        LabelScore("C", precision=0.5, recall=0.5, f1=0.5, support=2, predicted=2),
    )
    assert scores.macro_f1 == pytest.approx((6 / 7 + 0.5 + 0.5) / 3), "D neither occurs nor is predicted"
    assert scores.confusion == (Confusion("A", "B", 1), Confusion("B", "C", 1), Confusion("C", "", 1))
    assert scores.mae is None


def test_a_skipped_row_is_wrong_and_never_kept() -> None:
    scores = score(LABELS, *columns([(A, SKIPPED, 100), (A, A, 10)]))
    assert scores.accuracy == 0.5
    assert scores.coverage_at_95 == 0.5


def test_steps_of_a_scale_are_counted_over_the_rows_that_got_a_label() -> None:
    rows = [(A, C, 1), (B, B, 1), (C, B, 1), (A, SKIPPED, 1)]
    assert score(LABELS, *columns(rows), ordered=True).mae == 1.0


@pytest.mark.parametrize(
    ("rows", "coverage"),
    [
        ([(A, A, 90)] * 19 + [(A, B, 90)], 1.0),  # 95 of 100 are right: all are kept
        ([(A, A, 90)] * 18 + [(A, B, 90)] * 2, 0.0),  # 90 of 100
        ([(A, A, 90)] * 10 + [(A, B, 20)] * 10, 0.5),
        ([(A, B, 90)] + [(A, A, 80)] * 19, 1.0),  # the surest is wrong, all together are right enough
        ([(A, B, 90), (A, A, 10)], 0.0),
        ([], 0.0),
    ],
)
def test_coverage_is_the_largest_share_that_a_threshold_keeps_with_95_percent_right(
    rows: list[tuple[int, int, int]], coverage: float
) -> None:
    assert score(LABELS, *columns(rows)).coverage_at_95 == coverage


@pytest.mark.parametrize(
    ("rows", "ece"),
    [
        ([(A, A, 100)] * 10, 0.0),
        ([(A, B, 100)] * 10, 1.0),
        ([(A, A, 80)] * 8 + [(A, B, 80)] * 2, 0.0),  # 80 of 100 right at confidence 80
        ([(A, A, 60)] * 10, 0.4),
        ([(A, A, 100)] * 5 + [(A, B, 0)] * 5, 0.0),
        ([(A, A, 50)] * 10 + [(A, B, 20)] * 10, 0.35),  # half are 50 off, half 20
        ([], 0.0),
    ],
)
def test_the_calibration_error_is_the_mean_gap_between_confidence_and_share_of_right_ones(
    rows: list[tuple[int, int, int]], ece: float
) -> None:
    assert score(LABELS, *columns(rows)).ece == pytest.approx(ece, abs=1e-9)


MANY = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-1, 3), st.integers(0, 100)), min_size=1, max_size=60
)


@given(MANY)
def test_figures_are_those_of_scikit_learn(rows: list[tuple[int, int, int]]) -> None:
    actual, predicted, confidence = columns(rows)
    scores = score(LABELS, actual, predicted, confidence)
    assert scores.accuracy == pytest.approx(accuracy_score(actual, predicted))
    labels = sorted({*actual.tolist(), *predicted.tolist()} - {SKIPPED})
    wanted = f1_score(actual, predicted, labels=labels, average="macro", zero_division=0)
    assert scores.macro_f1 == pytest.approx(wanted)
    precision, recall, f1, support = precision_recall_fscore_support(
        actual, predicted, labels=range(len(LABELS)), zero_division=0
    )
    assert [one.precision for one in scores.per_label] == pytest.approx(precision.tolist())
    assert [one.recall for one in scores.per_label] == pytest.approx(recall.tolist())
    assert [one.f1 for one in scores.per_label] == pytest.approx(f1.tolist())
    assert [one.support for one in scores.per_label] == support.tolist()
    assert sum(one.count for one in scores.confusion) == int((actual != predicted).sum())


@given(MANY)
def test_shares_lie_between_0_and_1_and_do_not_depend_on_the_order_of_rows(
    rows: list[tuple[int, int, int]],
) -> None:
    scores = score(LABELS, *columns(rows), ordered=True)
    for share in (scores.accuracy, scores.macro_f1, scores.ece, scores.coverage_at_95):
        assert 0 <= share <= 1
    backwards = score(LABELS, *columns(rows[::-1]), ordered=True)
    assert backwards.per_label == scores.per_label
    assert (backwards.accuracy, backwards.macro_f1, backwards.ece, backwards.coverage_at_95) == pytest.approx(
        (scores.accuracy, scores.macro_f1, scores.ece, scores.coverage_at_95)
    )


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=200))
def test_confidence_never_falls_with_the_share_and_stays_between_0_and_100(
    titles: list[tuple[int, bool]],
) -> None:
    share = np.array([share for share, _ in titles], np.int64)
    right = np.array([is_right for _, is_right in titles], bool)
    confidence = calibrate(share, right)
    assert confidence.shape == (101,)
    assert (np.diff(confidence) >= 0).all()
    assert confidence.min() >= 0
    assert confidence.max() <= 100 * REAL_TITLES


@pytest.mark.parametrize(("of_ten", "share"), [(7, 900), (10, 400), (0, 900), (5, 500)])
def test_confidence_is_how_often_such_titles_were_right(of_ten: int, share: int) -> None:
    """A little below: titles that nobody curated are harder than those of a list."""
    right = np.arange(1000) % 10 < of_ten
    given_confidence = calibrate(np.full(1000, share), right)[share // 10]
    assert given_confidence == pytest.approx(10 * of_ten * REAL_TITLES, abs=2)


def test_few_titles_claim_little() -> None:
    assert calibrate(np.array([500]), np.array([True]))[50] < 90
    untaught = calibrate(np.empty(0, np.int64), np.empty(0, bool))
    assert np.abs(untaught - np.arange(101) * REAL_TITLES).max() <= 1, "without titles the share itself"
