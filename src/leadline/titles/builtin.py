"""What ships with Leadline beside the lexicon: a model that guesses by spelling, and calibration tables.

The model is fitted to the lexicon's own terms (`make builtin`), so it can tell "superintendant" and
"Vertriebler" although no list has them. The tables say how often each kind of evidence was right on
real titles; `docs/benchmarks.md` says which titles those were ("What the confidences were fitted to").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from leadline.titles.evidence import NO_RANK
from leadline.titles.lexicontext import concepts
from leadline.titles.linear import LinearModel
from leadline.titles.modelfile import load_model
from leadline.titles.trie import Bools, Ints

__all__ = ["BuiltIn", "load_builtin"]

#: Lower edges of the bins of evidence: hint, generic or late, field, occupation.
STRENGTH_BINS = (100, 190, 260)
#: Lower edges of the bins of the lead over the runner-up.
MARGIN_BINS = (10, 40, 120)


@dataclass(frozen=True)
class BuiltIn:
    """The spelling model (labels are roles) and the confidences, all integers 0–100.

    `role` is strength bins × margin bins; `rank` has one confidence per rank name; `no_rank` one for
    titles with a known function and one for those without.
    """

    model: LinearModel
    role: Ints
    rank: Ints
    no_rank: tuple[int, int]
    no_function: tuple[int, int]
    spelling: Ints
    spelling_threshold: int

    def role_confidence(self, best: Ints, runner_up: Ints) -> Ints:
        """The confidence of a role whose evidence is `best` and leads by `best - runner_up`."""
        strength = np.searchsorted(STRENGTH_BINS, best, side="right")
        margin = np.searchsorted(MARGIN_BINS, best - runner_up, side="right")
        return self.role[strength, margin]

    def spelling_confidence(self, share: Ints) -> Ints:
        """The confidence of a guess by spelling whose softmax share is `share` thousandths."""
        return self.spelling[np.minimum(share // 100, 9)]

    def none_confidence(self, has_words: Bools) -> Ints:
        """How sure it is that a title without any known function has none (with or without unknown words)."""
        return np.where(has_words, self.no_function[0], self.no_function[1])

    def seniority_confidence(self, rank: Ints, has_function: Bools) -> Ints:
        """The confidence of the level of `rank`, or of Mid-level where there is none."""
        none = np.where(has_function, self.no_rank[0], self.no_rank[1])
        return np.where(rank == NO_RANK, none, self.rank[rank])


def from_tables(model: LinearModel, tables: Mapping[str, Any]) -> BuiltIn:
    """The `BuiltIn` of a model and the calibration tables as they stand in the JSON file."""
    ranks = concepts()[1]
    return BuiltIn(
        model=model,
        role=np.array(tables["role"], np.int64),
        rank=np.array([tables["rank"][rank.name] for rank in ranks], np.int64),
        no_rank=tuple(tables["no_rank"]),
        no_function=tuple(tables["no_function"]),
        spelling=np.array(tables["spelling"], np.int64),
        spelling_threshold=int(tables["spelling_threshold"]),
    )


@lru_cache(maxsize=1)
def load_builtin() -> BuiltIn:
    """The model and the tables that ship with Leadline; loaded once per process."""
    folder = resources.files("leadline").joinpath("data/builtin")
    tables = json.loads(folder.joinpath("calibration.json").read_text("utf-8"))
    with folder.joinpath("spelling.npz").open("rb") as file:
        model, _ = load_model(file, source="the built-in model")
    return from_tables(model, tables)
