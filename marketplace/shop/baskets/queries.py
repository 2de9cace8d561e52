"""Reading a basket: its lines by producer, each with what it is worth today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import token_hash
from marketplace.platform.core.money import Money, total
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.baskets.models import Basket, BasketLine, BasketVoucher
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import Offer, offers, resting
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.queries import sales_of, terms_of, tiers_of
from marketplace.shop.pricing.rules import USUAL, Priced, Sale, Terms, Tier, price_at
from marketplace.shop.pricing.totals import PartFacts, Totals, totals
from marketplace.shop.vouchers.models import Voucher
from marketplace.shop.vouchers.queries import Judged, judge, promises
from marketplace.shop.vouchers.rules import persons

NOTHING = Money(0)


class Trouble(StrEnum):
    """Why a line cannot be bought as it stands."""

    RESTING = "resting"  # out of season: back on a day
    GONE = "gone"  # no longer on sale: certificate lapsed or revoked, listing paused or withdrawn
    SOLD_OUT = "sold_out"
    SHORT = "short"  # fewer on hand than wanted
    TOO_FEW = "too_few"  # the maker sells no fewer at once
    TOO_MANY = "too_many"  # nor more


@dataclass(frozen=True)
class Line:
    """A basket's line as of an instant. `offer` is None where it is no longer on sale."""

    variant: Variant
    quantity: int
    price_seen: Money
    offer: Offer | None
    on_hand: int  # what may be sold of it
    tiers: tuple[Tier, ...] = ()
    back_on: date | None = None  # it rests until that day
    sale: Sale | None = None  # the flash sale that runs

    @property
    def priced(self) -> Priced:
        """What one costs at this quantity, and why."""
        return price_at(self.variant.price, self.tiers, self.quantity, self.sale)

    @property
    def unit_price(self) -> Money:
        return self.priced.unit

    @property
    def trouble(self) -> Trouble | None:
        if self.offer is None:
            return Trouble.RESTING if self.back_on else Trouble.GONE
        if self.on_hand == 0:
            return Trouble.SOLD_OUT
        if self.quantity < self.variant.least_quantity:
            return Trouble.TOO_FEW
        if self.variant.most_quantity is not None and self.quantity > self.variant.most_quantity:
            return Trouble.TOO_MANY
        return Trouble.SHORT if self.on_hand < self.quantity else None

    @property
    def cashless(self) -> bool:
        """Whether it is on sale, but not for cash."""
        return self.offer is not None and product_set(self.offer.public.product.set_code).alcohol

    @property
    def price_changed(self) -> bool:
        return self.offer is not None and self.unit_price != self.price_seen

    @property
    def total(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def weight_g(self) -> int:
        return (self.variant.weight_g or 0) * self.quantity


@dataclass(frozen=True)
class Group:
    """The lines of one producer, sent together."""

    producer: Producer
    lines: tuple[Line, ...]
    terms: Terms = USUAL

    @property
    def missing(self) -> Money:
        """How much more this producer asks before it sends; zero dong where it is enough."""
        return self.terms.missing(self.goods_total)

    @property
    def goods_total(self) -> Money:
        return total(line.total for line in self.lines)

    @property
    def offered(self) -> list[tuple[Line, Offer]]:
        """Its lines, each with what admits it to sale."""
        return [(line, line.offer) for line in self.lines if line.offer is not None]

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g for line in self.lines)

    def part(self, delivery: Money = NOTHING) -> PartFacts:
        """Its goods as `pricing.totals` reckons them, with what sending them costs."""
        return PartFacts(self.producer.id, tuple((line.unit_price, line.quantity) for line in self.lines), delivery)


@dataclass(frozen=True)
class Contents:
    """What is in a basket: groups that an order may be made of, and lines that wait or are no longer on sale.

    Alcohol is not sold for cash (Luật 44/2019/QH14, art. 16): where there is a way to pay before goods are sent it
    stands in its group, and the whole is then `without_cash`; where there is none it waits in `cashless`, and the rest
    goes on.
    """

    basket_id: int | None
    groups: tuple[Group, ...]
    gone: tuple[Line, ...]
    cashless: tuple[Line, ...] = ()
    saved: tuple[Line, ...] = ()  # put aside for later
    vouchers: tuple[Judged, ...] = ()  # that the buyer entered, each with why it cannot be used, if it cannot

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def without_cash(self) -> bool:
        """Whether something of what may be ordered is not sold for cash."""
        return any(line.cashless for line in self.lines)

    @property
    def offered(self) -> list[tuple[Line, Offer]]:
        """The lines on sale, each with what admits it."""
        return [pair for group in self.groups for pair in group.offered]

    @property
    def troubled(self) -> bool:
        wrong = any(line.trouble for line in self.lines) or any(group.missing for group in self.groups)
        return bool(self.gone) or wrong

    @property
    def totals(self) -> Totals:
        """What it costs before an address is known: without delivery."""
        return totals([group.part() for group in self.groups], promises(self.vouchers))

    @property
    def goods_total(self) -> Money:
        return self.totals.goods


