"""Why a title got its labels: the words that decided, the runners-up, the layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from leadline.titles.classifier import Classifier
from leadline.titles.facets import DECIDED_BY, NO_LABEL, FacetDecider, Trace
from leadline.titles.linear import SCALE, LinearModel
from leadline.titles.reference import Reference
from leadline.titles.spelling import BREAK
from leadline.titles.trie import Ints
from leadline.titles.understanding import Reading

__all__ = ["Explanation", "FacetExplanation", "TermFound", "explain_title"]

SHOWN_REASONS = 6
SHOWN_RUNNERS_UP = 3
#: A weight below this is nothing to show.
LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class TermFound:
    """A term of the lexicon in the title: what it means, and whether it counted."""

    words: str
    meaning: str
    counted: bool


@dataclass(frozen=True, slots=True)
class FacetExplanation:
    """One facet's verdict.

    `reasons` are (what, weight): evidence of the lexicon, or log-odds of a model; comparable within a
    facet only. `runners_up` are (label, strength): a model's share in percent; for a `match` the other
    roles by their evidence in percent of the strongest, the other levels by priority.
    """

    facet: str
    label: str
    confidence: int
    decided_by: str
    rule: str
    reasons: tuple[tuple[str, float], ...]
    runners_up: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that was understood of one title."""

    title: str
    standardised: str
    normalised: str
    terms: tuple[TermFound, ...]
    facets: tuple[FacetExplanation, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def explain_title(title: str, classifier: Classifier, *, reference: Reference | None = None) -> Explanation:
    """The explanation of `title` on all facets of `classifier`."""
    standard = reference.apply(pl.Series([title]))[0] if reference is not None else title
    reading = classifier.understanding.read(pl.Series([standard], dtype=pl.String))
    words = [classifier.understanding.analyser.words[token] for token in reading.analysis.token.tolist()]
    shown = words[:-1] if words and words[-1] == BREAK else words
    return Explanation(
        title=title,
        standardised=standard,
        normalised=" ".join(shown),
        terms=_terms(reading, words),
        facets=tuple(_facet(decider, reading) for decider in classifier.deciders),
    )


def _terms(reading: Reading, words: Sequence[str]) -> tuple[TermFound, ...]:
    lexicon = reading.understanding.lexicon
    out: list[tuple[int, TermFound]] = []
    found = reading.analysis.functions
    behind_at = reading.analysis.behind_at
    for start, length, term in zip(found.start, found.length, found.term, strict=True):
        text = " ".join(words[start : start + length])
        for function, kind in lexicon.meanings_of(int(term)):
            meaning = f"{function.name} ({kind})"
            out.append((int(start), TermFound(text, meaning, not behind_at[start])))
    kept = set(reading.evidence.rank_starts.tolist())
    for start, length, term in zip(
        reading.analysis.ranks.start, reading.analysis.ranks.length, reading.analysis.ranks.term, strict=True
    ):
        rank = lexicon.ranks[lexicon.rank_of_term[term]]
        text = " ".join(words[start : start + length])
        out.append((int(start), TermFound(text, f"rank {rank.name}", int(start) in kept)))
    return tuple(term for _, term in sorted(out, key=lambda pair: pair[0]))


def _facet(decider: FacetDecider, reading: Reading) -> FacetExplanation:
    trace = decider.trace(reading)
    number = int(trace.guess.label[0])
    label = "" if number == NO_LABEL else decider.labels[number]
    if trace.model is not None and trace.scores is not None:
        reasons = _model_reasons(trace.model, reading, label)
        runners_up = _runners_up(decider.score_labels, trace.scores[0], label)
    else:
        reasons, others = _concept_reasons(trace, reading, label)
        runners_up = tuple(one for one in others if one[0] in decider.labels)
    return FacetExplanation(
        facet=decider.facet.column,
        label=label,
        confidence=int(trace.guess.confidence[0]),
        decided_by=DECIDED_BY[int(trace.guess.layer[0])],
        rule=trace.rule,
        reasons=reasons,
        runners_up=runners_up,
    )


def _runners_up(labels: Sequence[str], scores: Ints, label: str) -> tuple[tuple[str, int], ...]:
    """The labels behind `label`, with their softmax share in percent."""
    share = np.exp((scores - scores.max()) / SCALE)
    percent = np.rint(100 * share / share.sum()).astype(int)
    ordered = [(labels[i], int(percent[i])) for i in np.argsort(-scores, kind="stable").tolist()]
    return tuple(one for one in ordered if one[0] != label and one[1] > 0)[:SHOWN_RUNNERS_UP]


def _concept_reasons(
    trace: Trace, reading: Reading, label: str
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, int], ...]]:
    """The functions and ranks that a `match` rested on; runners-up are the other roles, or levels."""
    own, evidence = reading.understanding, reading.evidence
    reasons: list[tuple[str, float]] = []
    others: dict[str, int] = {}
    if trace.speaks_of & {"role", "function"}:
        found = [
            (int(w), f) for w, f in zip(evidence.functions[0], own.lexicon.functions, strict=True) if w > 0
        ]
        found.sort(key=lambda pair: -pair[0])
        strongest = found[0][0] if found else 1
        for weight, function in found:
            reasons.append((f"function {function.name} ({function.role})", float(weight)))
            others.setdefault(function.role, round(100 * weight / strongest))
        if not found:
            spelled = own.spelling_scores(reading)[0]
            return _model_reasons(own.spelling_model, reading, label), _runners_up(own.roles, spelled, label)
    if trace.speaks_of & {"seniority", "rank"}:
        present = [rank for rank, there in zip(own.lexicon.ranks, evidence.ranks[0], strict=True) if there]
        for rank in sorted(present, key=lambda rank: -rank.priority):
            reasons.append((f"rank {rank.name} ({rank.seniority})", float(rank.priority)))
            others.setdefault(rank.seniority, rank.priority)
    behind = [(name, weight) for name, weight in others.items() if name != label]
    return tuple(reasons[:SHOWN_REASONS]), tuple(behind[:SHOWN_RUNNERS_UP])


def _model_reasons(model: LinearModel, reading: Reading, label: str) -> tuple[tuple[str, float], ...]:
    """What pulled towards `label`, against the mean of all labels, strongest first."""
    if label not in model.labels:
        return ()
    column = model.labels.index(label)
    words = reading.understanding.analyser.words
    used = dict.fromkeys(words[t] for t in reading.analysis.token[reading.analysis.is_word].tolist())
    rows = model.word_rows(list(used)).astype(float)
    reasons = [
        (f"word “{word}”", (row[column] - row.mean()) / SCALE) for word, row in zip(used, rows, strict=True)
    ]
    has = reading.understanding.concepts.matrix(reading.evidence)[0]
    index = {name: i for i, name in enumerate(model.concepts)}
    for name, present in zip(reading.understanding.concepts.names, has, strict=True):
        if present and name in index:
            row = model.concept_weights[index[name]].astype(float)
            reasons.append((name, (row[column] - row.mean()) / SCALE))
    strongest = sorted(reasons, key=lambda reason: -abs(reason[1]))[:SHOWN_REASONS]
    return tuple((what, round(weight, 2)) for what, weight in strongest if abs(weight) >= LEAST_WEIGHT)
