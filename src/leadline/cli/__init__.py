"""The command line: each command parses, calls one function, prints.

app        the commands, and what happens to errors
screen     what people see: progress, notes, tables, bars
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """The entry point of the `leadline` command."""
    try:
        from leadline.cli.app import run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()
