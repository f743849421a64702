"""Measures speed and memory: the whole command against a bare copy, scoring against two peers, start-up.

    make bench                      everything (about ten minutes; 20 million rows included)
    python benchmarks/speed.py --rows 1000000 --no-large

Needs ../shared/data for the titles. Files lie in a temporary folder and are removed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

import contacts
import results

BIN = Path(sys.executable).parent
LEADLINE = str(BIN / "leadline")
PAIRS = 5
#: Peers are trained on so many titles, labelled by Leadline itself: speed does not depend on labels.
PEER_TRAINING_TITLES = 20_000
PEER_ROUNDS = 3


@dataclass(frozen=True)
class Timing:
    """One finished process."""

    seconds: float
    peak_mb: float


def run(command: list[str]) -> Timing:
    """Runs `command` to its end; wall seconds and peak memory of the process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(command)}")
    return Timing(seconds, usage.ru_maxrss / 1024)


def whole_command(folder: Path, rows: int) -> dict[str, float]:
    """`leadline classify` and the bare copy in turns; medians, and the ratio pair by pair."""
    file = folder / f"{rows}.csv"
    distinct = contacts.write(file, rows=rows, titles=results.DATA / "titles/crm_unlabelled.csv")
    pairs = 1 if rows > 10_000_000 else PAIRS
    ours, bare = [], []
    for _ in range(pairs):
        bare.append(
            run(
                [
                    sys.executable,
                    str(Path(__file__).parent / "bare_copy.py"),
                    str(file),
                    str(folder / "copy.csv"),
                ]
            )
        )
        ours.append(run([LEADLINE, "classify", str(file), "--out", str(folder / "out")]))
        print(f"  {rows:,} rows: bare copy {bare[-1].seconds:.2f} s, classify {ours[-1].seconds:.2f} s")
    file.unlink()
    return {
        "rows": rows,
        "distinct_titles": distinct,
        "runs": pairs,
        "bare_copy_s": statistics.median(one.seconds for one in bare),
        "classify_s": statistics.median(one.seconds for one in ours),
        "ratio": statistics.median(a.seconds / b.seconds for a, b in zip(ours, bare, strict=True)),
        "peak_mb": max(one.peak_mb for one in ours),
        "bare_copy_peak_mb": max(one.peak_mb for one in bare),
    }


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def scoring(titles: pl.Series) -> dict[str, float]:
    """Titles per second, role and seniority together, of Leadline, fastText and scikit-learn, in turns.

    Leadline starts from raw titles each time, with nothing remembered of earlier rounds.
    """
    from leadline.core.workspace import Workspace
    from leadline.titles.classifier import Classifier, questions
    from leadline.titles.understanding import Understanding
    from leadline.titles.verdicts import ClassifyTitles

    asked = questions([], model=None, workspace=Workspace(Path("/nonexistent")))

    def leadline() -> pl.DataFrame:
        Understanding.shared.cache_clear()
        classifier = Classifier(asked)
        step = ClassifyTitles("title", classifier.deciders, understanding=classifier.understanding)
        started = time.perf_counter()
        verdicts = step.compute(titles.alias("title").to_frame())
        spent.append(time.perf_counter() - started)
        return verdicts

    spent: list[float] = []
    verdicts = leadline()
    labels = [
        verdicts[column].cast(pl.String).fill_null("Other").to_list() for column in verdicts.columns[::3][:2]
    ]
    texts = titles.to_list()
    fast, linear = fasttext_peer(texts, labels), sklearn_peer(texts, labels)
    rates: dict[str, list[float]] = {"leadline": [], "fasttext": [], "scikit_learn": []}
    for _ in range(PEER_ROUNDS):
        leadline()
        rates["leadline"].append(len(titles) / spent[-1])
        rates["fasttext"].append(len(titles) / timed(fast))
        rates["scikit_learn"].append(len(titles) / timed(linear))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    print("  titles/s:", {name: f"{rate:,.0f}" for name, rate in medians.items()})
    return {
        "titles": len(titles),
        **{f"{name}_per_s": rate for name, rate in medians.items()},
        "times_fasttext": medians["leadline"] / medians["fasttext"],
        "times_scikit_learn": medians["leadline"] / medians["scikit_learn"],
    }


def fasttext_peer(texts: list[str], labels: list[list[str]]) -> Callable[[], None]:
    """FastText supervised, word pairs and character n-grams, one model per facet."""
    import fasttext

    models = []
    for facet in labels:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            for text, label in list(zip(texts, facet, strict=True))[:PEER_TRAINING_TITLES]:
                file.write(f"__label__{label.replace(' ', '_')} {' '.join(text.lower().split())}\n")
            file.flush()
            models.append(fasttext.train_supervised(file.name, wordNgrams=2, minn=3, maxn=5, verbose=0))
    lines = [" ".join(text.lower().split()) + "\n" for text in texts]

    def work() -> None:
        for model in models:
            for line in lines:
                model.f.predict(line, 1, 0.0, "strict")

    return work


