"""`leadline init`: a folder to work in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["init"]

ENV_SAMPLE = """\
# Copy this file to .env and fill in what you use. Nothing here is needed to classify with the built-in model.

# The folder you work in; default: the current one.
#LEADLINE_HOME=
"""


def init(
    folder: Annotated[Path, typer.Argument(help="The folder; made if it is not there.")] = Path(),
    json_: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Make a workspace: folders for taxonomies and models, an example, a commented .env-sample.

    Nothing that is there already is touched.

    Example: leadline init my-leads
    """
    from importlib import resources

    from leadline.cli import screen
    from leadline.core.errors import InputError

    made: list[str] = []
    try:
        for name in ("taxonomies", "models", "output_run", "logs"):
            if not (folder / name).exists():
                (folder / name).mkdir(parents=True)
                made.append(f"{name}/")
        example = resources.files("leadline").joinpath("data/taxonomies/personas.yml").read_text("utf-8")
        texts = {
            ".env-sample": ENV_SAMPLE,
            "taxonomies/my-personas.yml": example.replace("name: personas", "name: my-personas", 1),
        }
        for name, text in texts.items():
            if not (folder / name).exists():
                (folder / name).write_text(text, encoding="utf-8")
                made.append(name)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    if json_:
        screen.print_json({"folder": str(folder), "made": made})
        return
    screen.out.print(f"Workspace {folder.resolve()}: {', '.join(made) or 'everything was there already'}")
    screen.out.print("Next: [bold]leadline classify contacts.csv --taxonomy my-personas[/bold]")
