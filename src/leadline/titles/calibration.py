"""Turns a model's softmax share into a confidence that means something: how often such verdicts are right."""

from __future__ import annotations

import numpy as np

from leadline.titles.fitting import Floats
from leadline.titles.metrics import Bools
from leadline.titles.trie import Ints

__all__ = ["calibrate"]

#: So many imaginary titles pull each bin towards the identity, so that few examples claim little.
PRIOR_TITLES = 4.0
#: A list cannot show how often people disagree about titles that nobody curated. On the hand-labelled
#: CV titles of the department task (docs/benchmarks.md) verdicts earned this share of what lists promised.
REAL_TITLES = 0.92


def calibrate(share: Ints, right: Bools) -> Ints:
    """Confidences (0–92) for shares of 0, 1, …, 100 hundredths; never falling.

    `share` is in thousandths, from titles the model had not seen. Isotonic regression (pool adjacent
    violators) on 101 bins.
    """
    bins = np.clip(share // 10, 0, 100)
    total = np.bincount(bins, minlength=101) + PRIOR_TITLES / 10
    hits = (
        np.bincount(bins, right.astype(np.float64), minlength=101) + PRIOR_TITLES / 10 * np.arange(101) / 100
    )
    level = _pool((hits / total).astype(np.float64), total.astype(np.float64))
    return np.clip(np.rint(level * 100 * REAL_TITLES), 0, 99).astype(np.int64)


def _pool(value: Floats, weight: Floats) -> Floats:
    """Pool adjacent violators: the nearest never-falling sequence by weighted least squares."""
    blocks: list[list[float]] = []
    for one, mass in zip(value.tolist(), weight.tolist(), strict=True):
        blocks.append([one, mass, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last = blocks.pop()
            mean = (blocks[-1][0] * blocks[-1][1] + last[0] * last[1]) / (blocks[-1][1] + last[1])
            blocks[-1] = [mean, blocks[-1][1] + last[1], blocks[-1][2] + last[2]]
    return np.concatenate([np.full(int(size), mean) for mean, _, size in blocks])
