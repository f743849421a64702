"""Which function and which rank a title speaks of, by the lexicon alone.

A function's evidence is its strongest term: an occupation noun counts more than a field, a field
more than a hint; what stands in an earlier part of the title counts more than what stands later,
and within a part the last word counts most ("IT recruiting", "marketing analytics"). A rank's
evidence is its priority. All numbers are integers, so that every machine decides alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leadline.titles.analysis import Analysis
from leadline.titles.lexicon import Lexicon
from leadline.titles.lexicontext import KINDS
from leadline.titles.trie import Bools, Ints

__all__ = ["NO_RANK", "Evidence", "EvidenceReader"]

#: What a term of each kind counts (occupations have a weight of their own per function).
FIELD_WEIGHT = 200
HINT_WEIGHT = 60
#: An earlier part of a title counts more: "Head of Sales and Marketing" is sales first.
PART_PENALTY = 24
MAX_PARTS = 4
#: Within a part the later word is the head; a longer term says more.
POSITION_BONUS = 3
LENGTH_BONUS = 6
MAX_BONUS_WORDS = 5
#: From this priority up, a rank behind a preposition is somebody else's ("assistant to the director").
OTHERS_RANK_PRIORITY = 44
#: So is the work that is named with it; it counts only so much less.
SERVED_DIVISOR = 6
#: An assistant at the end of a position is one, whoever is named before ("project manager assistant").
FINAL_ASSISTANT_PRIORITY = 97
NO_RANK = -1

Scores = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Evidence:
    """What the lexicon found in `titles` titles.

    `functions` is titles × functions, 0 where a function has no evidence. `rank` is the number of the
    deciding rank or `NO_RANK`; `ranks` says for all ranks whether they occur (titles × ranks);
    `rank_starts` are the first tokens of the rank terms that counted.
    """

    functions: Scores
    rank: Ints
    ranks: npt.NDArray[np.bool_]
    rank_starts: Ints

    def take(self, rows: Ints) -> Evidence:
        """The evidence of the titles `rows`."""
        return Evidence(self.functions[rows], self.rank[rows], self.ranks[rows], self.rank_starts)


class EvidenceReader:
    """Reads the evidence of the lexicon's terms out of analyses."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._start = lexicon.meanings.start
        self._function, kind = np.divmod(lexicon.meanings.values, len(KINDS))
        occupation = np.array([function.occupation_weight for function in lexicon.functions], np.int64)
        self._weight = np.where(
            kind == 0, occupation[self._function], np.array([0, FIELD_WEIGHT, HINT_WEIGHT])[kind]
        )
        self._rank = lexicon.rank_of_term
        self._priority = np.array([rank.priority for rank in lexicon.ranks], np.int64)
        names = [rank.name for rank in lexicon.ranks]
        self._assistant = names.index("assistant")

    def __call__(self, analysis: Analysis) -> Evidence:
        """The evidence in `analysis`."""
        rank_row, rank, priority, rank_starts = self._rank_hits(analysis)
        row, function, weight = self._function_hits(analysis, self._served(analysis, rank_starts))
        functions = np.zeros((analysis.titles, len(self._lexicon.functions)), np.int16)
        np.maximum.at(functions.reshape(-1), row * functions.shape[1] + function, weight.astype(np.int16))
        best = np.full(analysis.titles, -1, np.int64)
        np.maximum.at(best, rank_row, priority * len(self._priority) + rank)
        ranks = np.zeros((analysis.titles, len(self._priority)), bool)
        ranks[rank_row, rank] = True
        return Evidence(
            functions=functions,
            rank=np.where(best >= 0, best % len(self._priority), NO_RANK),
            ranks=ranks,
            rank_starts=rank_starts,
        )

    def _served(self, analysis: Analysis, rank_starts: Ints) -> Bools:
        """Titles that speak of somebody else's rank: "secretary to the CFO" works for finance, not in it."""
        served = np.zeros(analysis.titles, bool)
        others = np.setdiff1d(analysis.ranks.start, rank_starts, assume_unique=True)
        served[analysis.row[others[~analysis.behind_at[others]]]] = True
        return served

    def _function_hits(self, analysis: Analysis, served: Bools) -> tuple[Ints, Ints, Ints]:
        found = analysis.functions
        inside = ~analysis.behind_at[found.start]
        start, length, term = found.start[inside], found.length[inside], found.term[inside]
        sizes = self._start[term + 1] - self._start[term]
        which = np.repeat(np.arange(len(term)), sizes)
        offsets = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        meaning = self._start[term][which] + offsets
        position = start - analysis.first_token[analysis.row[start]]
        bonus = (
            POSITION_BONUS * np.minimum(position, MAX_BONUS_WORDS)
            + LENGTH_BONUS * np.minimum(length - 1, MAX_BONUS_WORDS)
            - PART_PENALTY * np.minimum(analysis.part[start], MAX_PARTS)
        )
        others = served[analysis.row[start]] & analysis.behind_preposition[start]
        weight = (self._weight[meaning] + bonus[which]) // np.where(others, SERVED_DIVISOR, 1)[which]
        weight = np.maximum(weight, 1)
        return analysis.row[start][which], self._function[meaning], weight

    def _rank_hits(self, analysis: Analysis) -> tuple[Ints, Ints, Ints, Ints]:
        found = analysis.ranks
        rank = self._rank[found.term]
        priority = self._priority[rank]
        row = analysis.row[found.start]
        anything_before = found.start > analysis.first_token[row]
        others = (
            analysis.behind_preposition[found.start]
            & (priority >= OTHERS_RANK_PRIORITY)
            & (priority < FINAL_ASSISTANT_PRIORITY - 4)
            & anything_before
        )
        mine: Bools = ~others & ~analysis.behind_at[found.start]
        last = analysis.last_of_segment[found.start + found.length - 1]
        behind_rank = np.append(False, row[1:] == row[:-1]) & anything_before
        final = (rank == self._assistant) & last & behind_rank
        priority = np.where(final, FINAL_ASSISTANT_PRIORITY, priority)
        return row[mine], rank[mine], priority[mine], found.start[mine]
