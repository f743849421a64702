"""Measures accuracy on the development sets, with bootstrap intervals, beside the published results.

    make accuracy                   trains the two models of the department task and evaluates everything

Needs ../shared/data. `departments/dev.csv` is never trained on.
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

import results
from leadline.core.workspace import Workspace
from leadline.engine.learning import TrainJob, train_file
from leadline.titles.classifier import Classifier, questions
from leadline.titles.metrics import Scores, score
from leadline.titles.understanding import Understanding
from leadline.titles.verdicts import ClassifyTitles

TAXONOMIES = Path(__file__).parent / "taxonomies"
TABLE = results.ROOT / "tests/data/multilingual_titles.csv"
SEVEN = ("en", "de", "fr", "es", "pt", "it", "nl")
RESAMPLES = 1000
#: ../shared/data/README.md: accuracy / macro-F1 on 623 hand-labelled CV titles, which are not here.
PUBLISHED = [
    ("substring rules", ".603 / .449", ".537 / .426"),
    ("TF-IDF + logistic regression", ".685 / .612", ".645 / .571"),
    ("embedding prototypes", ".698 / .601", ".600 / .527"),
    ("XLM-RoBERTa fine-tuned", ".689 / .637", ".652 / .584"),
    ("Gemini 2.0 Flash, prompted", ".796 / .734", ".584 / .540"),
]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """One facet on one set: the figures, and 95% intervals by resampling rows."""

    name: str
    scores: Scores
    accuracy_range: tuple[float, float]
    f1_range: tuple[float, float]
    ece_if_perfect: float

    def as_dict(self) -> dict[str, object]:
        """Plain values."""
        one = self.scores
        return {
            "rows": one.rows,
            "accuracy": one.accuracy,
            "accuracy_95": self.accuracy_range,
            "macro_f1": one.macro_f1,
            "macro_f1_95": self.f1_range,
            "ece": one.ece,
            "ece_of_a_perfect_confidence": self.ece_if_perfect,
            "coverage_at_95": one.coverage_at_95,
            "mae": one.mae,
        }

    def line(self) -> list[object]:
        """A row of the page's table."""
        one = self.scores
        return [
            self.name,
            one.rows,
            f"{one.accuracy:.3f} ({self.accuracy_range[0]:.3f}–{self.accuracy_range[1]:.3f})",
            f"{one.macro_f1:.3f} ({self.f1_range[0]:.3f}–{self.f1_range[1]:.3f})",
            f"{one.ece:.3f} ({self.ece_if_perfect:.3f})",
            f"{one.coverage_at_95:.0%}",
            "" if one.mae is None else f"{one.mae:.2f}",
        ]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def measure(
    name: str, rows: list[dict[str, str]], *, column: str, facet: str, taxonomy: str, workspace: Workspace
) -> Measured:
    """Classifies the rows' titles and compares with `column`."""
    question = next(
        one for one in questions([taxonomy], model=None, workspace=workspace) if one.facet.name == facet
    )
    classifier = Classifier([question])
    step = ClassifyTitles("title", classifier.deciders, understanding=classifier.understanding)
    verdicts = step.compute(pl.DataFrame({"title": [row["title"] for row in rows]}))
    label, confidence, _ = step.columns[0]
    names = question.facet.label_names
    index = {one: i for i, one in enumerate(names)}
    given = verdicts["skip_reason"].is_null().to_numpy()
    predicted = np.array([index.get(one or "", -1) for one in verdicts[label].cast(pl.String).to_list()])
    predicted = np.where(given, predicted, -1)
    sure = np.where(predicted >= 0, verdicts[confidence].fill_null(0).to_numpy().astype(np.int64), 0)
    actual = np.array([index[row[column]] for row in rows])
    scores = score(names, actual, predicted, sure, ordered=question.facet.ordered)
    accuracies, f1s = resampled(names, actual, predicted, sure)
    return Measured(name, scores, interval(accuracies), interval(f1s), perfect_ece(names, sure))


def resampled(
    names: tuple[str, ...], actual: Ints, predicted: Ints, sure: Ints
) -> tuple[list[float], list[float]]:
    """Accuracy and macro-F1 of so many resamples of the rows."""
    rng = np.random.default_rng(0)
    accuracies, f1s = [], []
    for _ in range(RESAMPLES):
        take = rng.integers(0, len(actual), len(actual))
        one = score(names, actual[take], predicted[take], sure[take])
        accuracies.append(one.accuracy)
        f1s.append(one.macro_f1)
    return accuracies, f1s


