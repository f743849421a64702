"""Filters internal, test, dummy and throw-away e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from leadline.core.errors import InputError
from leadline.core.yamltext import YamlTextError, read_yaml

__all__ = ["INTERNAL", "TEST", "AddressFilter", "AddressRules", "load_rules"]

#: The column of reasons, as the engine expects it of a step.
SKIP_REASON = "skip_reason"
INTERNAL = "internal address"
TEST = "test address"


class AddressRules(BaseModel):
    """Which addresses are filtered; see `data/filters/addresses.yml` for what the fields mean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    test_words: tuple[str, ...] = ()
    test_domains: tuple[str, ...] = ()
    internal_domains: tuple[str, ...] = ()


def load_rules(path: Path | None = None, *, internal_domains: Iterable[str] = ()) -> AddressRules:
    """The rules in `path` (default: those that ship with Leadline), plus `internal_domains`.

    Raises:
        InputError: the file cannot be read or has a key that is none.
    """
    source = str(path) if path else "addresses.yml (built in)"
    try:
        if path is None:
            text = resources.files("leadline").joinpath("data/filters/addresses.yml").read_text("utf-8")
        else:
            text = path.read_text("utf-8-sig")
        said = read_yaml(text) or {}
        lists = {key: value or [] for key, value in said.items()} if isinstance(said, dict) else said
        rules = AddressRules.model_validate(lists)
    except YamlTextError as problem:
        raise InputError(f"The filters file {source}, line {problem.line}: {problem.message}.") from problem
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The filters file {source} cannot be read: {error}.") from error
    except ValidationError as error:
        known = ", ".join(AddressRules.model_fields)
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the file"
        raise InputError(
            f"The filters file {source}: {where}: {error.errors()[0]['msg'].lower()}.",
            hint=f"Known keys: {known}.",
        ) from error
    domains = [*rules.internal_domains, *internal_domains]
    return rules.model_copy(update={"internal_domains": tuple(_domain(domain) for domain in domains)})


def _domain(text: str) -> str:
    return text.strip().lower().lstrip("@*.")


class AddressFilter:
    """Skips leads whose address is internal or a test.

    reads: the e-mail column; adds: nothing. A lead without an address passes.
    """

    name = "addresses"
    version = "1"
    adds: Mapping[str, pl.DataType] = {}

    def __init__(self, email_column: str, rules: AddressRules) -> None:
        self.reads = (email_column,)
        self._internal = [_domain(domain) for domain in rules.internal_domains if _domain(domain)]
        self._test = [_domain(domain) for domain in rules.test_domains if _domain(domain)]
        words = [word.strip().lower() for word in rules.test_words if word.strip()]
        other = r"[^\p{L}\p{N}]"
        self._words = rf"(?:^|{other})(?:{'|'.join(map(re.escape, words))})(?:$|{other})" if words else None
        self._suspicious = [*self._internal, *self._test, *words]

    def compute(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """The skip reason of each address, null where it passes."""
        address = distinct[self.reads[0]].cast(pl.String)
        if not self._suspicious:
            return pl.DataFrame({SKIP_REASON: pl.repeat(None, len(address), dtype=pl.String, eager=True)})
        # One cheap look for any of the words and domains; only those few are looked at closely.
        suspects = address.str.contains_any(self._suspicious, ascii_case_insensitive=True).arg_true()
        reasons = address[suspects].to_frame("address").select(self._reason())["reason"]
        return pl.DataFrame(
            {
                SKIP_REASON: pl.repeat(None, len(address), dtype=pl.String, eager=True).scatter(
                    suspects, reasons
                )
            }
        )

    def _reason(self) -> pl.Expr:
        address = pl.col("address").str.strip_chars().str.to_lowercase()
        domain = address.str.extract(r"@([^@\s>]+)>?$", 1)
        named = address.str.contains(self._words) if self._words else pl.lit(value=False)
        return (
            pl.when(_within(domain, self._internal))
            .then(pl.lit(INTERNAL))
            .when(_within(domain, self._test) | named)
            .then(pl.lit(TEST))
            .alias("reason")
        )


def _within(domain: pl.Expr, domains: list[str]) -> pl.Expr:
    """Whether `domain` is one of `domains` or below one."""
    if not domains:
        return pl.lit(False)
    below = r"\.(?:" + "|".join(re.escape(one) for one in domains) + ")$"
    return domain.is_in(domains) | domain.str.contains(below)
