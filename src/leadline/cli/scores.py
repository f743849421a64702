"""The figures of a facet, for people: shared by `train`, `evaluate` and `models show`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["show_scores"]

SHOWN_CONFUSIONS = 8


def show_scores(scores: Mapping[str, Any]) -> None:
    """Figures, per-label table and worst confusions of one facet (the dictionary of `Scores`)."""
    from leadline.cli import screen

    screen.out.print(
        f"[bold]{scores['accuracy']:.1%}[/bold] right of {scores['rows']:,} · "
        f"macro-F1 {scores['macro_f1']:.3f} · "
        f"calibration error {scores['ece']:.3f} · at 95% precision {scores['coverage_at_95']:.0%} of rows"
        + (f" · mean distance {scores['mae']:.2f} steps" if scores.get("mae") is not None else "")
    )
    rows = [
        (
            one["label"],
            f"{one['precision']:.0%}",
            f"{one['recall']:.0%}",
            f"{one['f1']:.2f}",
            f"{one['support']:,}",
        )
        for one in scores["per_label"]
    ]
    screen.shares(rows, ("label", "precision", "recall", "F1", "titles"))
    worst = scores["confusion"][:SHOWN_CONFUSIONS]
    if worst:
        screen.titled("Worst confusions")
        screen.shares(
            [(one["actual"], one["predicted"] or "(skipped)", one["count"]) for one in worst],
            ("is", "was called", "titles"),
        )
