"""All commands under one roof. An error becomes one sentence on stderr and an exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from leadline.cli import classify, evaluate, explain, models, sheets, taxonomy, train, workspace
from leadline.cli.readable import readable

__all__ = ["app", "run"]

WRONG_COMMAND, INTERRUPTED = 2, 130

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
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Options of every command."""


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run() -> None:
    """Runs the command line and exits: 0 well, 1 the run failed, 2 wrong command or input, 130 Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    from leadline.core.errors import LeadlineError

    try:
        _read_env(Path(".env"))
        app(standalone_mode=True)
    except LeadlineError as error:
        _fail(error.message, error.hint, error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except BrokenPipeError:
        # The reader went away ("| head"); commands print when their work is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        _fail(f"The system refused something: {what}.", "Check the disk, and the permissions.", 1)
    except SystemExit as end:
        _explain_end(end)
        raise


def _read_env(file: Path) -> None:
    """Takes over settings from the folder's .env; what the environment says already, wins."""
    if file.is_file():
        from dotenv import load_dotenv

        from leadline.core.errors import InputError

        try:
            load_dotenv(file, override=False, encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError("The file .env is not UTF-8.", hint="Save it as UTF-8.") from error


def _explain_end(end: SystemExit) -> None:
    """Typer ends by itself at a wrong command, which it explains on stderr alone, and at Ctrl-C, silently."""
    cause = end.__context__
    if end.code == INTERRUPTED or isinstance(cause, typer.Abort):
        _interrupted()
    if end.code == WRONG_COMMAND and "--json" in sys.argv:
        message = getattr(cause, "format_message", lambda: "The command is wrong.")()
        _print_json_error(message, "See --help.", WRONG_COMMAND)


def _interrupted() -> NoReturn:
    _fail("Interrupted.", "Outputs appear when they are complete, and not before. Start again.", INTERRUPTED)


def _print_json_error(message: str, hint: str, code: int) -> None:
    try:
        typer.echo(json.dumps({"error": message, "hint": hint, "exit_code": code}, ensure_ascii=False))
    except OSError:  # stdout is what failed: stderr and the exit code say it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, hint: str, code: int) -> NoReturn:
    if "--json" in sys.argv:
        _print_json_error(message, hint, code)
    message, hint = readable(message), readable(hint)
    typer.secho(f"Error: {message}", fg=typer.colors.RED, err=True)
    if hint:
        typer.echo(hint, err=True)
    sys.exit(code)
