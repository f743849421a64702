"""`leadline evaluate`: how good the labels are, on a file where people gave the right ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["evaluate"]


def evaluate(
    labelled: Annotated[Path, typer.Argument(help="CSV or Excel file with titles and their right labels.")],
    facet: Annotated[str, typer.Option("--facet", "-f", help="The facet, NAME or NAME=COLUMN.")],
    model: Annotated[str | None, typer.Option(help="A trained model, NAME or NAME@VERSION.")] = None,
    taxonomy: Annotated[
        str | None,
        typer.Option("--taxonomy", "-t", help="The label set; default: the model's, else default."),
    ] = None,
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
    from leadline.cli.scores import show_scores
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
