"""A model file is data: nothing in it ever runs, and what is no model is refused with a `ModelFileError`."""

from __future__ import annotations

import io
import json
import os
import pickle
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadline.core.errors import InputError, ModelFileError
from leadline.titles.features import BUCKETS
from leadline.titles.linear import LinearModel, Scorer
from leadline.titles.modelfile import FORMAT, load_model, save_model
from leadline.titles.understanding import Understanding

WORDS = ("maker", "seller")
NAMES = {
    "format": FORMAT,
    "labels": ["A", "B"],
    "words": WORDS,
    "concepts": ["rank head"],
    "meta": {"confidence": [1]},
}
ARRAYS: dict[str, np.ndarray] = {
    "bias": np.array([1, -1], np.int16),
    "word_weights": np.array([[300, 0], [0, 300]], np.int16),
    "pairs": np.array([[0, 1]], np.int32),
    "pair_weights": np.array([[7, 8]], np.int16),
    "ngram_weights": np.zeros((BUCKETS, 2), np.int16),
    "concept_weights": np.array([[5, 6]], np.int16),
}
MODEL = LinearModel(
    labels=("A", "B"),
    bias=np.array([1, -1], np.int32),
    words=WORDS,
    word_weights=np.array([[300, 0], [0, 300]], np.int32),
    pairs=(("maker", "seller"),),
    pair_weights=np.array([[7, 8]], np.int32),
    ngram_weights=np.zeros((BUCKETS, 2), np.int32),
    concepts=("rank head",),
    concept_weights=np.array([[5, 6]], np.int32),
)


def written(*, names: object = NAMES, without: str = "", **arrays: np.ndarray) -> bytes:
    """A model file with some of its parts changed."""
    text = np.frombuffer(names if isinstance(names, bytes) else json.dumps(names).encode(), np.uint8)
    parts = {"json": text, **ARRAYS, **arrays}
    parts.pop(without, None)
    file = io.BytesIO()
    np.savez_compressed(file, **parts)  # type: ignore[arg-type]
    return file.getvalue()


def zipped(members: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of raw members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def loaded(content: bytes) -> LinearModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's, on headers of other versions
        return load_model(io.BytesIO(content), source="wild.npz")[0]


def same(one: LinearModel, other: LinearModel) -> bool:
    names = ("labels", "words", "pairs", "concepts")
    arrays = ("bias", "word_weights", "pair_weights", "ngram_weights", "concept_weights")
    return all(getattr(one, name) == getattr(other, name) for name in names) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


def test_a_model_that_is_written_and_read_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    save_model(file, MODEL, {"ünïcode": [1, {"a": None}]})
    model, meta = load_model(file)
    assert same(model, MODEL)
    assert meta == {"ünïcode": [1, {"a": None}]}
    assert same(loaded(written()), MODEL)


def test_weights_too_large_for_two_bytes_survive(tmp_path: Path) -> None:
    large = np.array([[2**31 - 1, -(2**31)], [40_000, -40_000]], np.int32)
    changed = replace(MODEL, word_weights=large)
    file = tmp_path / "model.npz"
    save_model(file, changed, {})
    assert np.array_equal(load_model(file)[0].word_weights, large)


class Crafted:
    """Unpickling one of these makes a file: the sign that code ran."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (os.makedirs, (str(self.sign), 0o777, True))


def objects(sign: Path) -> np.ndarray:
    array = np.empty(2, object)
    array[:] = [Crafted(sign), Crafted(sign)]
    return array


def as_npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize("part", ["json", *ARRAYS])
def test_an_array_of_objects_is_refused_and_runs_nothing(part: str, tmp_path: Path) -> None:
    sign = tmp_path / "code-ran"
    content = zipped(members(written()) | {f"{part}.npy": as_npy(objects(sign))})
    with pytest.raises(ModelFileError, match="wild.npz is damaged or no Leadline model"):
        loaded(content)
    assert not sign.exists()
    with np.load(io.BytesIO(content), allow_pickle=True) as stored:
        assert stored[part] is not None
    assert sign.exists(), "the trap itself must work, or the test shows nothing"


@pytest.mark.parametrize(
    "make", [pickle.dumps, lambda crafted: as_npy(objects(crafted.sign))], ids=["pickle", "npy"]
)
@pytest.mark.parametrize("before_a_model", [False, True])
def test_a_pickle_is_refused_and_runs_nothing(
    make: Callable[[Crafted], bytes], before_a_model: bool, tmp_path: Path
) -> None:
    sign = tmp_path / "code-ran"
    content = make(Crafted(sign)) + (written() if before_a_model else b"")
    with pytest.raises(ModelFileError):
        loaded(content)
    file = tmp_path / "model.npz"
    file.write_bytes(content)
    with pytest.raises(ModelFileError):
        load_model(file)
    assert not sign.exists()


def test_a_member_that_is_a_pickle_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    sign = tmp_path / "code-ran"
    for name in ("extra.npy", "extra", "json.npy"):
        with pytest.raises(ModelFileError):
            loaded(zipped(members(written()) | {name: pickle.dumps(Crafted(sign))}))
        assert not sign.exists()


def npy(header: bytes, body: bytes = b"") -> bytes:
    """A file of NumPy's format, whatever its header says."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + body


def declared(shape: str, descr: str = "<i2") -> bytes:
    return npy(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode(), b"\x00" * 16)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        written()[:-1],
        written()[: len(written()) // 2],
        zipped({}),
        zipped({"readme.txt": b"hello"}),
        *(written(without=part) for part in ("json", *ARRAYS)),
        # what the JSON says
        written(names=b"{"),
        written(names=b"\xff\xfe"),
        written(names=b"[" * 100_000),
        written(names=[]),
        written(names="text"),
        written(names=NAMES | {"format": FORMAT + 1}),
        written(names=NAMES | {"format": None}),
        written(names=NAMES | {"labels": []}),
        written(names=NAMES | {"labels": ["A", 2]}),
        written(names=NAMES | {"labels": None}),
        written(names=NAMES | {"words": ["maker"]}),
        written(names=NAMES | {"words": [["maker"], ["seller"]]}),
        written(names=NAMES | {"meta": 5}),
        written(names={"format": FORMAT}),
        # shapes and types
        written(bias=np.array([1], np.int16)),
        written(bias=np.array([[1, 2]], np.int16)),
        written(bias=np.array(1, np.int16)),
        written(bias=np.array([1.5, 2.5])),
        written(bias=np.array([1, 2], np.int64)),
        written(bias=np.array(["a", "b"])),
        written(word_weights=np.zeros((3, 2), np.int16)),
        written(word_weights=np.zeros((2, 3), np.int16)),
        written(word_weights=np.zeros((2, 2, 1), np.int16)),
        written(word_weights=np.zeros((2, 2), np.complex64)),
        written(ngram_weights=np.zeros((BUCKETS - 1, 2), np.int16)),
        written(concept_weights=np.zeros((2, 2), np.int16)),
        written(pairs=np.array([[0, 2]], np.int32)),
        written(pairs=np.array([[0, 1, 1]], np.int32)),
        written(pairs=np.array([0], np.int32)),
        written(pairs=np.array([[0.0, 1.0]])),
        written(pairs=np.array([["a", "b"]])),
        # fewer rows than names: the model would fail when it is applied
        pytest.param(written(word_weights=np.zeros((0, 2), np.int16)), id="no word weights"),
        pytest.param(written(ngram_weights=np.zeros((0, 2), np.int16)), id="no n-gram weights"),
        pytest.param(written(pair_weights=np.zeros((0, 2), np.int16)), id="no pair weights"),
        pytest.param(written(concept_weights=np.zeros((0, 2), np.int16)), id="no concept weights"),
        pytest.param(written(pairs=np.array([[0, -1]], np.int32)), id="a pair counted from the end"),
        pytest.param(written(names=NAMES | {"labels": ["A", "A"]}), id="a label twice"),
        # members that are no arrays at all
        pytest.param(zipped({"json": b"{}"}), id="bytes for JSON"),
        pytest.param(zipped(members(written()) | {"bias.npy": b"hello"}), id="bytes for the bias"),
        # sizes that nobody has room for
        *(
            pytest.param(zipped(members(written()) | {"bias.npy": declared(shape)}), id=f"declares {shape}")
            for shape in (
                "(-1,)",
                "(10**6,)",
                "(99999999999999,)",
                "(99999999999999, 99999999999999)",
                "('a',)",
                "2",
            )
        ),
        pytest.param(
            zipped(members(written()) | {"bias.npy": declared("(2,)", "|O")}), id="declares objects"
        ),
        pytest.param(
            zipped(members(written()) | {"bias.npy": declared("(2,)", "<V9999999999")}), id="declares void"
        ),
        pytest.param(zipped(members(written()) | {"bias.npy": npy(b"((((")}), id="a header of brackets"),
        pytest.param(
            zipped(members(written()) | {"bias.npy": npy(b"__import__('os').mkdir('x')")}),
            id="a header of code",
        ),
    ],
)
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError, match="wild.npz") as caught:
        loaded(content)
    assert caught.value.exit_code == 2


