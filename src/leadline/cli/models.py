"""`leadline models`: versions of trained models."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(help="List, show, promote and roll back trained models.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _models() -> Any:
    from leadline.core.workspace import Workspace
    from leadline.titles.models import Models

    return Models(Workspace.current().models)


@app.command("list")
def list_(json_: Json = False) -> None:
    """List the models here and their versions.

    Example: leadline models list
    """
    from leadline.cli import screen

    models = _models()
    versions = [version for name in models.names() for version in models.versions(name)]
    rows = [(v.name, v.version, "live" if v.live else "", ", ".join(v.facets())) for v in versions]
    if json_:
        screen.print_json(
            [dict(zip(("name", "version", "state", "facets"), row, strict=True)) for row in rows]
        )
    elif rows:
        screen.shares(rows, ("model", "version", "", "facets"))
    else:
        screen.out.print("No models yet. 'leadline train LABELLED --facet NAME' makes one.")


@app.command("show")
def show(
    title: Annotated[str, typer.Argument(metavar="NAME", help="NAME or NAME@VERSION.")], json_: Json = False
) -> None:
    """Show what training measured of a model.

    Example: leadline models show personas@v2
    """
    from leadline.cli import screen
    from leadline.cli.scores import show_scores

    version = _models().find(title)
    report = version.report()
    if json_:
        screen.print_json({"model": version.title, "live": version.live, "facets": report})
        return
    screen.out.print(f"[bold]{version.title}[/bold]{' (live)' if version.live else ''}")
    for facet, scores in report.items():
        screen.titled(facet)
        show_scores(scores)


@app.command("promote")
def promote(
    title: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="The version to make live.")],
    json_: Json = False,
) -> None:
    """Make a version live: from now on 'classify' uses it.

    Example: leadline models promote personas@v2
    """
    _said(_models().promote(title), json_)


@app.command("rollback")
def rollback(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The model.")], json_: Json = False
) -> None:
    """Go back to the version that was live before.

    Example: leadline models rollback personas
    """
    _said(_models().rollback(name), json_)


def _said(version: Any, json_: bool) -> None:
    from leadline.cli import screen

    if json_:
        screen.print_json({"model": version.title, "live": version.live})
    else:
        screen.out.print(f"[bold]{version.title}[/bold] is live.")
