"""`leadline explain`: why a title gets its labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["explain"]


def explain(
    title: Annotated[str, typer.Argument(help="The job title, in quotation marks.")],
    taxonomy: Annotated[
        list[str] | None, typer.Option("--taxonomy", "-t", help="Label set; repeat for several.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A trained model, NAME or NAME@VERSION.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Reference table applied first.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
) -> None:
    """Show how a title is read: its normal form, what its words mean, who decided, and what came close.

    Example: leadline explain "Leiterin Einkauf (m/w/d)"
    """
    from rich.markup import escape

    from leadline.cli import screen
    from leadline.cli.readable import readable
    from leadline.core.workspace import Workspace
    from leadline.titles.classifier import Classifier, questions
    from leadline.titles.explain import explain_title
    from leadline.titles.reference import load_reference

    asked = questions(taxonomy or [], model=model, workspace=Workspace.current())
    table = load_reference(reference) if reference else None
    explanation = explain_title(title, Classifier(asked), reference=table)
    if json_:
        screen.print_json(explanation.as_dict())
        return
    screen.out.print(f"[bold]{escape(readable(title))}[/bold]")
    if explanation.standardised != title:
        screen.out.print(f"reference table  {escape(readable(explanation.standardised))}")
    screen.out.print(f"read as          {escape(readable(explanation.normalised)) or '(nothing)'}")
    if explanation.terms:
        screen.titled("What its words mean")
        rows = [
            (term.words, term.meaning, "" if term.counted else "does not count here")
            for term in explanation.terms
        ]
        screen.shares(rows, ("words", "meaning", ""))
    for facet in explanation.facets:
        screen.titled(facet.facet)
        label = facet.label or "no label fits"
        by = f"decided by {facet.decided_by}" + (f": {facet.rule}" if facet.rule else "")
        screen.out.print(f"[green]{escape(label)}[/green]  confidence {facet.confidence}, {escape(by)}")
        if facet.reasons:
            screen.shares(
                [(what, f"{weight:+.2f}") for what, weight in facet.reasons], ("because of", "weight")
            )
        if facet.runners_up:
            close = ", ".join(f"{name} ({strength})" for name, strength in facet.runners_up)
            screen.out.print(f"[dim]runners-up: {escape(close)}[/dim]")
