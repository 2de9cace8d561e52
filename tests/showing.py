"""Builders of showcase points: one in the register, open to the public, with a desk; an order fetched there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.baskets.queries import find_basket
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.queries import review
from marketplace.shop.checkout.services import Receiver, place_order, save_pickup
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.fulfilment.services import confirm_part, ship_part
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.payments.queries import payment_of
from marketplace.trade.showcase.models import MoveKind, PlaceKind, PointMove, PointState, ShowcasePoint
from marketplace.trade.showcase.queries import get_point
from marketplace.trade.showcase.rules import Span
from marketplace.trade.showcase.services import (
    MoveFacts,
    PointFacts,
    move_point,
    put_on_display,
    record_move,
    register_point,
    set_hours,
    set_pickup,
)
from tests.builders import BY, fill_basket, make_user
from tests.money import make_transfer

FACTS = PointFacts(
    name="Điểm OCOP Đoàn Kết",
    kind=PlaceKind.MARKET,
    commune_code="03390",
    street="12 Đại lộ Lê Lợi",
    managed_by="HTX Phố núi",
    latitude=22.39,
    longitude=103.46,
    authority="Sở Công Thương tỉnh Lai Châu",
    decision_number="118/QĐ-SCT",
    decided_on=date(2026, 3, 2),
)
WEEK = [Span(day, time(7, 30), time(17)) for day in range(6)]
POINT_TYPED: Mapping[str, str] = {
    "name": "Điểm mới",
    "kind": "tourism",
    "commune_code": "03390",
    "street": "Bản Mới",
    "managed_by": "HTX Mới",
}


def make_point(
    *, at: datetime, keeper: User | None = None, opened: bool = True, pickup: int | None = None, **said: Any
) -> ShowcasePoint:
    """A point in the register, open to the public, kept by the keeper's organisation."""
    facts = replace(FACTS, keeper=keeper.email if keeper else "", **said)
    with transaction():
        slug = register_point(facts=facts, by=BY, at=at).slug
    with transaction():
        set_hours(slug=slug, spans=WEEK, by=BY, at=at)
    if opened:
        with transaction():
            move_point(slug=slug, to=PointState.OPEN, by=BY, at=at)
    if pickup is not None:
        with transaction():
            set_pickup(slug=slug, fee=Money(pickup), by=BY, at=at)
    return get_point(slug, by=BY)


def show(point: ShowcasePoint, variant: Variant, *, at: datetime) -> None:
    """Put the variant's product on display there."""
    with transaction():
        put_on_display(slug=point.slug, listing=variant.listing.slug, by=BY, at=at)


def write_move(
    point: ShowcasePoint, keeper: User, variant: Variant, kind: MoveKind, units: int, *, at: datetime, **said: Any
) -> PointMove:
    """Something came or went; what is sold costs 40,000 unless said."""
    key = said.pop("key", f"key-{kind}-{units}-{at.timestamp()}-{len(said)}-{id(said)}")
    price = Money(40_000) if kind is MoveKind.SOLD else None
    facts = MoveFacts(variant.sku, kind, units, **{"day": at.date(), "unit_price": price} | said)
    with transaction():
        return record_move(slug=point.slug, key=key, facts=facts, by=keeper.actor(), at=at)


def fetch_order(
    point: ShowcasePoint, *goods: tuple[Variant, int], at: datetime, by: Actor = GUEST, paid: bool = True
) -> Order:
    """An order to be fetched at the point, paid by transfer; the application takes transfers."""
    basket = find_basket(fill_basket(*goods, at=at, by=by), by=by)
    assert basket is not None
    code = db.session.get_one(PickupPoint, point.pickup_id).code
    who = Receiver("Nguyễn Thị Yến", "+84912345678", "yen@example.com")
    with transaction():
        draft = save_pickup(basket_id=basket.id, code=code, who=who, at=at)
    shown = review(draft, at=at)
    assert shown is not None
    with transaction():
        order = place_order(
            key=draft.key,
            fingerprint=shown.fingerprint,
            method=PaymentMethod.BANK_TRANSFER,
            language="vi",
            by=by,
            at=at,
        )
    if paid:
        make_transfer(order.number.replace("-", ""), payment_of(order.number).amount.amount, at=at)
    return get_order(order.number)


def send_there(order: Order, seller: User, *, at: datetime) -> None:
    """The producer sends the order's first part to the point."""
    facts: dict[str, Any] = {"number": order.number, "position": 1, "by": seller.actor(), "at": at}
    with transaction():
        confirm_part(**facts)
        ship_part(**facts, carrier="tự giao", tracking_number="")


def make_keeper(*, at: datetime, email: str = "keeper@example.com") -> User:
    """Somebody of a distributor that keeps points."""
    return make_user(Role.DISTRIBUTOR, at=at, email=email)
