"""`leadline classify`: contacts in, role, seniority and your own labels out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from leadline.engine.contacts import RunReport

__all__ = ["classify"]


def classify(
    input: Annotated[
        str | None,
        typer.Argument(help="CSV, Excel, Parquet or JSON lines; - is standard input.", show_default=False),
    ] = None,
    taxonomy: Annotated[
        list[str] | None,
        typer.Option(
            "--taxonomy", "-t", help="Label set: a name or a YAML file; repeat for several. Default: default."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="A trained model, NAME or NAME@VERSION; default: the live one of each taxonomy."),
    ] = None,
    reference: Annotated[
        Path | None, typer.Option(help="Reference table (Reference,Standardization) applied to titles first.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run; default: the file's.")] = None,
    title_column: Annotated[
        str | None, typer.Option(help="The column of job titles, if it has an unusual name.")
    ] = None,
    id_column: Annotated[str | None, typer.Option(help="The column of ids.")] = None,
    email_column: Annotated[str | None, typer.Option(help="The column of e-mail addresses.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of an Excel file; default: the first.")] = None,
    internal_domain: Annotated[
        list[str] | None,
        typer.Option(help="Your own domain, whose contacts are skipped; repeat for several."),
    ] = None,
    filters: Annotated[
        Path | None, typer.Option(help="YAML file that replaces the built-in filters of test addresses.")
    ] = None,
    min_confidence: Annotated[
        int, typer.Option(min=0, max=100, help="Labels less sure than this are not given.")
    ] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="Read no more leads than this.")] = None,
    format: Annotated[Literal["csv", "parquet"], typer.Option(help="Format of the tables written.")] = "csv",
    raw_cells: Annotated[
        bool, typer.Option("--raw-cells", help="Leave cells that look like formulas as they are.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; default: output_run/NAME/TIME.")
    ] = None,
    engine: Annotated[Literal["local"], typer.Option(help="Where the plan runs.")] = "local",
    json_: Annotated[
        bool, typer.Option("--json", help="Print run.json and the folder, nothing else, on stdout.")
    ] = False,
) -> None:
    """Classify the job titles of contacts: role, seniority, persona, each with a confidence.

    Every row of the input is in accepted.csv, or in skipped.csv with the reason.

    Example: leadline classify contacts.csv --taxonomy default --taxonomy personas
    """
    from leadline.cli import screen
    from leadline.engine.contacts import ContactsJob, classify_contacts

    job = ContactsJob(
        input=input or _asked_for_input(),
        taxonomies=taxonomy or [],
        model=model,
        reference=reference,
        name=name,
        title_column=title_column,
        id_column=id_column,
        email_column=email_column,
        sheet=sheet,
        internal_domains=internal_domain or [],
        filters=filters,
        min_confidence=min_confidence,
        limit=limit,
        format=format,
        raw_cells=raw_cells,
        out=out,
        engine=engine,
    )
    with screen.listening("Classifying") as listener:
        report = classify_contacts(job, listener=listener)
    if json_:
        screen.print_json({"folder": str(report.folder), **report.run})
    else:
        show(report)


def _asked_for_input() -> str:
    if not sys.stdin.isatty():
        raise typer.BadParameter("name a file, or - for standard input", param_hint="INPUT")
    return str(typer.prompt("Which file", err=True))


def show(report: RunReport) -> None:
    """The summary of a run, for people."""
    from rich.markup import escape

    from leadline.cli import screen

    run = report.run
    screen.out.print(
        f"[bold]{run['leads']:,}[/bold] leads: [green]{run['accepted']:,} accepted[/green], "
        f"[yellow]{run['skipped']:,} skipped[/yellow] · {run['distinct_titles']:,} distinct titles "
        f"· {run['seconds']:.1f} s"
    )
    for facet, counts in run["labels"].items():
        screen.titled(facet)
        screen.bars(counts, total=run["accepted"])
    if run["skip_reasons"]:
        screen.titled("Skipped, and why")
        screen.bars(run["skip_reasons"], total=run["leads"])
    for heading, rows in (("The surest", report.surest), ("The least sure", report.least_sure)):
        if rows:
            screen.titled(heading)
            screen.shares(rows, report.sample_headers)
    screen.titled("Files")
    for file in report.files:
        screen.out.print(escape(str(file)), soft_wrap=True)
