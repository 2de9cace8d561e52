"""Finding a rule set: by its day, by its code, or all. They are files; `data/README.md` says how to add one."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from marketplace.platform.core.errors import NotFound
from marketplace.registry.rulesets.rules import RuleSet

DATA = Path(__file__).parent / "data"


class RuleSetUnsound(Exception):
    """A rule set's file cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True)
class RuleSets:
    """Every rule set of a folder, earliest first."""

    every: tuple[RuleSet, ...]

    def on(self, day: date) -> RuleSet:
        """The rule set in force on the day; the earliest one for days before it."""
        return next((each for each in reversed(self.every) if each.valid_from <= day), self.every[0])

    def find(self, code: str) -> RuleSet | None:
        return next((each for each in self.every if each.code == code), None)


def load_rulesets(folder: Path) -> RuleSets:
    """Read every `*.json` of the folder; raises RuleSetUnsound, naming the file, where one cannot be used."""
    raw = sorted((_raw(file) for file in folder.glob("*.json")), key=lambda one: str(one[1].get("valid_from")))
    whole: dict[str, dict[str, Any]] = {}
    found: list[RuleSet] = []
    for file, data in raw:
        said = _amended(file, data, whole)
        read = _read(file, said)
        if found and found[-1].valid_from == read.valid_from:
            raise RuleSetUnsound(f"{file.name}: valid from the same day as {found[-1].code}.json")
        whole[read.code] = said
        found.append(read)
    if not found:
        raise RuleSetUnsound(f"{folder}: no rule set")
    following = [next_one.valid_from - timedelta(days=1) for next_one in found[1:]]
    return RuleSets(
        tuple(each.model_copy(update={"valid_until": day}) for each, day in zip(found, [*following, None], strict=True))
    )


def _raw(file: Path) -> tuple[Path, dict[str, Any]]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as bad:
        raise RuleSetUnsound(f"{file.name}: {bad}") from bad
    if not isinstance(data, dict):
        raise RuleSetUnsound(f"{file.name}: a rule set is a JSON object")
    return file, data


def _amended(file: Path, data: dict[str, Any], whole: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The file's own sections over those of the decision that it amends."""
    amends = data.get("amends")
    if amends is None:
        return data
    if amends not in whole:
        raise RuleSetUnsound(f"{file.name}: amends {amends}, but no earlier rule set has that code")
    before = {name: whole[amends][name] for name in whole[amends] if name not in ("note", "note_en")}
    return {**before, **data, "rests_on": {**before["rests_on"], **data.get("rests_on", {})}}


def _read(file: Path, data: dict[str, Any]) -> RuleSet:
    try:
        read = RuleSet.model_validate(data)
    except (ValidationError, KeyError, TypeError) as bad:
        raise RuleSetUnsound(f"{file.name}: {bad}") from bad
    if file.stem != read.code:
        raise RuleSetUnsound(f"{file.name}: its code is {read.code}, so it must be called {read.code}.json")
    if read.valid_until is not None:
        raise RuleSetUnsound(f"{file.name}: valid_until follows from the next rule set and is not written")
    return read


@cache
def _ours() -> RuleSets:
    return load_rulesets(DATA)


def all_rulesets() -> tuple[RuleSet, ...]:
    """Every rule set, earliest first."""
    return _ours().every


def ruleset_on(day: date) -> RuleSet:
    """The rule set in force on the day.

    The programme began on 7 May 2018, before its first rule set here: decisions of that time are read by the earliest.
    """
    return _ours().on(day)


def find_ruleset(code: str) -> RuleSet | None:
    """The rule set with this code, such as "148", if there is one."""
    return _ours().find(code)


def ruleset(code: str) -> RuleSet:
    """The rule set with this code, or NotFound."""
    found = find_ruleset(code)
    if found is None:
        raise NotFound
    return found
