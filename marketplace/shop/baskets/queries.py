"""Reading a basket: its lines by producer, each with what it is worth today."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.ids import token_hash
from marketplace.shop.baskets.models import Basket, BasketLine, BasketVoucher
from marketplace.shop.baskets.rules import EMPTY, Contents, Group, Line, for_vouchers
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import offers, resting
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.queries import agreed_of, sales_of, terms_of, tiers_of
from marketplace.shop.vouchers.models import Voucher
from marketplace.shop.vouchers.queries import Judged, judge
from marketplace.shop.vouchers.rules import persons


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
    agreed = agreed_of([row.agreed_id for row in rows if row.agreed_id is not None], user_id=basket.user_id, on=on)
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
            agreed.get(row.agreed_id or 0),
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
        vouchers=_judged(basket, groups, phone, at),
    )


def would_send(wanted: Mapping[str, int], *, at: datetime) -> tuple[Group, ...]:
    """What each producer would send of these goods (SKU to how many), in nobody's basket.

    Raises NotFound where one of them is not on sale.
    """
    query = select(Variant).where(Variant.sku.in_(wanted)).order_by(Variant.id)
    variants = list(db.session.scalars(query.options(joinedload(Variant.listing).joinedload(Listing.product))))
    ids, on = [each.id for each in variants], day_of(at)
    on_sale, units, tiers, sales = offers(ids, on=on), sellable(ids, on=on), tiers_of(ids), sales_of(ids, at=at)
    if len(on_sale) < len(wanted):
        raise NotFound
    return _groups(
        Line(
            variant=each,
            quantity=wanted[each.sku],
            price_seen=each.price,
            offer=on_sale[each.id],
            on_hand=units.get(each.id, 0),
            tiers=tiers.get(each.id, ()),
            sale=sales.get(each.id),
        )
        for each in variants
    )


def prepays() -> bool:
    """Whether an order can be paid before it is sent: the room that knows, above this one, left word in the app."""
    return bool(current_app.extensions["prepays"]())


def _judged(basket: Basket, groups: Iterable[Group], phone: str, at: datetime) -> tuple[Judged, ...]:
    goods = for_vouchers(groups)
    people = persons(phone=phone, user_id=basket.user_id)
    return judge(entered(basket.id), goods, people=people, at=at, user_id=basket.user_id, phone=phone)


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
