"""`leadline taxonomy`: label sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="List, show, check and begin label sets.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

TEMPLATE = """\
# A label set of your own. Check it with: leadline taxonomy check {path}
name: {name}
facets:
  - name: persona
    fallback: Other               # the label of what fits none; leave it out, and such a title is skipped
    labels:                       # in priority order
      - name: Buyer
        definition: Decides what is bought. Heads of purchasing, procurement managers, category managers.
        examples: [Head of Procurement, Leiter Einkauf]
        keywords: [procurement]
        match: {{role: Purchasing}} # in terms of the built-in roles and seniorities
      - name: Champion
        definition: Uses the product every day and speaks for it. Sales representatives, account managers.
        match: {{role: Sales, seniority: [Mid-level, Senior]}}
"""


@app.command("list")
def list_(json_: Json = False) -> None:
    """List the label sets that are here: your own first, then the built-in ones.

    Example: leadline taxonomy list
    """
    from leadline.cli import screen
    from leadline.core.workspace import Workspace
    from leadline.titles.taxonomy import builtin_taxonomies

    own = sorted(file.stem for file in Workspace.current().taxonomies.glob("*.yml"))
    rows = [(name, "yours") for name in own] + [
        (name, "built in") for name in builtin_taxonomies() if name not in own
    ]
    if json_:
        screen.print_json([{"name": name, "from": source} for name, source in rows])
    else:
        screen.shares(rows, ("taxonomy", ""))


@app.command("show")
def show(name: Annotated[str, typer.Argument(help="A name or a YAML file.")], json_: Json = False) -> None:
    """Show a label set: its facets, labels and definitions.

    Example: leadline taxonomy show personas
    """
    from leadline.cli import screen
    from leadline.core.workspace import Workspace
    from leadline.titles.taxonomy import find_taxonomy

    taxonomy = find_taxonomy(name, workspace=Workspace.current().root)
    if json_:
        screen.print_json(taxonomy.model_dump(mode="json", exclude_defaults=True))
        return
    for facet in taxonomy.facets:
        fallback = f", fallback {facet.fallback}" if facet.fallback else ", no fallback"
        screen.titled(
            f"{facet.name}: {len(facet.label_names)} labels{fallback}{', ordered' if facet.ordered else ''}"
        )
        screen.shares([(label.name, label.definition) for label in facet.labels], ("label", "definition"))


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="The YAML file.")], json_: Json = False) -> None:
    """Check a taxonomy file: every mistake is named with its line.

    Example: leadline taxonomy check taxonomies/my-personas.yml
    """
    from leadline.cli import screen
    from leadline.titles.taxonomy import load_taxonomy

    taxonomy = load_taxonomy(file)
    facets = {facet.name: len(facet.label_names) for facet in taxonomy.facets}
    if json_:
        screen.print_json({"name": taxonomy.name, "facets": facets})
        return
    counted = ", ".join(f"{name} ({count} labels)" for name, count in facets.items())
    screen.out.print(f"[green]{taxonomy.name} is in order[/green]: {counted}")


@app.command("new")
def new(name: Annotated[str, typer.Argument(help="Its name.")], json_: Json = False) -> None:
    """Begin a label set of your own from a commented template.

    Example: leadline taxonomy new my-personas
    """
    from leadline.cli import screen
    from leadline.core.errors import InputError
    from leadline.core.workspace import Workspace
    from leadline.titles.taxonomy import builtin_taxonomies, parse_taxonomy

    path = Workspace.current().taxonomies / f"{name}.yml"
    text = TEMPLATE.format(name=name, path=path)
    parse_taxonomy(text, source=f"the name '{name}'")
    if name in builtin_taxonomies():
        raise InputError(f"'{name}' is the name of a built-in taxonomy.", hint="Choose another name.")
    if path.exists():
        raise InputError(f"{path} is there already.", hint="Choose another name, or edit that file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    if json_:
        screen.print_json({"file": str(path)})
    else:
        screen.out.print(
            f"Wrote {path}. Edit it, then: [bold]leadline classify contacts.csv --taxonomy {name}[/bold]"
        )
