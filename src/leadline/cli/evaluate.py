"""`leadline evaluate`: how good the labels are, on a file where people gave the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["evaluate", "show_scores"]

SHOWN_CONFUSIONS = 8


def evaluate(
    labelled: Annotated[Path, typer.Argument(help="CSV or Excel file with titles and their right labels.")],
    facet: Annotated[str, typer.Option("--facet", "-f", help="The facet, NAME or NAME=COLUMN.")],
    model: Annotated[str | None, typer.Option(help="A trained model, NAME or NAME@VERSION.")] = None,
    taxonomy: Annotated[str | None, typer.Option("--taxonomy", "-t", help="The label set; default: default.")] = None,
    title_column: Annotated[str | None, typer.Option(help="The column of job titles.")] = None,
    label_column: Annotated[str | None, typer.Option(help="The column of labels.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Reference table applied to titles first.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure labels against those of people: accuracy, macro-F1, calibration, confusions.

    Example: leadline evaluate checked.csv --facet role --label-column "Right Role"
    """
    from rich.markup import escape

    from leadline.cli import screen
    from leadline.cli.train import facet_columns
    from leadline.engine.learning import evaluate_file

    name, column = next(iter(facet_columns([facet], label_column).items()))
    result = evaluate_file(
        labelled,
        facet=name,
        column=column,
        taxonomy=taxonomy,
        model=model,
        title_column=title_column,
        reference=reference,
    )
    for note in result.notes:
        typer.echo(note, err=True)
    if json_:
        screen.print_json(result.as_dict())
        return
    if result.strange:
        shown = ", ".join(f"{label} ({count})" for label, count in list(result.strange.items())[:8])
        screen.out.print(f"[yellow]Labels outside the taxonomy, left out: {escape(shown)}[/yellow]")
    by = f"model {result.question.model.title}" if result.question.model else "no trained model"
    screen.out.print(f"{escape(result.question.taxonomy.name)}, facet {escape(name)}, {by}")
    show_scores(result.scores.as_dict())
    if result.skipped:
        screen.out.print(f"{result.skipped:,} rows got no label and count as wrong.")


def show_scores(scores: Mapping[str, Any]) -> None:
    """Figures, per-label table and worst confusions of one facet (the dictionary of `Scores`)."""
    from leadline.cli import screen

    screen.out.print(
        f"[bold]{scores['accuracy']:.1%}[/bold] right of {scores['rows']:,} · macro-F1 {scores['macro_f1']:.3f} · "
        f"calibration error {scores['ece']:.3f} · at 95% precision {scores['coverage_at_95']:.0%} of rows"
        + (f" · mean distance {scores['mae']:.2f} steps" if scores.get("mae") is not None else "")
    )
    rows = [
        (one["label"], f"{one['precision']:.0%}", f"{one['recall']:.0%}", f"{one['f1']:.2f}", f"{one['support']:,}")
        for one in scores["per_label"]
    ]
    screen.shares(rows, ("label", "precision", "recall", "F1", "titles"))
    worst = scores["confusion"][:SHOWN_CONFUSIONS]
    if worst:
        screen.titled("Worst confusions")
        screen.shares([(one["actual"], one["predicted"] or "(skipped)", one["count"]) for one in worst], ("is", "was called", "titles"))
