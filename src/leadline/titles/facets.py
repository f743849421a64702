"""Who decides a facet's label: a rule the user wrote, a trained model, or the built-in understanding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadline.titles.evidence import NO_RANK
from leadline.titles.keywords import ExactTitles, Keywords
from leadline.titles.linear import LinearModel, Scorer, soft_share
from leadline.titles.prototypes import prototype_model
from leadline.titles.taxonomy import Facet, Match
from leadline.titles.trie import Bools, Ints
from leadline.titles.understanding import BY_MODEL, BY_RULE, Guess, Reading, Understanding

__all__ = ["DECIDED_BY", "NO_LABEL", "FacetDecider", "Trace", "TrainedFacet"]

NO_LABEL = -1
#: How a layer's number reads in the column "… Decided By".
DECIDED_BY = {BY_RULE: "rule", BY_MODEL: "model"}
KEYWORD_CONFIDENCE = 95
EXAMPLE_CONFIDENCE = 98
#: What was never measured on the user's titles is never surer than this.
UNTRAINED_CONFIDENCE = 80
STRONG_FUNCTION = 150


@dataclass(frozen=True)
class TrainedFacet:
    """A model of a facet's labels; `confidence` maps softmax share (hundredths, 0–100) to confidence."""

    model: LinearModel
    confidence: Ints


