"""The step that classifies: title in; label, confidence and who decided out, per facet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources

import numpy as np
import polars as pl

from leadline.titles.analysis import Analysis
from leadline.titles.facets import DECIDED_BY, NO_LABEL, FacetDecider
from leadline.titles.keywords import ExactTitles
from leadline.titles.reference import Reference
from leadline.titles.trie import Bools
from leadline.titles.understanding import Guess, Understanding

__all__ = ["FITS_NO_LABEL", "NOT_SURE", "NO_TITLE", "ClassifyTitles"]

NO_TITLE = "no job title"
FITS_NO_LABEL = "fits no label"
NOT_SURE = "not sure enough"
#: Titles analysed at a time: few enough for the arrays to stay in the processor's cache.
CHUNK_TITLES = 40_000
DECIDED_BY_VALUES = pl.Enum(["person", "rule", "model", "llm", FITS_NO_LABEL, NOT_SURE])


def _placeholders() -> list[str]:
    lines = resources.files("leadline").joinpath("data/filters/no_titles.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class ClassifyTitles:
    """Classifies job titles on all facets of the given deciders at once.

    reads: the title column; adds for each facet the label, the confidence (0–100) and who decided.
    A title that holds no letter, or a placeholder such as "n/a", is skipped; so is one that gets no
    label on any facet.
    """

    name = "titles"
    #: run.json says how many distinct titles there were.
    remember = True

    def __init__(
        self,
        title_column: str,
        deciders: Sequence[FacetDecider],
        *,
        understanding: Understanding,
        reference: Reference | None = None,
        min_confidence: int = 0,
        columns: Sequence[tuple[str, str, str]] | None = None,
    ) -> None:
        self.reads = (title_column,)
        self._deciders = tuple(deciders)
        self._understanding = understanding
        self._reference = reference
        self._placeholders = ExactTitles([(text, 0) for text in _placeholders()], understanding.analyser)
        self._min_confidence = min_confidence
        facets = [decider.facet for decider in self._deciders]
        self.columns = tuple(
            columns or [(f.column, f.confidence_column, f.decided_by_column) for f in facets]
        )
        self._labels = [pl.Enum(decider.labels) for decider in self._deciders]
        names = "|".join(",".join(decider.labels) for decider in self._deciders)
        self.version = hashlib.sha256(names.encode()).hexdigest()[:12]

    @property
    def adds(self) -> Mapping[str, pl.DataType]:
        """Three columns per facet."""
        out: dict[str, pl.DataType] = {}
        for (label, confidence, decided), labels in zip(self.columns, self._labels, strict=True):
            out |= {label: labels, confidence: pl.UInt8(), decided: DECIDED_BY_VALUES}
        return out

    def compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """The verdicts on the distinct titles."""
        titles = distinct[self.reads[0]].cast(pl.String)
        parts = [self._compute(part) for part in titles.to_frame().iter_slices(CHUNK_TITLES)]
        return pl.concat(parts) if parts else self._compute(titles.to_frame())

    def _compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        raw = distinct[self.reads[0]].fill_null("")
        titles = raw if self._reference is None else self._reference.apply(raw)
        reading = self._understanding.read(titles)
        usable = self._usable(reading.analysis)
        columns: dict[str, pl.Series] = {}
        labelled = np.zeros(len(titles), bool)
        unsure = np.zeros(len(titles), bool)
        for decider, names, labels in zip(self._deciders, self.columns, self._labels, strict=True):
            guess = decider(reading)
            sure = guess.confidence >= self._min_confidence
            columns |= _verdict_columns(guess, sure, names, labels)
            labelled |= sure & (guess.label != NO_LABEL)
            unsure |= ~sure & (guess.label != NO_LABEL)
        reason = (
            pl.when(~pl.Series(usable))
            .then(pl.lit(NO_TITLE))
            .when(pl.Series(labelled))
            .then(None)
            .when(pl.Series(unsure))
            .then(pl.lit(NOT_SURE))
            .otherwise(pl.lit(FITS_NO_LABEL))
        )
        return pl.DataFrame(columns).with_columns(skip_reason=reason)

    def _usable(self, analysis: Analysis) -> Bools:
        """Which titles have a word with a letter and are no placeholder such as "n/a"."""
        usable = np.zeros(analysis.titles, bool)
        usable[analysis.row[analysis.letters]] = True
        usable &= self._placeholders(analysis) == NO_LABEL
        return usable


def _verdict_columns(
    guess: Guess, sure: Bools, names: tuple[str, str, str], labels: pl.Enum
) -> dict[str, pl.Series]:
    """Label, confidence and decider of one facet; no label where none fits or it is not sure enough."""
    given = pl.Series(sure & (guess.label != NO_LABEL))
    physical = pl.Series(np.where(guess.label == NO_LABEL, 0, guess.label).astype(np.uint32))
    values = pl.Series(labels.categories)[physical].cast(labels)
    layers = DECIDED_BY_VALUES.categories.to_list()
    code = np.array([layers.index(DECIDED_BY.get(layer, "rule")) for layer in range(4)])[guess.layer]
    code = np.where(
        guess.label == NO_LABEL, layers.index(FITS_NO_LABEL), np.where(sure, code, layers.index(NOT_SURE))
    )
    label, confidence, decided = names
    frame = pl.DataFrame(
        {
            label: values,
            confidence: pl.Series(guess.confidence.astype(np.uint8)),
            decided: pl.Series(layers)[pl.Series(code.astype(np.uint32))].cast(DECIDED_BY_VALUES),
            "given": given,
        }
    ).with_columns(
        pl.when("given").then(label).alias(label),
        pl.when("given").then(confidence).alias(confidence),
    )
    return {name: frame[name] for name in names}
