"""A model on disk: one `.npz` of plain number arrays and a JSON text. Data, not code.

Loading refuses everything that is not a plain array (NumPy's object arrays would be pickles), checks
every shape, and runs nothing.
"""

from __future__ import annotations

import json
import lzma
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from leadline.core.errors import ModelFileError
from leadline.titles.features import BUCKETS
from leadline.titles.linear import LinearModel

__all__ = ["FORMAT", "load_model", "save_model"]

FORMAT = 1
MAX_MODEL_BYTES = 2 * 1024**3
_ARRAYS = ("bias", "word_weights", "pair_weights", "ngram_weights", "concept_weights")

#: What NumPy's and zip's readers raise on bytes that somebody or something changed.
_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    OverflowError,
    MemoryError,
)


def save_model(file: Path | IO[bytes], model: LinearModel, meta: Mapping[str, Any]) -> None:
    """Writes `model` and `meta` (JSON values) to `file`, weights in the fewest bytes that hold them."""
    index = {word: i for i, word in enumerate(model.words)}
    text = json.dumps(
        {
            "format": FORMAT,
            "labels": model.labels,
            "words": model.words,
            "concepts": model.concepts,
            "meta": dict(meta),
        },
        ensure_ascii=False,
        sort_keys=True,
    )
    arrays = {name: _smallest(getattr(model, name)) for name in _ARRAYS}
    pairs = np.array([(index[a], index[b]) for a, b in model.pairs], np.int32).reshape(-1, 2)
    np.savez_compressed(file, json=np.frombuffer(text.encode(), np.uint8), pairs=pairs, **arrays)  # type: ignore[arg-type]


def _smallest(weights: npt.NDArray[np.int32]) -> npt.NDArray[np.signedinteger[Any]]:
    fits = len(weights) == 0 or np.abs(weights).max() < 2**15
    return weights.astype(np.int16) if fits else weights


def load_model(file: Path | IO[bytes], *, source: str = "") -> tuple[LinearModel, dict[str, Any]]:
    """The model and its `meta` from `file`.

    Raises:
        ModelFileError: the file is missing, damaged, of another format, or holds objects instead of numbers.
    """
    source = source or str(file)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_MODEL_BYTES:
                raise ModelFileError(f"{source} would unpack to more than 2 GB; refused.")
        if not isinstance(file, Path):
            file.seek(0)
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if not all(isinstance(array, np.ndarray) and array.dtype.kind in "iu" for array in arrays.values()):
            raise ValueError("something else than whole numbers")
        return _assemble(arrays)
    except ModelFileError:
        raise
    except FileNotFoundError as error:
        raise ModelFileError(f"There is no model file {source}.") from error
    except _DAMAGE as error:
        raise ModelFileError(
            f"{source} is damaged or no Leadline model ({type(error).__name__}).",
            hint="Go back to another version ('leadline models rollback NAME') or train again.",
        ) from error


def _assemble(arrays: dict[str, npt.NDArray[Any]]) -> tuple[LinearModel, dict[str, Any]]:
    data = json.loads(arrays["json"].tobytes().decode())
    if data["format"] != FORMAT:
        raise ValueError("another format")
    labels, words, concepts = tuple(data["labels"]), tuple(data["words"]), tuple(data["concepts"])
    pairs = arrays["pairs"].reshape(-1, 2)
    if len(set(labels)) < len(labels) or (len(pairs) and not 0 <= pairs.min() <= pairs.max() < len(words)):
        raise ValueError("a label twice, or a pair of no words")
    if not labels or not all(isinstance(name, str) for names in (labels, words, concepts) for name in names):
        raise ValueError("names must be texts")
    rows = {
        "word_weights": len(words),
        "pair_weights": len(arrays["pairs"]),
        "ngram_weights": BUCKETS,
        "concept_weights": len(concepts),
    }
    for name, count in rows.items():
        if arrays[name].shape != (count, len(labels)):
            raise ValueError(f"wrong shape of {name}")
    weights = {name: arrays[name].astype(np.int32, casting="safe") for name in _ARRAYS}
    if weights["bias"].shape != (len(labels),):
        raise ValueError("wrong shape of bias")
    model = LinearModel(
        labels=labels,
        words=words,
        pairs=tuple((words[first], words[second]) for first, second in pairs.tolist()),
        concepts=concepts,
        **weights,
    )
    return model, dict(data["meta"])
