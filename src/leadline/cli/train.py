"""`leadline train`: your own labels, from a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from leadline.engine.learning import Lesson

#: Below this many titles a comparison is chance.
FEW_TITLES = 50

__all__ = ["facet_columns", "lesson_as_dict", "show_lesson", "train"]


def facet_columns(facets: list[str], label_column: str | None) -> dict[str, str | None]:
    """`role=Job Role` → {"role": "Job Role"}; a facet without a column takes `label_column`."""
    out: dict[str, str | None] = {}
    for facet in facets:
        name, equals, column = facet.partition("=")
        out[name.strip()] = column.strip() if equals else label_column
    return out


def train(
    labelled: Annotated[Path, typer.Argument(help="CSV or Excel file with titles and their labels.")],
    facet: Annotated[
        list[str],
        typer.Option("--facet", "-f", help="The facet to learn, NAME or NAME=COLUMN; repeat for several."),
    ],
    taxonomy: Annotated[
        str | None,
        typer.Option("--taxonomy", "-t", help="The label set; without it the labels are the file's."),
    ] = None,
    title_column: Annotated[str | None, typer.Option(help="The column of job titles.")] = None,
    label_column: Annotated[
        str | None, typer.Option(help="The column of labels; default: named as the facet, or 'label'.")
    ] = None,
    unlabelled: Annotated[Path | None, typer.Option(help="More titles, without labels, that help.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Reference table applied to titles first.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the model; default: the taxonomy's.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Teach your own labels from a list of labelled titles.

    The first version of a model is live at once; a later one waits for 'leadline models promote'.

    Example: leadline train labelled.csv --facet persona="Persona Segment" --name personas
    """
    from leadline.cli import screen
    from leadline.engine.learning import TrainJob, train_file

    job = TrainJob(
        labelled=labelled,
        facets=facet_columns(facet, label_column),
        taxonomy=taxonomy,
        title_column=title_column,
        unlabelled=unlabelled,
        reference=reference,
        name=name,
    )
    lesson = train_file(job, say=lambda text: typer.echo(text, err=True))
    if json_:
        screen.print_json(lesson_as_dict(lesson))
    else:
        show_lesson(lesson)


def lesson_as_dict(lesson: Lesson) -> dict[str, Any]:
    """The report of a training, for machines."""
    return {
        "model": lesson.version.title,
        "live": lesson.version.live,
        "facets": {name: scores.as_dict() for name, scores in lesson.scores.items()},
        "notes": lesson.notes,
    }


def show_lesson(lesson: Lesson) -> None:
    """The report of a training, for people."""
    from rich.markup import escape

    from leadline.cli import screen
    from leadline.cli.scores import show_scores

    for note in lesson.notes:
        screen.out.print(f"[yellow]{escape(note)}[/yellow]")
    for name, scores in lesson.scores.items():
        screen.titled(f"{name}, cross-validated (titles the model had not seen)")
        show_scores(scores.as_dict())
    if lesson.before is not None and not lesson.version.live:
        screen.titled(f"Against the live version {lesson.before.version}")
        old = lesson.before.report()
        rows = [
            (
                name,
                f"{old[name]['accuracy']:.1%}" if name in old else "–",
                f"{scores.accuracy:.1%}",
                f"{old[name]['macro_f1']:.3f}" if name in old else "–",
                f"{scores.macro_f1:.3f}",
                lesson.flips.get(name, 0),
            )
            for name, scores in lesson.scores.items()
        ]
        screen.shares(
            rows, ("facet", "accuracy now", "new", "macro-F1 now", "new", "titles of the list that flip")
        )
        if min(scores.rows for scores in lesson.scores.values()) < FEW_TITLES:
            screen.out.print(f"[yellow]Fewer than {FEW_TITLES} titles: these figures say little.[/yellow]")
        screen.out.print(f"To make it live: [bold]leadline models promote {lesson.version.title}[/bold]")
    else:
        screen.out.print(f"\nModel [bold]{lesson.version.title}[/bold] is live.")
