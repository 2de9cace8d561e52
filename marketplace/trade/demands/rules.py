"""What a demand may ask for on paper, how amounts in different units are compared, what is usually asked. Pure.

The papers are those that buyers named in the field: domain notes 7.3 (supermarkets' check lists).
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.distributors.models import DistributorKind

PAPERS = Path(__file__).parent / "data" / "papers.json"
USUAL = Path(__file__).parent / "data" / "usual.json"
POURED = frozenset({"I.2.b", "I.3.c", "I.3.d", "I.4.a", "I.4.b", "II.1.a", "II.1.b", "II.2.a", "II.2.b"})
NOT_WEIGHED = frozenset({"II.1.a", "II.1.b", "II.2.a", "IV.1", "IV.2", "V.1", "V.2", "V.3"})
_BASE = {
    Unit.GRAM: (Unit.GRAM, 1),
    Unit.KILOGRAM: (Unit.GRAM, 1000),
    Unit.MILLILITRE: (Unit.MILLILITRE, 1),
    Unit.LITRE: (Unit.MILLILITRE, 1000),
}
MOST_AMOUNT = 1_000_000_000  # of any unit, in one figure of a demand, an offer or a deal
DEMAND_UNITS = (Unit.KILOGRAM, Unit.LITRE, Unit.PIECE, Unit.SET, Unit.METRE)


@dataclass(frozen=True)
class WantedPaper:
    """A paper that a demand may ask for. `kinds`: the papers of the vault that answer it, the usual one first."""

    code: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    where: str
    where_en: str
    usual_months: int | None = None  # how old it may be, where buyers say so


@cache
def wanted_papers() -> tuple[WantedPaper, ...]:
    """Every paper that may be asked for, in the order they are offered."""
    rows = json.loads(PAPERS.read_text(encoding="utf-8"))
    return tuple(WantedPaper(**{**row, "kinds": tuple(row["kinds"])}) for row in rows)


def wanted_paper(code: str) -> WantedPaper:
    """The paper with this code; KeyError if there is none."""
    return {paper.code: paper for paper in wanted_papers()}[code]


def known_papers(codes: Collection[str]) -> list[str]:
    """The codes among these that are papers of ours, in their order."""
    return [paper.code for paper in wanted_papers() if paper.code in codes]


def in_base(amount: int, unit: Unit) -> tuple[int, Unit]:
    """An amount in the finest unit of its kind: 2 kg are (2000, g)."""
    base, times = _BASE.get(unit, (unit, 1))
    return amount * times, base


def comparable(one: Unit, other: Unit) -> bool:
    """Whether amounts in the two can be compared: both weights, both volumes, or the same thing counted."""
    return in_base(1, one)[1] is in_base(1, other)[1]


@cache
def measured_in(unit: Unit) -> frozenset[str]:
    """The product sets whose goods are measured in a unit; every set of goods is counted in pieces and packs."""
    goods = frozenset(known.code for known in all_sets() if not known.service)
    medicines = frozenset(code for code in goods if code.startswith("III."))
    return {
        Unit.KILOGRAM: goods - NOT_WEIGHED,
        Unit.LITRE: POURED | medicines,
        Unit.METRE: frozenset({"IV.2"}),
    }.get(unit, goods)


@cache
def _usual() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return rows


def usual_terms(kind: DistributorKind) -> Mapping[str, Any]:
    """What distributors of this kind usually ask, by the names of a demand's fields: a new demand starts with it."""
    return {**_usual()["any"], **_usual().get(kind.value, {})}
