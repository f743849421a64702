"""How good verdicts are: accuracy, macro-F1, calibration, coverage at a precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from leadline.titles.trie import Ints

__all__ = ["Confusion", "LabelScore", "Scores", "score"]

ECE_BINS = 15
COVERAGE_PRECISION = 0.95

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label: share of its verdicts that are right, share of its titles that were found."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """`count` titles that are `actual` were called `predicted` (empty: skipped)."""

    actual: str
    predicted: str
    count: int


@dataclass(frozen=True)
class Scores:
    """The figures of one facet. Shares are between 0 and 1; `mae` is in steps of the scale."""

    rows: int
    accuracy: float
    macro_f1: float
    per_label: tuple[LabelScore, ...]
    confusion: tuple[Confusion, ...]
    ece: float
    coverage_at_95: float
    mae: float | None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def score(
    labels: Sequence[str], actual: Ints, predicted: Ints, confidence: Ints, *, ordered: bool = False
) -> Scores:
    """The figures for `predicted` (−1: skipped, which counts as wrong) against `actual`.

    `confidence` is 0–100. Macro-F1 is the mean over all `labels`; labels that neither occur nor are
    predicted are left out of the mean. ECE has 15 bins of equal mass (Nixon et al. 2019).
    """
    right = actual == predicted
    per_label = tuple(_label_score(i, name, actual, predicted) for i, name in enumerate(labels))
    seen = [one.f1 for one in per_label if one.support or one.predicted]
    given = predicted >= 0
    return Scores(
        rows=len(actual),
        accuracy=float(right.mean()) if len(right) else 0.0,
        macro_f1=float(np.mean(seen)) if seen else 0.0,
        per_label=per_label,
        confusion=_confusions(labels, actual, predicted),
        ece=_ece(right, confidence),
        coverage_at_95=_coverage(right, np.where(given, confidence, -1)),
        mae=float(np.abs(actual - predicted)[given].mean()) if ordered and given.any() else None,
    )


def _label_score(index: int, name: str, actual: Ints, predicted: Ints) -> LabelScore:
    both = int(((actual == index) & (predicted == index)).sum())
    support, called = int((actual == index).sum()), int((predicted == index).sum())
    precision = both / called if called else 0.0
    recall = both / support if support else 0.0
    f1 = 2 * both / (support + called) if support + called else 0.0
    return LabelScore(name, precision, recall, f1, support, called)


def _confusions(labels: Sequence[str], actual: Ints, predicted: Ints) -> tuple[Confusion, ...]:
    wrong = actual != predicted
    pairs, counts = np.unique(np.stack([actual[wrong], predicted[wrong]]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple(
        Confusion(labels[pairs[0, i]], labels[pairs[1, i]] if pairs[1, i] >= 0 else "", int(counts[i]))
        for i in order.tolist()
    )


def _ece(right: Bools, confidence: Ints) -> float:
    """Mean distance between confidence and share of right verdicts over bins of equal mass.

    Rows of equal confidence are never parted, so there may be fewer bins.
    """
    if not len(right):
        return 0.0
    edges = np.unique(np.quantile(confidence, np.arange(1, ECE_BINS) / ECE_BINS, method="higher"))
    bins = np.searchsorted(edges, confidence, side="left")
    gaps = [
        abs(right[bins == b].mean() - confidence[bins == b].mean() / 100) * int((bins == b).sum())
        for b in np.unique(bins)
    ]
    return float(sum(gaps) / len(right))


def _coverage(right: Bools, confidence: Ints) -> float:
    """The largest share of rows kept by a threshold on confidence at which 95% of the kept are right."""
    best = 0.0
    for threshold in np.unique(confidence[confidence >= 0]).tolist():
        kept = confidence >= threshold
        if right[kept].mean() >= COVERAGE_PRECISION:
            best = max(best, float(kept.mean()))
    return best
