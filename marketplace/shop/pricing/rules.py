"""A producer's terms and what an order lacks of them; what a unit costs by how many are bought. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_

MOST_TIERS = 6
MOST_OF_ONE = 999  # in one line of a basket


@dataclass(frozen=True)
class Terms:
    """The least amount of goods in one order, and the days (from, until) from the order to the carrier."""

    minimum_order: Money
    ready_days: tuple[int, int]

    def missing(self, goods: Money) -> Money:
        """How much more must be ordered; zero dong where it is enough."""
        return max(self.minimum_order - goods, Money(0))


USUAL = Terms(Money(0), (1, 2))


@dataclass(frozen=True)
class Tier:
    """What one unit costs from a quantity on."""

    from_quantity: int
    price: Money

    def percent_off(self, retail: Money) -> int:
        """How much cheaper than the retail price, in whole percent, never more than it is."""
        return (retail - self.price).amount * 100 // retail.amount


class Phase(StrEnum):
    """Where a span of time stands at an instant."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


def phase_of(starts_at: datetime, ends_at: datetime, at: datetime) -> Phase:
    """Its start counts, its end does not; one ended before its start never ran."""
    if at >= ends_at or starts_at >= ends_at:
        return Phase.ENDED
    return Phase.RUNNING if at >= starts_at else Phase.PLANNED


@dataclass(frozen=True)
class Sale:
    """A flash sale that runs now: its price, its end, and how many units are left for it (None: no bound)."""

    id: int
    price: Money
    ends_at: datetime
    left: int | None = None


@dataclass(frozen=True)
class Priced:
    """What one unit costs at a quantity: by which tier or sale (None: retail), and the next tier there is."""

    unit: Money
    tier: Tier | None
    following: Tier | None
    sale: Sale | None = None


@dataclass(frozen=True)
class Agreed:
    """A purchase that a buyer and a producer agreed on; `stands` says whether this buyer may still order it."""

    id: int
    price: Money
    quantity: int
    stands: bool


def price_at(retail: Money, tiers: Sequence[Tier], quantity: int, sale: Sale | None = None) -> Priced:
    """What one unit costs when so many are bought: the lowest of the retail price, the highest tier's and the sale's.

    `tiers` rise in quantity. One that is not below the retail price, as after that was lowered, gives nothing, and
    so does a sale; a sale with fewer units left than are bought does not count at all. `following` is the next tier
    that would be cheaper still.
    """
    ordinary = _by_quantity(retail, tiers, quantity)
    if sale is None or sale.price >= ordinary.unit or (sale.left is not None and sale.left < quantity):
        return ordinary
    ahead = [tier for tier in tiers if tier.from_quantity > quantity and tier.price < sale.price]
    return Priced(sale.price, None, ahead[0] if ahead else None, sale)


def _by_quantity(retail: Money, tiers: Sequence[Tier], quantity: int) -> Priced:
    cheaper = [tier for tier in tiers if tier.price < retail]
    reached = [tier for tier in cheaper if tier.from_quantity <= quantity]
    ahead = [tier for tier in cheaper if tier.from_quantity > quantity]
    tier = reached[-1] if reached else None
    return Priced(tier.price if tier else retail, tier, ahead[0] if ahead else None)


def check_tiers(tiers: Sequence[Tier], *, retail: Money) -> None:
    """Quantities strictly rise, prices strictly fall and are below the retail price, at most six; raises Invalid.

    The refusal names the field: `from_1` and `price_1` are the first tier's, `tiers` the whole.
    """
    if len(tiers) > MOST_TIERS:
        raise Invalid({"tiers": N_("Nhiều nhất 6 mức giá.")})
    wrong = {}
    for n, tier in enumerate(tiers, start=1):
        if not 2 <= tier.from_quantity <= MOST_OF_ONE:
            wrong[f"from_{n}"] = N_("Số lượng từ 2 đến 999.")
        if not Money(0) < tier.price < retail:
            wrong[f"price_{n}"] = N_("Giá sỉ phải thấp hơn giá lẻ.")
    for n, (before, after) in enumerate(pairwise(tiers), start=2):
        if after.from_quantity <= before.from_quantity:
            wrong.setdefault(f"from_{n}", N_("Số lượng mức sau phải lớn hơn mức trước."))
        if after.price >= before.price:
            wrong.setdefault(f"price_{n}", N_("Giá mức sau phải thấp hơn mức trước."))
    if wrong:
        raise Invalid(wrong)
