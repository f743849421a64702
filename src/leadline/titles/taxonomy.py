"""Facets and labels: the user's own words for what a lead is, read from a YAML file and checked."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from leadline.core.errors import InputError, TaxonomyError
from leadline.core.yamltext import YamlTextError, read_yaml
from leadline.titles.lexicontext import concepts

__all__ = [
    "Facet",
    "Label",
    "Match",
    "Taxonomy",
    "builtin_taxonomies",
    "builtin_taxonomy",
    "dump_taxonomy",
    "find_taxonomy",
    "load_taxonomy",
    "parse_taxonomy",
]

MAX_TAXONOMY_BYTES = 2_000_000
_NAME = Field(min_length=1, max_length=200, pattern=r"^\S[^\r\n\t]*$")


#: What YAML writes for no value; the reader makes texts of everything.
_NOTHING = ("", "~", "null")


def _listed(value: object) -> object:
    """One word where a list is expected is a list of one word, no value an empty one."""
    if value in _NOTHING:
        return []
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Strict):
    """When a label fits, in terms of the built-in understanding: all given kinds, any value of each.

    `role` and `seniority` are labels of the `default` taxonomy; `function` and `rank` are the finer
    concepts of the lexicon.
    """

    role: Words = ()
    seniority: Words = ()
    function: Words = ()
    rank: Words = ()

    @model_validator(mode="after")
    def _says_something(self) -> Match:
        if not any(getattr(self, kind) for kind in Match.model_fields):
            raise ValueError("a match names at least one role, seniority, function or rank")
        return self


def _one_rule(value: object) -> object:
    """One rule where a list of rules is expected is a list of one rule."""
    return [value] if isinstance(value, dict) else value


class Label(_Strict):
    """One answer of a facet. It matches where any of the rules in `match` holds."""

    name: Annotated[str, _NAME]
    definition: str = ""
    examples: Words = ()
    keywords: Words = ()
    match: Annotated[tuple[Match, ...], BeforeValidator(_one_rule)] = ()


def _nothing(value: object) -> object:
    """What YAML writes for no value is none."""
    return None if value in _NOTHING[1:] else value


def _label(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class Facet(_Strict):
    """One question asked of every title; `labels` stand in priority order."""

    name: Annotated[str, _NAME]
    column: str = ""
    confidence_column: str = ""
    fallback: Annotated[Annotated[str, _NAME] | None, BeforeValidator(_nothing)] = None
    ordered: bool = False
    labels: tuple[Annotated[Label, BeforeValidator(_label)], ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _columns(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("name"), str):
            data = dict(data)
            data["column"] = data.get("column") or data["name"].replace("_", " ").title()
            data["confidence_column"] = data.get("confidence_column") or f"{data['column']} Confidence"
        return data

    @property
    def label_names(self) -> tuple[str, ...]:
        """The labels in priority order, the fallback last where it is not one of them."""
        names = tuple(label.name for label in self.labels)
        return names if self.fallback is None or self.fallback in names else (*names, self.fallback)

    @property
    def decided_by_column(self) -> str:
        """The column that says who decided."""
        return f"{self.column} Decided By"

    def label(self, name: str) -> Label:
        """The label called `name`; the fallback has one even where the file does not define it."""
        return next((label for label in self.labels if label.name == name), Label(name=name))


class Taxonomy(_Strict):
    """A named set of facets."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
    facets: tuple[Facet, ...] = Field(min_length=1)

    @property
    def version(self) -> str:
        """A hash of what it says: another one means that labels may differ."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def facet(self, name: str) -> Facet:
        """The facet called `name`.

        Raises:
            InputError: there is none; names the facets that are there.
        """
        for facet in self.facets:
            if facet.name == name:
                return facet
        known = ", ".join(facet.name for facet in self.facets)
        raise InputError(f"The taxonomy '{self.name}' has no facet '{name}'.", hint=f"It has: {known}.")


class _Reader:
    """Turns YAML text into a `Taxonomy`, keeping the line of every node for the error messages."""

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.lines: dict[tuple[str | int, ...], int] = {}
        try:
            self.data: Any = read_yaml(text)
        except YamlTextError as problem:
            raise self.error(problem.line, problem.message) from problem
        self._walk(yaml.compose(text, Loader=yaml.CSafeLoader), ())

    def _walk(self, node: Any, path: tuple[str | int, ...]) -> None:
        if node is None:
            return
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                where = (*path, str(key.value))
                if where in self.lines:
                    raise self.error(key.start_mark.line + 1, f"the key '{key.value}' stands twice")
                self._walk(value, where)
                self.lines[where] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._walk(value, (*path, index))

    def error(self, line: int, message: str) -> TaxonomyError:
        return TaxonomyError(f"{self.source}, line {line}: {message}.")

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the node at `path`, or of the nearest node above it."""
        where = tuple(path)
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def read(self) -> Taxonomy:
        if not isinstance(self.data, dict):
            raise self.error(1, "a taxonomy begins with 'name:' and 'facets:'")
        try:
            taxonomy = Taxonomy.model_validate(self.data)
        except ValidationError as error:
            problems = [one for one in error.errors() if one["type"] != "too_short" or not one["input"]]
            raise TaxonomyError("\n".join(self._explain(dict(one)) for one in problems)) from error
        for index, facet in enumerate(taxonomy.facets):
            self._check_facet(facet, ("facets", index))
        self._check_twice([facet.name for facet in taxonomy.facets], ("facets",), "facet")
        return taxonomy

    def _explain(self, problem: dict[str, Any]) -> str:
        path = [
            part for part in problem["loc"] if not isinstance(part, str) or not part.startswith("function-")
        ]
        line = self.line(path)
        where = ".".join(str(part) for part in path) or "the file"
        if problem["type"] == "extra_forbidden":
            known = _known_keys(path)
            near = difflib.get_close_matches(str(path[-1]), known, 1, 0.4)
            hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"
            return f"{self.source}, line {line}: unknown key '{path[-1]}'; {hint}"
        if problem["type"] == "missing":
            return f"{self.source}, line {line}: '{path[-1]}' is missing ({where})"
        if problem["type"] == "too_short":
            return f"{self.source}, line {line}: {where} needs at least one entry"
        return f"{self.source}, line {line}: {where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"

    def _check_twice(self, names: Sequence[str], path: tuple[str | int, ...], what: str) -> None:
        seen: dict[str, str] = {}
        for index, name in enumerate(names):
            if name.casefold() in seen:
                raise self.error(self.line((*path, index)), f"the {what} '{name}' stands twice")
            seen[name.casefold()] = name

    def _check_facet(self, facet: Facet, path: tuple[str | int, ...]) -> None:
        names = [label.name for label in facet.labels]
        self._check_twice(names, (*path, "labels"), "label")
        if facet.fallback is not None and facet.fallback not in names:
            line = self.line((*path, "fallback"))
            twin = next((name for name in names if name.casefold() == facet.fallback.casefold()), None)
            if twin:
                raise self.error(
                    line, f"the fallback '{facet.fallback}' is spelled otherwise than the label '{twin}'"
                )
            if facet.ordered:
                near = difflib.get_close_matches(facet.fallback, names, 1, 0.0)
                raise self.error(
                    line,
                    f"the fallback '{facet.fallback}' is none of the labels, which in an ordered facet "
                    f"are a scale (did you mean '{near[0]}'?)",
                )
        for index, label in enumerate(facet.labels):
            for number, match in enumerate(label.match):
                self._check_match(match, (*path, "labels", index, "match", number))

    def _check_match(self, match: Match, path: tuple[str | int, ...]) -> None:
        known = _match_values()
        for kind in Match.model_fields:
            for value in getattr(match, kind):
                if value not in known[kind]:
                    near = difflib.get_close_matches(value, known[kind], 1, 0.3)
                    hint = f" (did you mean '{near[0]}'?)" if near else ""
                    raise self.error(self.line((*path, kind)), f"there is no built-in {kind} '{value}'{hint}")


