"""`leadline predict` and `leadline retrain`: the two buttons of people who don't write code.

They are what `make predict` and `make train` press: fixed files, fixed columns, and a last line that
says whether it worked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from leadline.cli.readable import readable
from leadline.core.errors import LeadlineError

__all__ = ["predict", "retrain"]

INPUT = Path("data/input.csv")
TRAINING = Path("data/training_data.csv")
REFERENCE = Path("data/title_reference.csv")
OUTPUT = Path("tagged_personas.csv")


def predict(
    input: Annotated[Path, typer.Option(help="CSV with Record ID and Job Title.")] = INPUT,
    output: Annotated[
        Path, typer.Option(help="CSV with Record ID, Job Title, Persona Segment, Confidence Score.")
    ] = OUTPUT,
    reference: Annotated[Path, typer.Option(help="Reference table; used if it is there.")] = REFERENCE,
    json_: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Tag every row of data/input.csv with a persona segment: tagged_personas.csv.

    Example: leadline predict --input data/input.csv
    """
    from leadline.cli import screen
    from leadline.engine.segments import tag_file

    try:
        rows = tag_file(input, output=output, reference=reference)
    except LeadlineError as error:
        _failed("❌ There was an error tagging the input file.", error, json_=json_)
    if json_:
        screen.print_json({"rows": rows, "output": str(output)})
    typer.echo(f"✅ {rows:,} rows were tagged: {output}", err=json_)


def retrain(
    training: Annotated[Path, typer.Option(help="CSV with Job Title and Persona Segment.")] = TRAINING,
    reference: Annotated[Path, typer.Option(help="Reference table; used if it is there.")] = REFERENCE,
    json_: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Learn the persona segments of data/training_data.csv; the new model is live at once.

    Example: leadline retrain --training data/training_data.csv
    """
    from leadline.cli import screen
    from leadline.cli.train import lesson_as_dict, show_lesson
    from leadline.engine.segments import learn_file

    try:
        lesson = learn_file(training, reference=reference, say=lambda text: typer.echo(text, err=True))
    except LeadlineError as error:
        _failed("❌ There was an error retraining the model.", error, json_=json_)
    if json_:
        screen.print_json(lesson_as_dict(lesson))
    else:
        show_lesson(lesson)
    typer.echo("✅ The model has been retrained.", err=json_)


def _failed(sentence: str, error: LeadlineError, *, json_: bool) -> NoReturn:
    """Ends with the sentence and the reason on one last line; as JSON it is the error as of every command."""
    if json_:
        raise error
    reason = readable(" ".join(str(error).split()))
    typer.echo(f"{sentence} {reason}")
    raise typer.Exit(error.exit_code) from error
