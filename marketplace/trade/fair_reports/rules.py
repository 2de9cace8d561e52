"""The figures of a fair. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.money import Money, total
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.fairs.models import Edition

STARS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Opinion:
    """How many gave how many stars."""

    given: Mapping[int, int]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(self.given.values())

    @property
    def average(self) -> Decimal | None:
        """The stars on average, to one decimal place; None where nobody answered."""
        if not self.answers:
            return None
        stars = sum(rating * count for rating, count in self.given.items())
        return (Decimal(stars) / self.answers).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Signed:
    """How many papers of a kind were signed, and what they say they are worth."""

    count: int
    value: Money


@dataclass(frozen=True)
class ExhibitorPart:
    """One exhibitor's part: what it showed, took, had ordered from its stand, whom it noted."""

    application: Application
    products: int
    taken: Money
    orders: int
    ordered: Money
    leads: int


@dataclass(frozen=True)
class FairReport:
    """What came of an edition. Takings, orders, memoranda and contracts are told apart and never added up.

    `visits`: how many tickets went in by day and hour, each once a day; `visitors`: different tickets in all.
    """

    edition: Edition
    exhibitors: tuple[ExhibitorPart, ...]
    no_shows: tuple[Application, ...]
    sets: tuple[tuple[str, int], ...]
    visitors: int
    visits: Mapping[tuple[date, int], int]
    days: Mapping[date, Money]
    memoranda: Signed
    contracts: Signed
    meetings: int
    planned: Money
    spent: Money
    by_exhibitors: Opinion
    by_visitors: Opinion
    words: tuple[str, ...]

    @property
    def places(self) -> list[tuple[str, int]]:
        """How many exhibitors come from which commune, most first."""
        return _most_first(Counter(part.application.producer.commune.name for part in self.exhibitors))

    @property
    def kinds(self) -> dict[ProducerKind, int]:
        """How many exhibitors of each kind, most first."""
        found = Counter(part.application.producer.kind.value for part in self.exhibitors)
        return {ProducerKind(kind): count for kind, count in _most_first(found)}

    @property
    def products(self) -> int:
        """How many different products were shown."""
        return sum(count for _code, count in self.sets)

    @property
    def visits_by_day(self) -> dict[date, int]:
        """How many went in on each of its days."""
        found = dict.fromkeys(self.days, 0)
        for (day, _hour), count in self.visits.items():
            found[day] = found.get(day, 0) + count
        return found

    @property
    def hours(self) -> list[int]:
        """The hours from the first to the last at which anybody went in."""
        there = [hour for _day, hour in self.visits]
        return list(range(min(there), max(there) + 1)) if there else []

    @property
    def visits_by_hour(self) -> dict[int, int]:
        """How many went in at each of those hours, all days together."""
        return {hour: sum(n for (_day, at), n in self.visits.items() if at == hour) for hour in self.hours}

    @property
    def taken(self) -> Money:
        """What was taken at the stands."""
        return total(self.days.values())

    @property
    def orders(self) -> int:
        """How many orders began at the stands; an order of two exhibitors' goods counts for each."""
        return sum(part.orders for part in self.exhibitors)

    @property
    def ordered(self) -> Money:
        """What those orders come to."""
        return total(part.ordered for part in self.exhibitors)

    @property
    def leads(self) -> int:
        """How many visitors exhibitors noted."""
        return sum(part.leads for part in self.exhibitors)


@dataclass(frozen=True)
class EditionSums:
    """What of an edition is set beside the others of its series."""

    edition: Edition
    exhibitors: int
    visitors: int
    taken: Money
    average: Decimal | None


def _most_first(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