def interval(values: list[float]) -> tuple[float, float]:
    """The middle 95%."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def perfect_ece(names: tuple[str, ...], sure: Ints) -> float:
    """The mean ECE here if every confidence were exactly the chance to be right: sampling noise."""
    rng = np.random.default_rng(0)
    zeros = np.zeros(len(sure), np.int64)
    draws = [
        score(names, zeros, np.where(rng.random(len(sure)) * 100 < sure, 0, -1), sure).ece for _ in range(200)
    ]
    return float(np.mean(draws))


def department_task(workspace: Workspace) -> list[Measured]:
    """Trains on the two lists and the pseudo-labelled titles, and on the lists alone; evaluates on dev."""
    source = results.DATA / "departments"
    dev, guessed = rows_of(source / "dev.csv"), rows_of(source / "pseudo_labelled.csv")
    out: list[Measured] = []
    for facet, file, taxonomy in (
        ("department", "train_department.csv", "departments"),
        ("seniority", "train_seniority.csv", "seniorities"),
    ):
        path = str(TAXONOMIES / f"{taxonomy}.yml")
        out.append(
            measure(
                f"{facet}, not trained", dev, column=facet, facet=facet, taxonomy=path, workspace=workspace
            )
        )
        rows = rows_of(source / file)
        for name, more in (("trained on the list", []), ("trained on list + pseudo-labelled", guessed)):
            together = [(row["title"], row["label"]) for row in rows] + [
                (row["title"], row[facet]) for row in more
            ]
            labelled = workspace.root / f"{facet}.csv"
            with labelled.open("w", encoding="utf-8", newline="") as out_file:
                csv.writer(out_file).writerows([("title", "label"), *together])
            train_file(
                TrainJob(
                    labelled=labelled, facets={facet: None}, taxonomy=path, promote=True, workspace=workspace
                )
            )
            out.append(
                measure(
                    f"{facet}, {name}", dev, column=facet, facet=facet, taxonomy=path, workspace=workspace
                )
            )
            print(out[-1].line())
    return out


def level_sets(workspace: Workspace) -> list[Measured]:
    """The job-level and company-role sets, with taxonomies that were written for them and not trained."""
    folder = results.DATA / "levels"
    sets = (
        ("joblevel_dev: level, not trained", "joblevel_dev.csv", "top_level", "level", "joblevels"),
        ("rootstrap_dev: level, not trained", "rootstrap_dev.csv", "level", "level", "companyroles"),
        ("rootstrap_dev: area, not trained", "rootstrap_dev.csv", "area", "area", "companyroles"),
    )
    return [
        measure(
            name,
            rows_of(folder / file),
            column=column,
            facet=facet,
            taxonomy=str(TAXONOMIES / f"{taxonomy}.yml"),
            workspace=workspace,
        )
        for name, file, column, facet, taxonomy in sets
    ]


def languages() -> tuple[dict[str, list[float]], str]:
    """Share right of the hand-written table, per language: role, seniority, both."""
    rows = rows_of(TABLE)
    import leadline

    table = leadline.classify([row["title"] for row in rows])
    role = np.array([a == row["role"] for a, row in zip(table["Role"].to_list(), rows, strict=True)])
    level = np.array(
        [a == row["seniority"] for a, row in zip(table["Seniority"].to_list(), rows, strict=True)]
    )
    language = np.array([row["language"] for row in rows])
    groups = {"the seven": np.isin(language, SEVEN)} | {
        name: language == name for name in dict.fromkeys(language.tolist())
    }
    shares = {
        name: [
            int(where.sum()),
            float(role[where].mean()),
            float(level[where].mean()),
            float((role & level)[where].mean()),
        ]
        for name, where in groups.items()
    }
    lines: list[list[object]] = [
        [name, int(count), f"{a:.1%}", f"{b:.1%}", f"{c:.1%}"] for name, (count, a, b, c) in shares.items()
    ]
    return shares, results.rows(["language", "titles", "role right", "seniority right", "both right"], lines)


def coverage() -> dict[str, float]:
    """Of the CRM titles, by count: in how many the lexicon knows a role, a level or its absence, both."""
    rows = rows_of(results.DATA / "titles/crm_unlabelled.csv")
    count = np.array([int(row["n"]) for row in rows])
    evidence = Understanding.shared().read(pl.Series([row["title"] for row in rows])).evidence
    role = evidence.functions.max(axis=1) > 0
    firm = evidence.functions.max(axis=1) >= 100
    rank = evidence.rank >= 0
    share = {
        "role": role,
        "role_beyond_a_hint": firm,
        "rank": rank,
        "rank_or_evident_absence": rank | role,
        "both": role & rank,
    }
    return {name: float(count[where].sum() / count.sum()) for name, where in share.items()}


def main() -> None:
    """Measures and writes everything."""
    if not results.DATA.exists():
        raise SystemExit(f"The development data is not here ({results.DATA}); nothing was measured.")
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name))
        measured = [*department_task(workspace), *level_sets(workspace)]
        shares, language_table = languages()
    known = coverage()
    header = [
        "set and facet",
        "rows",
        "accuracy (95%)",
        "macro-F1 (95%)",
        "ECE (of a perfect confidence)",
        "coverage at 95%",
        "MAE",
    ]
    published = results.rows(
        ["published, on 623 other CV titles", "department", "seniority"], [list(row) for row in PUBLISHED]
    )
    covered = results.rows(
        ["of 128,408 CRM contacts, the lexicon knows", "share"],
        [
            ["a role", f"{known['role']:.1%}"],
            ["a role by more than a hint", f"{known['role_beyond_a_hint']:.1%}"],
            ["a level", f"{known['rank']:.1%}"],
            [
                "a level, or its evident absence (a known role and no level)",
                f"{known['rank_or_evident_absence']:.1%}",
            ],
            ["both a role and a level", f"{known['both']:.1%}"],
        ],
    )
    page = "\n\n".join(
        [results.rows(header, [one.line() for one in measured]), published, language_table, covered]
    )
    figures = {"sets": {one.name: one.as_dict() for one in measured}, "languages": shares, "coverage": known}
    results.keep("accuracy", figures, page)
    print(page)


if __name__ == "__main__":
    main()
