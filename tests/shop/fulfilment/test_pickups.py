"""An order is fetched at a point: paid first, its address frozen, told when it came, handed over for its code."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.baskets.queries import find_basket
from marketplace.shop.books.queries import verify
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.queries import review
from marketplace.shop.checkout.services import MethodGone, Receiver, ReviewChanged, place_order, save_draft, save_pickup
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.delivery.services import PickupFacts, close_pickup, keep_pickup
from marketplace.shop.fulfilment.pickups import (
    count_at_points,
    hand_over,
    list_at_points,
    note_arrival,
    report_unfetched,
)
from marketplace.shop.fulfilment.services import PointHandsOver, confirm_part, deliver_part, ship_part, take_back
from marketplace.shop.orders.models import Order, PartState, PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import PartMoved
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import change_method
from marketplace.shop.payments.services.attempts import NotForFetched
from marketplace.trade.showcase.models import ShowcasePoint
from tests.builders import ADDRESS, BY, fill_basket, make_offer, make_order, make_producer, make_user
from tests.money import offer_transfers
from tests.showing import fetch_order, make_keeper, make_point, send_there


@pytest.fixture
def seller(app: Flask, at: datetime) -> User:
    offer_transfers(app)
    return make_user(Role.PRODUCER, at=at, email="seller@example.com")


@pytest.fixture
def goods(seller: User, at: datetime) -> Variant:
    return make_offer(at=at, producer=make_producer(at=at, user=seller), price=50_000)


@pytest.fixture
def keeper(app: Flask, at: datetime) -> User:
    return make_keeper(at=at)


@pytest.fixture
def point(keeper: User, at: datetime) -> ShowcasePoint:
    return make_point(at=at, keeper=keeper, pickup=7_000)


def state(order: Order) -> PartState:
    return get_order(order.number).parts[0].state


def letters(kind: str) -> list[OutgoingMail]:
    query = select(OutgoingMail).where(OutgoingMail.key.startswith(kind))
    return list(db.session.scalars(query.order_by(OutgoingMail.id)))


def test_the_road_of_a_fetched_order(
    point: ShowcasePoint, keeper: User, seller: User, goods: Variant, at: datetime
) -> None:
    order = fetch_order(point, (goods, 2), at=at)
    assert (order.shipping_total, order.total) == (Money(7_000), Money(107_000))
    assert (order.pickup_name, order.street, order.commune_code) == (point.name, point.street, "03390")
    assert order.pickup_code is not None
    assert len(order.pickup_code) == 6
    send_there(order, seller, at=at)
    assert order.pickup_code not in "".join(each.text for each in db.session.scalars(select(OutgoingMail)))
    desk: dict[str, Any] = {"number": order.number, "position": 1, "by": keeper.actor(), "at": at}
    assert [part.state for part in list_at_points(pickup_id=point.pickup_id or 0, by=keeper.actor())] == ["shipped"]
    assert count_at_points(pickup_id=point.pickup_id or 0, by=keeper.actor()) == 1
    for _ in range(2):
        with transaction():
            note_arrival(**desk)
    (told,) = letters("pickup-arrived")
    assert told.to_address == "yen@example.com"
    assert order.pickup_code in told.text
    assert f"/showcase/{point.slug}" in told.text
    for wrong in ("", "000000", order.pickup_code[:5]):
        with pytest.raises(Invalid), transaction():
            hand_over(code=wrong, **desk)
    assert state(order) is PartState.SHIPPED
    with transaction():
        hand_over(code=f" {order.pickup_code.lower()} ", **desk)
    assert state(order) is PartState.DELIVERED
    with pytest.raises(PartMoved), transaction():
        hand_over(code=order.pickup_code, **desk)
    with pytest.raises(PartMoved), transaction():
        note_arrival(**desk)
    assert count_at_points(pickup_id=point.pickup_id or 0, by=keeper.actor()) == 0
    assert [each.code for each in verify(at=at) if each.faults] == []


def test_what_nobody_fetches_goes_back(
    point: ShowcasePoint, keeper: User, seller: User, goods: Variant, at: datetime
) -> None:
    order = fetch_order(point, (goods, 1), at=at)
    send_there(order, seller, at=at)
    desk: dict[str, Any] = {"number": order.number, "position": 1, "by": keeper.actor(), "at": at}
    for reason in (" ", "x" * 501):
        with pytest.raises(Invalid), transaction():
            report_unfetched(reason=reason, **desk)
    with transaction():
        report_unfetched(reason="Hẹn ba lần không tới", **desk)
    with transaction():
        take_back(number=order.number, position=1, by=seller.actor(), at=at)
    assert state(order) is PartState.RETURNED


def test_the_point_hands_over_and_nobody_else(
    point: ShowcasePoint, keeper: User, seller: User, goods: Variant, at: datetime
) -> None:
    order = fetch_order(point, (goods, 1), at=at)
    code = order.pickup_code or ""
    there: dict[str, Any] = {"number": order.number, "position": 1, "at": at}
    with pytest.raises(NotFound), transaction():  # not sent yet
        hand_over(code=code, by=keeper.actor(), **there)
    send_there(order, seller, at=at)
    with pytest.raises(PointHandsOver), transaction():
        deliver_part(by=seller.actor(), **there)
    stranger, buyer = make_keeper(at=at, email="other@example.com"), make_user(Role.BUYER, at=at)
    for who in (stranger, buyer, seller):
        with pytest.raises(NotFound), transaction():
            hand_over(code=code, by=who.actor(), **there)
        assert list_at_points(pickup_id=point.pickup_id or 0, by=who.actor()) == []
    at_home = make_order((goods, 1), at=at)
    facts: dict[str, Any] = {"number": at_home.number, "position": 1, "by": seller.actor(), "at": at}
    with transaction():
        confirm_part(**facts)
        ship_part(**facts, carrier="tự giao", tracking_number="")
    with pytest.raises(NotFound), transaction():
        note_arrival(**facts | {"by": keeper.actor()})
    assert (state(order), state(at_home)) == (PartState.SHIPPED, PartState.SHIPPED)


def test_it_is_paid_before_it_is_sent(
    app: Flask, point: ShowcasePoint, keeper: User, goods: Variant, at: datetime
) -> None:
    basket = find_basket(fill_basket((goods, 1), at=at), by=GUEST)
    assert basket is not None
    code = db.session.get_one(PickupPoint, point.pickup_id).code
    who = Receiver("Nguyễn Thị Yến", "+84912345678", "yen@example.com")
    with transaction():
        draft = save_pickup(basket_id=basket.id, code=code, who=who, at=at)
    shown = review(draft, at=at)
    assert shown is not None
    assert shown.methods == [PaymentMethod.BANK_TRANSFER]
    facts: dict[str, Any] = {
        "key": draft.key,
        "fingerprint": shown.fingerprint,
        "language": "vi",
        "by": GUEST,
        "at": at,
    }
    with pytest.raises(MethodGone), transaction():
        place_order(**facts)
    with transaction():
        order = place_order(method=PaymentMethod.BANK_TRANSFER, **facts)
    payment = payment_of(order.number)
    with pytest.raises(NotForFetched), transaction():
        change_method(payment_id=payment.id, method=PaymentMethod.CASH_ON_DELIVERY, by=GUEST, at=at)
    assert payment_of(order.number).method is PaymentMethod.BANK_TRANSFER
    assert list_at_points(pickup_id=point.pickup_id or 0, by=keeper.actor()) == []  # not paid yet: nobody's business


def test_a_point_that_closes_meanwhile_places_nothing(point: ShowcasePoint, goods: Variant, at: datetime) -> None:
    basket = find_basket(fill_basket((goods, 1), at=at), by=GUEST)
    assert basket is not None
    pickup = db.session.get_one(PickupPoint, point.pickup_id)
    who = Receiver("Nguyễn Thị Yến", "+84912345678", "yen@example.com")
    with transaction():
        draft = save_pickup(basket_id=basket.id, code=pickup.code, who=who, at=at)
    shown = review(draft, at=at)
    assert shown is not None
    for _ in range(2):  # closing what is closed changes nothing
        with transaction():
            close_pickup(pickup_id=pickup.id, by=BY, at=at)
    assert review(draft, at=at) is None
    with pytest.raises(ReviewChanged), transaction():
        place_order(
            key=draft.key, fingerprint=shown.fingerprint, language="vi", by=GUEST, at=at,
            method=PaymentMethod.BANK_TRANSFER,
        )  # fmt: skip
    with pytest.raises(Invalid), transaction():
        save_pickup(basket_id=basket.id, code=pickup.code, who=who, at=at)
    with transaction():  # delivered home after all
        home = save_draft(basket_id=basket.id, address=ADDRESS, at=at + timedelta(minutes=1))
    again = review(home, at=at)
    assert again is not None
    assert (again.pickup, PaymentMethod.CASH_ON_DELIVERY in again.methods) == (None, True)


def test_only_the_office_keeps_pickup_points(app: Flask, point: ShowcasePoint, keeper: User, at: datetime) -> None:
    facts = PickupFacts("Lạ", point.commune_id, "x", None, keeper.organisation_id or 0, Money(0))
    with pytest.raises(Forbidden), transaction():
        keep_pickup(pickup_id=None, facts=facts, by=keeper.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        close_pickup(pickup_id=point.pickup_id or 0, by=keeper.actor(), at=at)
    assert db.session.get_one(PickupPoint, point.pickup_id).closed_at is None
