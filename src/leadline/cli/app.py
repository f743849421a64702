"""All commands under one roof. An error becomes one sentence on stderr and an exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from types import FrameType

import typer

from leadline.cli import classify, evaluate, explain, models, sheets, taxonomy, train, workspace

__all__ = ["app", "run"]

app = typer.Typer(
    name="leadline",
    help="Turns raw leads into decisions: role, seniority and persona, with a reason for every row.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("classify")(classify.classify)
app.command("explain")(explain.explain)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(models.app, name="models")
app.add_typer(taxonomy.app, name="taxonomy")
app.command("predict")(sheets.predict)
app.command("retrain")(sheets.retrain)
app.command("init")(workspace.init)


def _version(wanted: bool) -> None:
    if wanted:
        import leadline

        typer.echo(f"leadline {leadline.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options of every command."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run() -> None:
    """Runs the command line and exits: 0 well, 1 the run failed, 2 wrong command or input, 130 Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    from leadline.core.errors import LeadlineError

    try:
        app(standalone_mode=True)
    except LeadlineError as error:
        _fail(error.message, error.hint, error.exit_code)
    except KeyboardInterrupt:
        _fail("Interrupted; nothing was published.", "Start the same command again.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _fail(message: str, hint: str, code: int) -> None:
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": message, "hint": hint, "exit_code": code}, ensure_ascii=False))
    typer.secho(f"Error: {message}", fg=typer.colors.RED, err=True)
    if hint:
        typer.echo(hint, err=True)
    sys.exit(code)
