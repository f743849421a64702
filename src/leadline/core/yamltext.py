"""Reads YAML that somebody wrote by hand: nothing but texts, lists and maps, and nothing that hurts."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["MAX_DEPTH", "YamlTextError", "check_yaml", "read_yaml"]

#: What Leadline reads is eight levels deep at most.
MAX_DEPTH = 12


class YamlTextError(ValueError):
    """What is wrong, and in which line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def _problem(error: yaml.YAMLError | ValueError) -> YamlTextError:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark
        return YamlTextError(mark.line + 1 if mark else 1, error.problem or "not valid YAML")
    return YamlTextError(1, f"not valid YAML ({type(error).__name__})")


def check_yaml(text: str) -> None:
    """Refuses, before any tree is built, deep nesting (it kills the parser) and aliases (they explode).

    Raises:
        YamlTextError: with the line.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlTextError(line, "aliases ('*') are not read here; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise YamlTextError(line, "this is nested too deeply")


def read_yaml(text: str) -> Any:
    """What `text` says, every value as the text that it is: a label may be called No, 2024 or 1.0.

    Raises:
        YamlTextError: with the line.
    """
    try:
        check_yaml(text)
        return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes nothing but texts
    except YamlTextError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise _problem(error) from error
