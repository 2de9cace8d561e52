"""What an order costs: the one function that cart, review and order ask. Pure; parts sum to the whole, to the dong.

Rules (docs/decisions/0016): a part takes at most one voucher of its producer, an order at most one of the province, so
no order of applying them has to be chosen. The producers' come first. What a producer gives never exceeds its goods
(free delivery too: the producer pays for it); what the province gives is reckoned on what is left, and is shared over
the parts in proportion to what it takes off each, by largest remainder. No voucher is taken off a part that holds a
purchase at an agreed price: what was agreed on is what is paid (docs/decisions/0020).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.platform.core.money import Money, total

NOTHING = Money(0)


class VoucherKind(StrEnum):
    AMOUNT = "amount"
    PERCENT = "percent"
    FREE_DELIVERY = "free_delivery"


@dataclass(frozen=True)
class Promise:
    """What a voucher takes off. `producer_id` is None: the province gives; `cap` bounds a percentage, a delivery."""

    code: str
    kind: VoucherKind
    producer_id: int | None = None
    amount: Money | None = None
    percent: int | None = None
    cap: Money | None = None

    def worth(self, goods: Money, delivery: Money) -> Money:
        """What it takes off these amounts, never more than it is about."""
        if self.kind is VoucherKind.AMOUNT:
            return min(self.amount or NOTHING, goods)
        by_percent = self.kind is VoucherKind.PERCENT
        share = Money(goods.amount * (self.percent or 0) // 100) if by_percent else delivery
        return share if self.cap is None else min(share, self.cap)


@dataclass(frozen=True)
class PartFacts:
    """What one producer would send: its lines as (unit price, quantity), and what sending them costs."""

    producer_id: int
    lines: tuple[tuple[Money, int], ...]
    delivery: Money = NOTHING
    agreed: bool = False  # it holds a purchase at an agreed price

    @property
    def goods(self) -> Money:
        return total(price * quantity for price, quantity in self.lines)


@dataclass(frozen=True)
class PartTotals:
    """What one part costs; `own_discount` its producer gives, `gift` the province."""

    producer_id: int
    goods: Money
    shipping: Money
    own_discount: Money = NOTHING
    gift: Money = NOTHING

    @property
    def total(self) -> Money:
        return self.goods + self.shipping - self.own_discount - self.gift


@dataclass(frozen=True)
class Reduction:
    """What one voucher takes off the order."""

    code: str
    amount: Money


@dataclass(frozen=True)
class Totals:
    """What an order costs, part by part."""

    parts: tuple[PartTotals, ...]
    reductions: tuple[Reduction, ...] = ()

    @property
    def goods(self) -> Money:
        return total(part.goods for part in self.parts)

    @property
    def shipping(self) -> Money:
        return total(part.shipping for part in self.parts)

    @property
    def discount(self) -> Money:
        return total(part.own_discount + part.gift for part in self.parts)

    @property
    def total(self) -> Money:
        return self.goods + self.shipping - self.discount

    def taken_off(self, code: str) -> Money:
        """What the voucher of this code takes off; zero dong where it is not applied."""
        return total(each.amount for each in self.reductions if each.code == code)


def totals(parts: Sequence[PartFacts], promises: Iterable[Promise] = ()) -> Totals:
    """What these parts cost with these vouchers; one of a producer that sends nothing takes nothing off.

    Raises ValueError for two vouchers of one giver: whoever applies them has to choose.
    """
    given: dict[int | None, Promise] = {}
    for promise in promises:
        if given.setdefault(promise.producer_id, promise) is not promise:
            raise ValueError("two vouchers of one giver")
    reckoned, left = [], []
    reductions = []
    for part in parts:
        own = None if part.agreed else given.get(part.producer_id)
        off = min(own.worth(part.goods, part.delivery), part.goods) if own else NOTHING
        reckoned.append(PartTotals(part.producer_id, part.goods, part.delivery, off))
        on_delivery = own is not None and own.kind is VoucherKind.FREE_DELIVERY
        left.append((part.goods, part.delivery - off) if on_delivery else (part.goods - off, part.delivery))
        if part.agreed:
            left[-1] = (NOTHING, NOTHING)
        if own is not None:
            reductions.append(Reduction(own.code, off))
    general = given.get(None)
    if general is None:
        return Totals(tuple(reckoned), tuple(reductions))
    gifts = _gifts(general, left)
    reductions.append(Reduction(general.code, total(gifts)))
    shared = (
        PartTotals(part.producer_id, part.goods, part.shipping, part.own_discount, gift)
        for part, gift in zip(reckoned, gifts, strict=True)
    )
    return Totals(tuple(shared), tuple(reductions))


def _gifts(promise: Promise, left: Sequence[tuple[Money, Money]]) -> list[Money]:
    """The province's gift shared over what is left of goods and delivery of each part; never more than that."""
    whole = promise.worth(total(goods for goods, _ in left), total(delivery for _, delivery in left))
    on_delivery = promise.kind is VoucherKind.FREE_DELIVERY
    weights = [(delivery if on_delivery else goods).amount for goods, delivery in left]
    return whole.split(weights) if any(weights) else [NOTHING for _ in left]
