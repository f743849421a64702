"""The built-in understanding of titles: role and seniority in the words of the `default` taxonomy.

Every facet stands on it: a user's `match` rules speak of these roles and seniorities, and a trained
model has the lexicon's concepts among its features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from leadline.titles.analysis import Analyser, Analysis
from leadline.titles.builtin import BuiltIn, load_builtin
from leadline.titles.evidence import NO_RANK, Evidence, EvidenceReader
from leadline.titles.features import Concepts
from leadline.titles.lexicon import Lexicon, load_lexicon
from leadline.titles.linear import LinearModel, Scorer, soft_share
from leadline.titles.trie import Ints

__all__ = ["BY_MODEL", "BY_RULE", "Guess", "Reading", "Understanding"]

BY_RULE, BY_MODEL = 1, 2


@dataclass(frozen=True)
class Guess:
    """For each title the index of a label, a confidence 0–100, and the layer that decided."""

    label: Ints
    confidence: Ints
    layer: Ints


@dataclass(frozen=True)
class Reading:
    """What was understood of a batch of titles; `role` and `seniority` are made when first asked for."""

    analysis: Analysis
    evidence: Evidence
    understanding: Understanding

    @cached_property
    def role(self) -> Guess:
        """Indices into `Understanding.roles`."""
        return self.understanding.guess_role(self)

    @cached_property
    def seniority(self) -> Guess:
        """Indices into `Understanding.seniorities`."""
        return self.understanding.guess_seniority(self)


class Understanding:
    """Reads titles with the lexicon; where that knows no function, a small model guesses by spelling."""

    def __init__(self, lexicon: Lexicon, builtin: BuiltIn) -> None:
        self.lexicon = lexicon
        self.analyser = Analyser(lexicon)
        self.concepts = Concepts(lexicon)
        self._read_evidence = EvidenceReader(lexicon)
        self._builtin = builtin
        self._spelling = Scorer(builtin.model, self.analyser, self.concepts)
        self.roles = tuple(self.concepts.roles)
        self.seniorities = tuple(dict.fromkeys(rank.seniority for rank in lexicon.ranks))
        self._role_of = np.array([self.roles.index(f.role) for f in lexicon.functions])
        self._seniority_of = np.array([self.seniorities.index(r.seniority) for r in lexicon.ranks])
        self._model_role = np.array([self.roles.index(label) for label in builtin.model.labels])

    @classmethod
    @lru_cache(maxsize=1)
    def shared(cls) -> Understanding:
        """The one of this process, with the lexicon and the model that ship with Leadline."""
        return cls(load_lexicon(), load_builtin())

    def read(self, titles: pl.Series) -> Reading:
        """The reading of `titles` (String, no nulls)."""
        self.analyser.forget_if_full()
        analysis = self.analyser(titles)
        return Reading(analysis, self._read_evidence(analysis), self)

    def role_scores(self, evidence: Evidence) -> Ints:
        """Titles × roles: the strongest evidence of any of the role's functions."""
        scores = np.zeros((len(evidence.functions), len(self.roles)), np.int16)
        for function, role in enumerate(self._role_of):
            np.maximum(scores[:, role], evidence.functions[:, function], out=scores[:, role])
        return scores.astype(np.int64)

    def guess_role(self, reading: Reading) -> Guess:
        """The role with the strongest evidence; see `BuiltIn` for where confidence comes from."""
        scores = self.role_scores(reading.evidence)
        rows = np.arange(len(scores))
        label = scores.argmax(axis=1)
        best = scores[rows, label]
        runner_up = np.where(np.arange(scores.shape[1]) == label[:, None], 0, scores).max(axis=1)
        confidence = self._builtin.role_confidence(best, runner_up)
        layer = np.full(len(scores), BY_RULE)
        self._guess_by_spelling(reading, np.flatnonzero(best == 0), label, confidence, layer)
        return Guess(label, confidence, layer)

    @property
    def spelling_model(self) -> LinearModel:
        """The model that guesses a role where the lexicon knows no function."""
        return self._builtin.model

    def spelling_scores(self, reading: Reading, rows: Ints | None = None) -> Ints:
        """Titles × roles: what the spelling model gives to the titles `rows` (default: all)."""
        scores = self._spelling(reading.analysis, reading.evidence, rows=rows)
        out = np.full((len(scores), len(self.roles)), np.iinfo(np.int32).min // 2, np.int64)
        out[:, self._model_role] = scores
        return out

    def _guess_by_spelling(
        self, reading: Reading, unknown: Ints, label: Ints, confidence: Ints, layer: Ints
    ) -> None:
        if not len(unknown):
            return
        analysis = reading.analysis
        scores = self.spelling_scores(reading, unknown)
        share = soft_share(scores)
        unread = analysis.is_word & ~analysis.is_ranked
        words = np.bincount(analysis.row[unread], minlength=analysis.titles)[unknown]
        sure = (share >= self._builtin.spelling_threshold) & (words > 0)
        label[unknown] = np.where(sure, scores.argmax(axis=1), self.roles.index("Other"))
        confidence[unknown] = np.where(
            sure, self._builtin.spelling_confidence(share), self._builtin.none_confidence(words > 0)
        )
        layer[unknown] = np.where(sure, BY_MODEL, BY_RULE)

    def guess_seniority(self, reading: Reading) -> Guess:
        """The level of the deciding rank; an ordinary title without any rank is Mid-level."""
        rank = reading.evidence.rank
        ranked = rank != NO_RANK
        label = np.where(ranked, self._seniority_of[rank], self.seniorities.index("Mid-level"))
        has_function = reading.evidence.functions.max(axis=1) > 0
        confidence = self._builtin.seniority_confidence(rank, has_function)
        return Guess(label, confidence, np.full(len(rank), BY_RULE))