class _ByModel:
    """The trained model decides; its confidence is calibrated on titles it had not seen."""

    def __init__(self, facet: Facet, trained: TrainedFacet, understanding: Understanding) -> None:
        self.scorer = Scorer(trained.model, understanding.analyser, understanding.concepts)
        self._label = np.array([facet.label_names.index(label) for label in trained.model.labels])
        self._confidence = trained.confidence

    def scores(self, reading: Reading) -> Ints:
        return self.scorer(reading.analysis, reading.evidence)

    def __call__(self, reading: Reading) -> Guess:
        scores = self.scores(reading)
        share = soft_share(scores)
        label = self._label[scores.argmax(axis=1)]
        return Guess(label, self._confidence[share // 10], np.full(len(label), BY_MODEL))


class _ByMatch:
    """The first label whose `match` holds, in terms of the built-in understanding."""

    def __init__(self, facet: Facet, understanding: Understanding) -> None:
        self._understanding = understanding
        self._rules = [(i, match) for i, label in enumerate(facet.labels) for match in label.match]
        self._kinds = {
            kind for _, match in self._rules for kind in Match.model_fields if getattr(match, kind)
        }
        self._table = self._role_table() if self._kinds <= {"role", "seniority"} else None

    def __bool__(self) -> bool:
        return bool(self._rules)

    @property
    def speaks_of(self) -> frozenset[str]:
        """The kinds of concepts that its rules name: role, seniority, function, rank."""
        return frozenset(self._kinds)

    def _role_table(self) -> Ints:
        """Roles × seniorities: the label that the rules give, where they speak of nothing else."""
        own = self._understanding
        table = np.full((len(own.roles), len(own.seniorities)), NO_LABEL)
        for index, match in reversed(self._rules):
            roles = [own.roles.index(role) for role in match.role] or list(range(len(own.roles)))
            levels = [own.seniorities.index(one) for one in match.seniority] or list(
                range(len(own.seniorities))
            )
            table[np.ix_(roles, levels)] = index
        return table

    def __call__(self, reading: Reading) -> Guess:
        titles = reading.analysis.titles
        if self._table is not None:
            label = self._table[reading.role.label, reading.seniority.label]
        else:
            label = np.full(titles, NO_LABEL)
            for index, match in reversed(self._rules):
                label[self._holds(match, reading)] = index
        confidence = np.full(titles, 100)
        layer = np.full(titles, BY_RULE)
        if self._kinds & {"role", "function"}:
            confidence = np.minimum(confidence, reading.role.confidence)
            layer = reading.role.layer
        if self._kinds & {"seniority", "rank"}:
            # Both must be right, and they err apart from each other.
            confidence = confidence * reading.seniority.confidence // 100
        return Guess(label, confidence, layer)

    def _holds(self, match: Match, reading: Reading) -> Bools:
        own = self._understanding
        holds = np.ones(reading.analysis.titles, bool)
        if match.role:
            holds &= np.isin(reading.role.label, [own.roles.index(role) for role in match.role])
        if match.seniority:
            wanted = [own.seniorities.index(seniority) for seniority in match.seniority]
            holds &= np.isin(reading.seniority.label, wanted)
        if match.function:
            names = [function.name for function in own.lexicon.functions]
            columns = [names.index(function) for function in match.function]
            holds &= (reading.evidence.functions[:, columns] >= STRONG_FUNCTION).any(axis=1)
        if match.rank:
            names = [rank.name for rank in own.lexicon.ranks]
            wanted = [names.index(rank) for rank in match.rank]
            holds &= np.isin(reading.evidence.rank, wanted) & (reading.evidence.rank != NO_RANK)
        return holds


class _ByPrototype:
    """The label whose name, examples and definition are nearest; never very sure."""

    def __init__(self, facet: Facet, understanding: Understanding) -> None:
        self.scorer = Scorer(
            prototype_model(facet, understanding), understanding.analyser, understanding.concepts
        )
        self._enough = facet.fallback is not None
        # A label with a `match` of its own is given by that alone.
        matched = [bool(facet.label(name).match) for name in facet.label_names]
        self._barred = np.where(matched, np.iinfo(np.int32).min // 2, 0)

    def scores(self, reading: Reading) -> Ints:
        scores: Ints = self.scorer(reading.analysis, reading.evidence) + self._barred
        return scores

    def __call__(self, reading: Reading) -> Guess:
        scores = self.scores(reading)
        label = scores.argmax(axis=1)
        confidence = np.minimum(soft_share(scores) // 10, UNTRAINED_CONFIDENCE)
        if not self._enough:
            label = np.where(scores.max(axis=1) > 0, label, NO_LABEL)
        return Guess(label, confidence, np.full(len(label), BY_MODEL))


def _needs_prototypes(facet: Facet) -> bool:
    """Whether a label has nothing but words to go by: no `match` anywhere, or none and no keywords here."""
    labels = [label for label in facet.labels if label.name != facet.fallback]
    ruled = any(label.match for label in labels)
    return not ruled or any(not label.match and not label.keywords for label in labels)


@dataclass(frozen=True)
class Trace:
    """Why one title got its label: the rule in words, or the scores of a model.

    `speaks_of` says which kinds of built-in concepts a `match` rested on.
    """

    guess: Guess
    rule: str
    scores: Ints | None = None
    model: LinearModel | None = None
    speaks_of: frozenset[str] = frozenset()


class FacetDecider:
    """Decides one facet for batches of titles."""

    def __init__(
        self, facet: Facet, understanding: Understanding, trained: TrainedFacet | None = None
    ) -> None:
        self.facet = facet
        self.labels = facet.label_names
        self._fallback = NO_LABEL if facet.fallback is None else self.labels.index(facet.fallback)
        self._keywords = Keywords(facet, understanding.analyser, understanding.lexicon)
        examples = [(text, index) for index, label in enumerate(facet.labels) for text in label.examples]
        self._examples = ExactTitles(examples, understanding.analyser)
        self.trained = trained
        self._match = _ByMatch(facet, understanding)
        self._model: _ByModel | _ByPrototype | None = None
        if trained is not None:
            self._model = _ByModel(facet, trained, understanding)
        elif _needs_prototypes(facet):
            self._model = _ByPrototype(facet, understanding)

    def __call__(self, reading: Reading) -> Guess:
        """The verdicts of `reading`'s titles; `NO_LABEL` where nothing fits and the facet has no fallback."""
        guess = self._without_rules(reading)
        label, confidence, layer = guess.label.copy(), guess.confidence.copy(), guess.layer.copy()
        none = label == NO_LABEL
        label[none] = self._fallback
        for rule, sure in ((self._keywords, KEYWORD_CONFIDENCE), (self._examples, EXAMPLE_CONFIDENCE)):
            found = rule(reading.analysis)
            hit = found != NO_LABEL
            label[hit], confidence[hit], layer[hit] = found[hit], sure, BY_RULE
        return Guess(label, confidence, layer)

    @property
    def score_labels(self) -> tuple[str, ...]:
        """The labels that the columns of `trace`'s scores stand for."""
        return self.labels if self._model is None else self._model.scorer.model.labels

    def trace(self, reading: Reading) -> Trace:
        """The verdicts on one title, with what they rest on."""
        guess = self(reading)
        if (self._examples(reading.analysis) != NO_LABEL).any():
            return Trace(guess, "an example of the taxonomy, word for word")
        if (self._keywords(reading.analysis) != NO_LABEL).any():
            return Trace(guess, "a keyword of the taxonomy")
        speaks_of = self._match.speaks_of
        if self._model is None or (
            self.trained is None and self._match and self._match(reading).label[0] >= 0
        ):
            by_spelling = bool(guess.layer[0] == BY_MODEL)
            matched = bool(self._match) and self._match(reading).label[0] != NO_LABEL
            rule = "the label's match in the taxonomy" if matched else "no label's match holds"
            return Trace(guess, f"{rule}, guessed by spelling" if by_spelling else rule, speaks_of=speaks_of)
        return Trace(guess, "", self._model.scores(reading), self._model.scorer.model)

    def _without_rules(self, reading: Reading) -> Guess:
        if self._model is None:
            return self._match(reading) if self._match else self._nothing(reading)
        if self.trained is not None or not self._match:
            return self._model(reading)
        matched, guessed = self._match(reading), self._model(reading)
        open_ = matched.label == NO_LABEL
        return Guess(
            np.where(open_, guessed.label, matched.label),
            np.where(open_, guessed.confidence, matched.confidence),
            np.where(open_, guessed.layer, matched.layer),
        )

    def _nothing(self, reading: Reading) -> Guess:
        titles = reading.analysis.titles
        return Guess(np.full(titles, NO_LABEL), np.full(titles, 100), np.full(titles, BY_RULE))