EMPTY = Contents(None, (), ())


def find_basket(token: str | None, *, by: Actor, hold: bool = False) -> Basket | None:
    """The visitor's basket: by the cookie's secret, else, for a member, by who they are.

    `hold` keeps it from others until the block ends, so that of two clicks neither is lost.
    """
    query = select(Basket).with_for_update() if hold else select(Basket)
    found = None
    if token:
        found = db.session.scalar(query.where(Basket.token_hash == token_hash(token)))
    if found is not None and found.user_id not in (None, by.user_id):
        found = None  # somebody else's, left on a shared device
    if found is None and by.known:
        found = db.session.scalar(query.where(Basket.user_id == by.user_id))
    return found


def is_somebody_elses(token: str | None, *, by: Actor) -> bool:
    """Whether the secret this browser holds opens another person's basket, as after signing out on a shared device."""
    if not token:
        return False
    owner = db.session.execute(select(Basket.user_id).where(Basket.token_hash == token_hash(token))).scalar()
    return owner is not None and owner != by.user_id


def waits_to_join(token: str | None, *, by: Actor) -> bool:
    """Whether a member's browser still holds a basket from before they signed in."""
    if not token or not by.known:
        return False
    mine = select(Basket.id).where(Basket.token_hash == token_hash(token), Basket.user_id.is_(None))
    return db.session.scalar(mine) is not None


def count_units(basket: Basket | None) -> int:
    """How many units are in the basket, for the badge beside its icon."""
    if basket is None:
        return 0
    inside = select(func.sum(BasketLine.quantity)).where(BasketLine.basket_id == basket.id)
    return db.session.scalar(inside.where(BasketLine.saved_at.is_(None))) or 0


def contents(basket: Basket | None, *, at: datetime, phone: str = "") -> Contents:
    """The basket as of an instant, grouped by producer in a steady order; `phone`: the buyer's, where it is known."""
    if basket is None:
        return EMPTY
    on = day_of(at)
    rows = list(
        db.session.scalars(
            select(BasketLine)
            .where(BasketLine.basket_id == basket.id)
            .options(joinedload(BasketLine.variant).joinedload(Variant.listing).joinedload(Listing.product))
            .order_by(BasketLine.id)
        )
    )
    ids = [row.variant_id for row in rows]
    on_sale, units, tiers, sales = offers(ids, on=on), sellable(ids, on=on), tiers_of(ids), sales_of(ids, at=at)
    unsold = [variant_id for variant_id in ids if variant_id not in on_sale]
    back = resting(unsold, on=on) if unsold else {}
    lines = [
        Line(
            row.variant,
            row.quantity,
            row.price_seen,
            on_sale.get(row.variant_id),
            units.get(row.variant_id, 0),
            tiers.get(row.variant_id, ()),
            back.get(row.variant_id),
            sales.get(row.variant_id),
        )
        for row in rows
    ]
    wanted = [line for line, row in zip(lines, rows, strict=True) if row.saved_at is None]
    waiting = () if prepays() else tuple(line for line in wanted if line.cashless)
    groups = _groups(line for line in wanted if line not in waiting)
    return Contents(
        basket.id,
        groups,
        gone=tuple(line for line in wanted if line.offer is None),
        cashless=waiting,
        saved=tuple(line for line, row in zip(lines, rows, strict=True) if row.saved_at is not None),
        vouchers=_judged(basket, groups, persons(phone=phone, user_id=basket.user_id), at),
    )


def prepays() -> bool:
    """Whether an order can be paid before it is sent: the room that knows, above this one, left word in the app."""
    return bool(current_app.extensions["prepays"]())


def _judged(basket: Basket, groups: Iterable[Group], people: tuple[str, ...], at: datetime) -> tuple[Judged, ...]:
    goods = {group.producer.id: group.goods_total for group in groups}
    return judge(entered(basket.id), goods, people=people, at=at)


def entered(basket_id: int) -> list[Voucher]:
    """The vouchers that a basket's buyer would use, the province's last."""
    query = (
        select(Voucher)
        .join(BasketVoucher, BasketVoucher.voucher_id == Voucher.id)
        .where(BasketVoucher.basket_id == basket_id)
        .order_by(Voucher.producer_id.is_(None), Voucher.producer_id)
    )
    return list(db.session.scalars(query))


def _groups(lines: Iterable[Line]) -> tuple[Group, ...]:
    on_sale = [(line.offer.public.producer, line) for line in lines if line.offer is not None]
    on_sale.sort(key=lambda pair: pair[0].id)
    terms = terms_of(producer.id for producer, _ in on_sale)
    return tuple(
        Group(pairs[0][0], tuple(line for _, line in pairs), terms[pairs[0][0].id])
        for pairs in (list(group) for _, group in groupby(on_sale, key=lambda pair: pair[0].id))
    )
