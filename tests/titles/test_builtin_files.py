"""What ships compiled belongs to the text that ships with it."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.titles.builtin import BuiltIn, load_builtin
from leadline.titles.lexicon import Lexicon, compile_lexicon, load_lexicon
from leadline.titles.lexicontext import digest
from leadline.titles.modelfile import load_model

BUILTIN = resources.files("leadline").joinpath("data/builtin")
FORGOTTEN = "The lexicon's text changed since: run 'make builtin' and commit what it writes."


def test_the_compiled_lexicon_is_made_of_the_present_text() -> None:
    with BUILTIN.joinpath("lexicon.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
        compiled = json.loads(stored["json"].tobytes().decode())
    assert compiled["digest"] == digest(), FORGOTTEN


def test_the_spelling_model_is_fitted_to_the_present_text() -> None:
    with BUILTIN.joinpath("spelling.npz").open("rb") as file:
        _, meta = load_model(file, source="spelling.npz")
    assert meta["lexicon"] == digest(), FORGOTTEN


def test_the_lexicon_that_is_loaded_is_the_one_that_its_text_compiles_to() -> None:
    loaded, fresh = load_lexicon(), compile_lexicon()
    for name in ("words", "heads", "articles", "prepositions", "conjunctions", "at"):
        assert getattr(loaded, name) == getattr(fresh, name), f"{name}. {FORGOTTEN}"
    for name in ("function_terms", "meanings", "rank_terms"):
        assert list(getattr(loaded, name)) == list(getattr(fresh, name)), f"{name}. {FORGOTTEN}"
    assert loaded.rank_of_term.tolist() == fresh.rank_of_term.tolist()
    assert _terms_found(loaded) == _terms_found(fresh)


def _terms_found(lexicon: Lexicon) -> list[list[int]]:
    """What both tries find in the terms of the ranks, one after the other."""
    text = lexicon.rank_terms.values
    return [lexicon.function_trie.find(text).term.tolist(), lexicon.rank_trie.find(text).term.tolist()]


@pytest.fixture(scope="module")
def builtin() -> BuiltIn:
    return load_builtin()


def test_every_confidence_that_ships_is_between_0_and_100(builtin: BuiltIn) -> None:
    tables = (builtin.role, builtin.rank, builtin.spelling, builtin.no_rank, builtin.no_function)
    for table in tables:
        assert np.asarray(table).min() >= 0
        assert np.asarray(table).max() <= 100
    assert builtin.rank.shape == (len(load_lexicon().ranks),)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 1000))
def test_every_strength_margin_and_share_has_a_confidence(best: int, behind: int, share: int) -> None:
    builtin = load_builtin()
    confidence = builtin.role_confidence(np.array([best]), np.array([max(best - behind, 0)]))
    assert 0 <= int(confidence[0]) <= 100
    assert 0 <= int(builtin.spelling_confidence(np.array([share]))[0]) <= 100


def test_the_spelling_model_knows_only_roles_of_the_default_taxonomy(builtin: BuiltIn) -> None:
    assert set(builtin.model.labels) == {function.role for function in load_lexicon().functions}