_MODELS: dict[str, type[BaseModel]] = {"facets": Facet, "labels": Label, "match": Match}


def _known_keys(path: Sequence[str | int]) -> list[str]:
    """The keys that are allowed where `path` ends."""
    model: type[BaseModel] = Taxonomy
    for part in path[:-1]:
        model = _MODELS.get(str(part), model)
    return list(model.model_fields)


@lru_cache(maxsize=1)
def _match_values() -> dict[str, list[str]]:
    functions, ranks = concepts()
    return {
        "role": [*dict.fromkeys(function.role for function in functions)],
        "seniority": [*dict.fromkeys(rank.seniority for rank in ranks)],
        "function": [function.name for function in functions],
        "rank": [rank.name for rank in ranks],
    }


def parse_taxonomy(text: str, *, source: str) -> Taxonomy:
    """The taxonomy that `text` (YAML) describes; `source` names the file in errors.

    Raises:
        TaxonomyError: unknown keys, duplicate or no labels, a fallback that is not allowed;
            with the file, the line and the nearest valid name.
    """
    return _Reader(text, source).read()


def load_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in the file `path`.

    Raises:
        TaxonomyError: as `parse_taxonomy`, or the file cannot be read.
    """
    try:
        if path.stat().st_size > MAX_TAXONOMY_BYTES:
            raise TaxonomyError(f"{path} is larger than 2 MB, too large for a taxonomy.")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path} cannot be read: {error}.") from error
    return parse_taxonomy(text, source=str(path))


def builtin_taxonomies() -> list[str]:
    """The names of the taxonomies that ship with Leadline."""
    folder = resources.files("leadline").joinpath("data/taxonomies")
    return sorted(file.name.removesuffix(".yml") for file in folder.iterdir() if file.name.endswith(".yml"))


def find_taxonomy(name: str, *, workspace: Path) -> Taxonomy:
    """The taxonomy called `name`: a file, else one of the workspace, else a built-in one.

    Raises:
        TaxonomyError: there is none; names those that are there.
    """
    if name.endswith((".yml", ".yaml")) or "/" in name:
        return load_taxonomy(Path(name))
    own = workspace / "taxonomies" / f"{name}.yml"
    if own.is_file():
        return load_taxonomy(own)
    if name in builtin_taxonomies():
        return builtin_taxonomy(name)
    known = [*builtin_taxonomies(), *sorted(file.stem for file in (workspace / "taxonomies").glob("*.yml"))]
    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known)}."
    raise TaxonomyError(f"There is no taxonomy '{name}'.", hint=hint)


@lru_cache
def builtin_taxonomy(name: str) -> Taxonomy:
    """The taxonomy of that name that ships with Leadline."""
    text = resources.files("leadline").joinpath(f"data/taxonomies/{name}.yml").read_text("utf-8")
    return parse_taxonomy(text, source=f"{name}.yml (built in)")


def dump_taxonomy(taxonomy: Taxonomy) -> str:
    """`taxonomy` as YAML that `parse_taxonomy` reads back."""
    data = taxonomy.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