def sklearn_peer(texts: list[str], labels: list[list[str]]) -> Callable[[], None]:
    """scikit-learn's usual pipeline: character TF-IDF, logistic regression, one per facet, one batch."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    models = []
    for facet in labels:
        model = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), max_features=50_000),
            LogisticRegression(max_iter=10),
        )
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            models.append(model.fit(texts[:PEER_TRAINING_TITLES], facet[:PEER_TRAINING_TITLES]))

    def work() -> None:
        for model in models:
            model.predict(texts)

    return work


def start_up(folder: Path) -> dict[str, float]:
    """Medians of five starts: --help, import, ten rows."""
    ten = folder / "ten.csv"
    ten.write_text("Id,Job Title\n" + "".join(f"{i},VP of Sales {i}\n" for i in range(10)), encoding="utf-8")
    bare = [sys.executable, "-c", ""]
    commands = {
        "help_s": [LEADLINE, "--help"],
        "import_s": [sys.executable, "-c", "import leadline"],
        "python_s": bare,
        "ten_rows_s": [LEADLINE, "classify", str(ten), "--out", str(folder / "ten")],
    }
    return {
        name: statistics.median(run(command).seconds for _ in range(5)) for name, command in commands.items()
    }


def training(folder: Path) -> dict[str, float]:
    """Seconds of `leadline train` on the department titles, as a whole process."""
    departments = Path(__file__).parent / "taxonomies/departments.yml"
    os.environ["LEADLINE_HOME"] = str(folder)
    command = [
        LEADLINE,
        "train",
        str(results.DATA / "departments/train_department.csv"),
        "--facet",
        "department",
    ]
    timings = [run([*command, "--taxonomy", str(departments)]).seconds for _ in range(3)]
    return {"training_s": statistics.median(timings)}


def main() -> None:
    """Measures and writes everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--no-large", action="store_true", help="leave out the file of four times the rows")
    options = parser.parse_args()
    if not results.DATA.exists():
        raise SystemExit(f"The development data is not here ({results.DATA}); nothing was measured.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start, train = start_up(folder), training(folder)
        main_job = whole_command(folder, options.rows)
        large = {} if options.no_large else whole_command(folder, options.rows * 4)
    titles = distinct_titles()
    peers = scoring(titles)
    figures = {"command": main_job, "large": large, "scoring": peers, **start, **train}
    results.keep("speed", figures, page(figures))
    print(page(figures))


def distinct_titles() -> pl.Series:
    """About 250,000 distinct titles, as the benchmark file has them."""
    rng = np.random.default_rng(11)
    names, weights = contacts.titles_by_count(results.DATA / "titles/crm_unlabelled.csv")
    pool: npt.NDArray[np.object_] = np.array(names, dtype=object)
    drawn = contacts.varied(pool[rng.choice(len(pool), 4_500_000, p=weights)], rng)
    return pl.Series(drawn.tolist()).unique(maintain_order=True)


def page(figures: dict[str, dict[str, float]]) -> str:
    """The table of docs/benchmarks.md."""
    job, peers, large = figures["command"], figures["scoring"], figures["large"]
    lines: list[list[object]] = [
        [
            f"`leadline classify`, {job['rows']:,} contacts, {job['distinct_titles']:,} distinct titles",
            (
                f"{job['classify_s']:.1f} s; bare copy {job['bare_copy_s']:.1f} s: "
                f"**{job['ratio']:.2f}×** (median of {job['runs']} pairs)"
            ),
            "≤ 5×, aim 4×",
        ],
        [
            "peak memory",
            f"{job['peak_mb']:,.0f} MB (bare copy {job['bare_copy_peak_mb']:,.0f} MB)",
            "≤ 1,500 MB",
        ],
    ]
    if large:
        grown = large["peak_mb"] / job["peak_mb"]
        lines.append(
            [
                f"peak memory, {large['rows']:,} contacts",
                (
                    f"{large['peak_mb']:,.0f} MB: **{grown:.2f}×**; {large['classify_s']:.1f} s, "
                    f"{large['ratio']:.2f}× the bare copy"
                ),
                "≤ 1.5×",
            ]
        )
    lines += [
        [
            f"scoring {peers['titles']:,} distinct raw titles, role and seniority",
            (
                f"{peers['leadline_per_s']:,.0f}/s; "
                f"fastText {peers['fasttext_per_s']:,.0f}/s: **{peers['times_fasttext']:.1f}×**; "
                f"scikit-learn {peers['scikit_learn_per_s']:,.0f}/s: **{peers['times_scikit_learn']:.1f}×**"
            ),
            "≥ 3×, ≥ 15×",
        ],
        ["`leadline --help`", f"{figures['help_s']:.2f} s", "≤ 0.3 s"],
        [
            "`import leadline` (bare Python " + f"{figures['python_s']:.3f} s)",
            f"{figures['import_s']:.3f} s",
            "≤ 0.15 s",
        ],
        ["ten rows classified, from Enter to the files", f"{figures['ten_rows_s']:.2f} s", "≤ 1.5 s"],
        ["`leadline train`, 10,145 department titles", f"{figures['training_s']:.1f} s", "≤ 20 s"],
    ]
    return results.rows(["what", "measured", "target"], lines)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
