"""Fits the built-in spelling model to the lexicon's own terms and writes it into the package data.

Run after the lexicon changed: `make builtin`. A test says when that was forgotten.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from leadline.titles.analysis import Analyser
from leadline.titles.evidence import EvidenceReader
from leadline.titles.features import Concepts
from leadline.titles.fitting import design_matrix, fit
from leadline.titles.lexicon import COMPILED, compile_lexicon, load_lexicon, save_compiled
from leadline.titles.lexicontext import digest
from leadline.titles.modelfile import save_model
from leadline.titles.understanding import Understanding

PACKAGE = Path(__file__).parent.parent / "src/leadline"
TARGET = PACKAGE / "data/builtin/spelling.npz"


class _Bare(Understanding):
    """An understanding without the model that is about to be made."""

    def __init__(self) -> None:
        self.lexicon = load_lexicon()
        self.analyser = Analyser(self.lexicon)
        self.concepts = Concepts(self.lexicon)
        self._read_evidence = EvidenceReader(self.lexicon)


def main() -> None:
    """Every occupation and field term is an example of its function's role; hints are not."""
    save_compiled(compile_lexicon(), PACKAGE / COMPILED)
    understanding = _Bare()
    lexicon = understanding.lexicon
    roles = understanding.concepts.roles
    titles, label = [], []
    for number, term in enumerate(lexicon.function_terms):
        for function, kind in lexicon.meanings_of(number):
            if kind != "hint":
                titles.append(lexicon.text_of(term))
                label.append(roles.index(function.role))
    design = design_matrix(pl.Series(titles), understanding, concepts=False)
    labels = np.array(label)
    count = np.bincount(labels, minlength=len(roles))
    weight = np.sqrt(count.mean() / np.maximum(count, 1))[labels]
    model = fit(design, np.arange(len(titles)), labels, weight, roles, regularisation=8.0)
    TARGET.parent.mkdir(exist_ok=True)
    save_model(TARGET, model, {"lexicon": digest(), "examples": len(titles)})
    print(f"{len(titles):,} terms, {TARGET.stat().st_size:,} bytes: {TARGET.name}")


if __name__ == "__main__":
    main()
