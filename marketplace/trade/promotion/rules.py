"""Whose turn it is, when a turn is free, and what speaks for showing a product: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log
from typing import TypeVar

Each = TypeVar("Each")

TURN_MINUTES = 10
TURN_DAYS = 7
TURNS = 6  # given at once: more of them would leave each little of the row
NEW_DAYS = 90
ENOUGH_UNITS = 50
FARTHEST = 365
MOST = {"stars": 30, "newness": 20, "stock": 15, "district": 20, "sales": 15}


def on_show(admitted: Sequence[Each], show: int, at: datetime) -> list[Each]:
    """Which of these show now. Up to `show` all do, in their order; more take turns of ten minutes.

    Turn after turn the next ones in order: over any stretch of turns each shows as often as the others, or once less.
    """
    if len(admitted) <= show:
        return list(admitted)
    turn = int(at.timestamp()) // (TURN_MINUTES * 60)
    return [admitted[(turn * show + n) % len(admitted)] for n in range(show)]


def next_free(given: Iterable[tuple[date, date]], on: date) -> date | None:
    """The first day from `on` whose week has fewer than TURNS of the turns given on each of its days; None in a year.

    Other placements do not count: a row shows any number of them in turns of minutes, and each as often.
    """
    spans = list(given)
    starts = sorted({on, *(last + timedelta(days=1) for _first, last in spans if last >= on)})

    def free(start: date) -> bool:
        week = [start + timedelta(days=n) for n in range(TURN_DAYS)]
        return all(sum(first <= day <= last for first, last in spans) < TURNS for day in week)

    return next((start for start in starts if (start - on).days <= FARTHEST and free(start)), None)


@dataclass(frozen=True)
class Facts:
    """What is known of a product that might be shown; `district_seen` and `sold` are shares of the greatest, 0 to 1."""

    stars: int
    days_public: int
    units: int
    district_seen: float
    sold: float


@dataclass(frozen=True)
class Score:
    """Points by what they are for; they add up."""

    stars: int
    newness: int
    stock: int
    district: int
    sales: int

    @property
    def total(self) -> int:
        return sum(points for _part, points in self.parts)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Each part with its points, in the order in which they are told."""
        return tuple((part, getattr(self, part)) for part in MOST)


def score(facts: Facts) -> Score:
    """What speaks for a product, of a hundred points."""
    return Score(
        stars=round(MOST["stars"] * (facts.stars - 2) / 3),
        newness=round(MOST["newness"] * max(0, NEW_DAYS - facts.days_public) / NEW_DAYS),
        stock=round(MOST["stock"] * min(facts.units, ENOUGH_UNITS) / ENOUGH_UNITS),
        district=round(MOST["district"] * (1 - facts.district_seen)),
        sales=round(MOST["sales"] * facts.sold),
    )


def share(count: int, most: int) -> float:
    """How near a count comes to the greatest, 0 to 1, by orders of magnitude: the first hundred weigh most."""
    return log(1 + count) / log(1 + most) if most else 0.0


def is_robot(agent: str) -> bool:
    """Whether a browser says of itself that it is a program."""
    said = agent.casefold()
    words = ("bot", "crawl", "spider", "slurp", "preview", "curl", "wget", "python", "http-client", "monitor")
    return not said or any(word in said for word in words)
