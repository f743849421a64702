"""What a linear model sees of a title: words, word pairs, character n-grams, the lexicon's concepts.

The concepts are what carries over to titles that no training list has: "responsable des achats" and
"Leiter Einkauf" share no word and no n-gram, but both are purchasing and lead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from leadline.titles.analysis import Analysis
from leadline.titles.evidence import NO_RANK, Evidence
from leadline.titles.lexicon import Lexicon
from leadline.titles.trie import Bools, Ints

__all__ = ["BUCKETS", "Concepts", "ngram_buckets", "word_pairs"]

#: Character n-grams are hashed into so many rows; a power of two.
BUCKETS = 1 << 15
NGRAM_SIZES = (3, 4, 5)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_STRONG = 100


def ngram_buckets(words: Sequence[str]) -> tuple[Ints, Ints]:
    """The n-grams of "<word>" for all `words`: (index of the word, bucket), parallel arrays."""
    if not words:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    text = "".join(f"<{word}>" for word in words)
    code = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(words)), [len(word) + 2 for word in words])
    owners: list[Ints] = []
    buckets: list[Ints] = []
    value = code.copy()
    for size in range(2, max(NGRAM_SIZES) + 1):
        value = value[:-1] * _MULTIPLIER + code[size - 1 :]
        if size in NGRAM_SIZES:
            inside = owner[: len(value)] == owner[size - 1 :]
            mixed = (value[inside] ^ (value[inside] >> np.uint64(29))) * _MULTIPLIER
            buckets.append((mixed >> np.uint64(64 - BUCKETS.bit_length() + 1)).astype(np.int64))
            owners.append(owner[: len(value)][inside])
    return np.concatenate(owners), np.concatenate(buckets)


def word_pairs(analysis: Analysis, words: Ints) -> tuple[Ints, Ints]:
    """Neighbours among `words` (indices of tokens) within one position: indices into `words`."""
    position = analysis.position[words]
    together = np.flatnonzero(position[:-1] == position[1:])
    return together, together + 1


class Concepts:
    """The concept features, by name, so that a model survives a lexicon that learned something new."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        functions = [function.name for function in lexicon.functions]
        ranks = [rank.name for rank in lexicon.ranks]
        self.roles = list(dict.fromkeys(function.role for function in lexicon.functions))
        self._role_of = np.array([self.roles.index(f.role) for f in lexicon.functions])
        self.names: list[str] = [
            *(f"function {name}" for name in functions),
            *(f"main function {name}" for name in functions),
            *(f"main role {name}" for name in self.roles),
            "no function",
            *(f"has rank {name}" for name in ranks),
            *(f"rank {name}" for name in ranks),
            "no rank",
        ]

    def matrix(self, evidence: Evidence) -> Bools:
        """Titles × `names`: which concepts each title has."""
        functions = evidence.functions
        titles = len(functions)
        rows = np.arange(titles)
        best = functions.argmax(axis=1)
        known = functions[rows, best] > 0
        main = np.zeros((titles, functions.shape[1]), bool)
        main[rows[known], best[known]] = True
        role = np.zeros((titles, len(self.roles)), bool)
        role[rows[known], self._role_of[best[known]]] = True
        ranked = evidence.rank != NO_RANK
        rank = np.zeros_like(evidence.ranks)
        rank[rows[ranked], evidence.rank[ranked]] = True
        return np.hstack(
            [functions >= _STRONG, main, role, ~known[:, None], evidence.ranks, rank, ~ranked[:, None]]
        )


Weights = npt.NDArray[np.int32]
