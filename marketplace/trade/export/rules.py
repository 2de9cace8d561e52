"""What a market abroad asks of a product, line by line, and what of it a product meets. Pure.

The lines are data (data/markets.json), each with its source and the day it was checked: laws change.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "markets.json"
PAPER, LABEL = "paper", "label"
MOST_AT_ONCE = 60  # products in one catalogue


class LineKind(StrEnum):
    REGISTRATION = "registration"  # of the maker, with the market's authority
    STANDARD = "standard"
    LABEL = "label"
    SHIPMENT = "shipment"  # anew with each shipment, or done by the importer


class Standing(StrEnum):
    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"  # the market holds nothing that would tell


@dataclass(frozen=True)
class Source:
    """Which law says it, and whose site to ask."""

    law: str
    law_en: str
    site: str


@dataclass(frozen=True)
class Need:
    """One thing that we can see: a paper of one of these kinds, or a statement of the label."""

    kind: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One thing that a market asks. `sets` begin the codes of the product sets it is for, `without` of those it is not.

    A line without `needs` is one that we hold nothing about. `organic`: only for what is sold as organic. Not
    `sure`: to be checked with the authority.
    """

    code: str
    kind: LineKind
    name: str
    name_en: str
    where: str
    where_en: str
    sets: tuple[str, ...]
    without: tuple[str, ...]
    needs: tuple[Need, ...]
    organic: bool
    sure: bool
    source: Source

    @property
    def counted(self) -> bool:
        """Whether it can be met here, and so counts as a step."""
        return bool(self.needs)


@dataclass(frozen=True)
class Market:
    """A market with everything it asks, in the order of the data."""

    code: str
    name: str
    name_en: str
    checked_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ExportFacts:
    """What readiness reads of a product: the kinds of papers that may be used today, what its label says."""

    set_code: str
    papers: frozenset[str]
    label: frozenset[str]


@dataclass(frozen=True)
class Checked:
    """A line with how it stands, and what of its needs is not there."""

    line: Line
    standing: Standing
    lacking: tuple[Need, ...] = ()


@cache
def all_markets() -> tuple[Market, ...]:
    """Every market, in the order of the data."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    checked_on = date.fromisoformat(data["checked_on"])
    return tuple(
        Market(row["code"], row["name"], row["name_en"], checked_on, tuple(_line(each) for each in row["lines"]))
        for row in data["markets"]
    )


def find_market(code: str) -> Market | None:
    """The market with this code, if there is one."""
    return next((market for market in all_markets() if market.code == code), None)


def _line(row: dict[str, Any]) -> Line:
    return Line(
        code=row["code"],
        kind=LineKind(row["kind"]),
        name=row["name"],
        name_en=row["name_en"],
        where=row["where"],
        where_en=row["where_en"],
        sets=tuple(row["sets"]),
        without=tuple(row.get("without", ())),
        needs=tuple(_need(each) for each in row.get("needs", ())),
        organic=row.get("organic", False),
        sure=row.get("sure", True),
        source=Source(**row["source"]),
    )


def _need(written: str) -> Need:
    kind, _, codes = written.partition(":")
    return Need(kind, tuple(codes.split("|")))


def applies(line: Line, facts: ExportFacts) -> bool:
    """Whether a line is asked of this product."""
    code = facts.set_code
    inside = code.startswith(line.sets) and not (line.without and code.startswith(line.without))
    return inside and (not line.organic or "organic" in facts.papers)


def readiness(market: Market, facts: ExportFacts) -> tuple[Checked, ...]:
    """Every line that the market asks of this product, and how it stands."""
    return tuple(_checked(line, facts) for line in market.lines if applies(line, facts))


def _checked(line: Line, facts: ExportFacts) -> Checked:
    if not line.counted:
        return Checked(line, Standing.UNKNOWN)
    lacking = tuple(need for need in line.needs if not _there(need, facts))
    return Checked(line, Standing.MISSING if lacking else Standing.MET, lacking)


def _there(need: Need, facts: ExportFacts) -> bool:
    return not (facts.papers if need.kind == PAPER else facts.label).isdisjoint(need.codes)


def steps_left(checked: Iterable[Checked]) -> int | None:
    """How many lines that can be met here are not; None where the market's data say nothing of such goods."""
    counted = [each for each in checked if each.line.counted]
    return sum(each.standing is Standing.MISSING for each in counted) if counted else None


def label_says(told: Any, *, name_en: str, net_quantity: bool) -> frozenset[str]:
    """The codes of what a label says, in English with `_en`; an empty list of allergens says that there are none."""
    said = {code for code, value in told.items() if value not in (None, "")}
    return frozenset(said | ({"name_en"} if name_en else set()) | ({"net_quantity"} if net_quantity else set()))


@dataclass(frozen=True)
class Tally:
    """How many products are ready for a market, one step away, and further."""

    ready: int
    near: int
    far: int


def tally(steps: Iterable[int | None]) -> Tally:
    """Counts of products by the steps that each has left; those the market's data do not speak of are left out."""
    known = [each for each in steps if each is not None]
    near = sum(each == 1 for each in known)
    ready = sum(each == 0 for each in known)
    return Tally(ready, near, len(known) - ready - near)


def chosen_well(codes: Collection[str]) -> bool:
    """Whether one catalogue can be made of these: at least one, no more than `MOST_AT_ONCE`."""
    return 1 <= len(codes) <= MOST_AT_ONCE
