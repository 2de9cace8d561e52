"""What the law asks of each kind of producer, as data: papers, tax subjects, banks. Sources stand in the files."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
OTHER_PAPER = "other"


@dataclass(frozen=True)
class Demand:
    """One paper that some kinds of producers show; any of `one_of` answers. What is not `needed` helps the check."""

    code: str
    kinds: tuple[str, ...]
    one_of: tuple[str, ...]
    needed: bool
    name: str
    name_en: str
    source: str
    unless: str = ""
    unless_en: str = ""


@dataclass(frozen=True)
class TaxRule:
    """Who pays tax how. `withheld`: from which day, whether the platform withholds, and by which decree."""

    code: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    digits: tuple[int, ...]
    withheld: tuple[tuple[date, bool, str], ...]

    def withheld_on(self, on: date) -> bool:
        """Whether the platform withholds tax of such a seller on a day (NĐ 117/2025/NĐ-CP)."""
        return next((what for start, what, _source in reversed(self.withheld) if start <= on), False)


@cache
def all_demands() -> tuple[Demand, ...]:
    """Every demand, in the order they are shown."""
    return tuple(_demand(row) for row in _read("papers.json"))


def demands_of(kind: str) -> tuple[Demand, ...]:
    """What a producer of this kind shows."""
    return tuple(demand for demand in all_demands() if kind in demand.kinds)


def paper_kinds(demands: Iterable[Demand]) -> list[str]:
    """The kinds of papers that may answer any of these demands."""
    return sorted({kind for demand in demands for kind in demand.one_of})


@cache
def tax_rules() -> dict[str, TaxRule]:
    """What holds for each tax subject, by its code."""
    return {row["code"]: _tax_rule(row) for row in _read("tax-subjects.json")}


@cache
def banks() -> dict[str, str]:
    """The banks known by name, by BIN, in the order of their names."""
    return {row["bin"]: row["name"] for row in sorted(_read("banks.json"), key=lambda row: row["name"].casefold())}


def _demand(row: dict[str, Any]) -> Demand:
    facts = {**row, "kinds": tuple(row["kinds"])}
    other = (OTHER_PAPER,) if facts.pop("or_other", False) else ()
    return Demand(**{**facts, "one_of": (*row["one_of"], *other)})


def _tax_rule(row: dict[str, Any]) -> TaxRule:
    withheld = tuple((date.fromisoformat(w["from"]), w["withheld"], w["source"]) for w in row["withheld"])
    lists = {name: tuple(row[name]) for name in ("kinds", "digits")}
    return TaxRule(**{**row, **lists, "withheld": withheld})


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return rows
