"""Sales of a product drawn together as evidence for the marketing criteria. Pure; no person is named in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from marketplace.platform.core.money import Money, total


@dataclass(frozen=True)
class Sale:
    """A line of goods that reached its buyer. `buyer` only tells buyers apart; it is shown nowhere."""

    on: date
    units: int
    amount: Money
    order: str
    buyer: str
    province: str
    commune: str


@dataclass(frozen=True)
class Month:
    """A calendar month's sales."""

    first: date
    units: int
    amount: Money


@dataclass(frozen=True)
class Place:
    """A province reached, with its orders and what they came to."""

    name: str
    orders: int
    amount: Money


@dataclass(frozen=True)
class Figures:
    """A year of sales ending on `last`, beside the year before it. `growth` in percent; None without a year before."""

    first: date
    last: date
    months: tuple[Month, ...]
    places: tuple[Place, ...]
    orders: int
    units: int
    buyers: int
    communes: int
    amount: Money
    before: Money
    growth: Decimal | None


def year_until(last: date) -> tuple[date, date]:
    """The twelve calendar months that end with this day's month."""
    first = date(last.year - 1, last.month, 1)
    return _next_month(first), last


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def year_before(first: date) -> date:
    """The first day of the same twelve months a year earlier."""
    return first.replace(year=first.year - 1)


def figures(sales: Iterable[Sale], last: date) -> Figures:
    """The figures of the year that ends on the day, of the sales of it and of the year before."""
    first, _ = year_until(last)
    every = list(sales)
    now = [sale for sale in every if first <= sale.on <= last]
    before = total(sale.amount for sale in every if year_before(first) <= sale.on < first)
    amount = total(sale.amount for sale in now)
    return Figures(
        first=first,
        last=last,
        months=_months(now, first),
        places=_places(now),
        orders=len({sale.order for sale in now}),
        units=sum(sale.units for sale in now),
        buyers=len({sale.buyer for sale in now}),
        communes=len({(sale.province, sale.commune) for sale in now}),
        amount=amount,
        before=before,
        growth=_growth(amount, before),
    )


def _growth(now: Money, before: Money) -> Decimal | None:
    if not before:
        return None
    change = Decimal((now - before).amount) * 100 / before.amount
    return change.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _months(sales: Sequence[Sale], first: date) -> tuple[Month, ...]:
    found = []
    for _n in range(12):
        inside = [sale for sale in sales if (sale.on.year, sale.on.month) == (first.year, first.month)]
        found.append(Month(first, sum(s.units for s in inside), total(s.amount for s in inside)))
        first = _next_month(first)
    return tuple(found)


def _places(sales: Sequence[Sale]) -> tuple[Place, ...]:
    orders: dict[str, set[str]] = {}
    amounts: Counter[str] = Counter()
    for sale in sales:
        orders.setdefault(sale.province, set()).add(sale.order)
        amounts[sale.province] += sale.amount.amount
    found = [Place(name, len(each), Money(amounts[name])) for name, each in orders.items()]
    return tuple(sorted(found, key=lambda place: (-place.amount.amount, place.name)))