def test_a_file_that_would_unpack_to_more_than_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "bomb.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("bias.npy", "w", force_zip64=True) as member:
            member.write(b"\x00" * 1024)
        archive.infolist()[0].file_size = 3 * 1024**3
    with pytest.raises(ModelFileError, match="would unpack to more than 2 GB; refused"):
        load_model(file)


def test_a_file_that_is_not_there_or_a_folder_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="There is no model file .*nowhere.npz"):
        load_model(tmp_path / "nowhere.npz")
    with pytest.raises(ModelFileError, match="damaged or no Leadline model"):
        load_model(tmp_path)
    assert issubclass(ModelFileError, InputError)


GOOD = written()


def refused_or_usable(content: bytes) -> None:
    """Loads `content`, and where it is accepted applies the model: that must not fail either."""
    try:
        model = loaded(content)
    except ModelFileError:
        return
    understanding = Understanding.shared()
    reading = understanding.read(pl.Series(["Head Maker", "maker seller", "xyz"]))
    scores = Scorer(model, understanding.analyser, understanding.concepts)(reading.analysis, reading.evidence)
    assert scores.shape == (3, len(model.labels))


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda end: GOOD[:200] + end))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError):
        loaded(content)


@given(st.integers(0, len(GOOD) - 1))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ModelFileError):
        loaded(GOOD[:length])


@settings(max_examples=200)
@example(flips=[(920, 0)])  # in the header of an array
@example(flips=[(6, 0)])  # "encrypted"
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 7)), min_size=1, max_size=4))
def test_a_file_with_flipped_bits_is_refused_or_a_usable_model(flips: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for place, bit in flips:
        content[place] ^= 1 << bit
    refused_or_usable(bytes(content))


@example("bias", b"(")
@given(st.sampled_from(list(ARRAYS)), st.binary(max_size=80))
def test_an_array_with_any_header_is_refused_or_makes_a_usable_model(part: str, header: bytes) -> None:
    refused_or_usable(
        zipped(members(GOOD) | {f"{part}.npy": npy(header, b"\x01" * 32)}, compression=zipfile.ZIP_STORED)
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(list(NAMES)), JSON)
def test_any_json_is_refused_or_makes_a_usable_model(key: str, value: object) -> None:
    refused_or_usable(written(names=NAMES | {key: value}))
