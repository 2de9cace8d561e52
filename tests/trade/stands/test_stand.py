"""Sales at a stand: units leave the online stock, once; voided they come back; a day's takings; orders from there."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.registry.certification.queries import list_of_product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import OutOfStock
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services import move
from marketplace.trade.stands.models import PaidBy, StandSale
from marketplace.trade.stands.queries import (
    by_day,
    came_by,
    get_public_stand,
    list_orders_of,
    list_sales,
    list_takings,
)
from marketplace.trade.stands.services import (
    AlreadyVoided,
    NotSelling,
    SoldAlready,
    note_takings,
    sell,
    void,
)
from tests.builders import BY, make_offer, make_order, make_user, revoke_certificate
from tests.exhibiting import make_exhibitor
from tests.fairing import OPENING, make_edition

FIRST_DAY = date(2026, 12, 18)


class Stall:
    """A running fair with one stand, its owner and ten units of noodles."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.edition: Edition = make_edition(at=at, state=EditionState.RUNNING)
        user, producer, application = make_exhibitor(self.edition, "Lò miến", at=at)
        self.user: User = user
        self.producer: Producer = producer
        self.application: Application = application
        self.noodles: Variant = make_offer("Miến tại gian", at=at, producer=producer, stock=10)

    def sell(
        self,
        quantity: int = 2,
        *,
        key: str = "k",
        price: int = 45_000,
        sku: str = "",
        by: Any = None,
        paid_by: PaidBy = PaidBy.CASH,
    ) -> StandSale:
        with transaction():
            return sell(
                edition=self.edition.code,
                key=key,
                goods={sku or self.noodles.sku: (quantity, Money(price))},
                paid_by=paid_by,
                by=by or self.user.actor(),
                at=OPENING,
            )

    def left(self) -> int:
        return on_hand([self.noodles.id])[self.noodles.id]


@pytest.fixture
def stall(app: Flask, at: datetime) -> Stall:
    return Stall(at)


def sales_in_all() -> int:
    return db.session.scalar(select(func.count()).select_from(StandSale)) or 0


def test_a_sale_leaves_the_online_stock_once(stall: Stall) -> None:
    first, again = stall.sell(), stall.sell()
    assert (first.id, stall.left(), sales_in_all()) == (again.id, 8, 1)
    (sale,) = list_sales(stall.application.id)
    assert (sale.amount, sale.day, sale.paid_by) == (Money(90_000), FIRST_DAY, PaidBy.CASH)
    with pytest.raises(SoldAlready):
        stall.sell(3)
    with pytest.raises(SoldAlready):
        stall.sell(paid_by=PaidBy.TRANSFER)
    user, _producer, _application = make_exhibitor(stall.edition, "Lò khác", at=stall.at)
    with pytest.raises(SoldAlready):
        stall.sell(by=user.actor())
    assert (stall.left(), sales_in_all()) == (8, 1)


def test_a_voided_sale_gives_the_units_back_once(stall: Stall) -> None:
    sale = stall.sell()
    acts: dict[str, Any] = {"edition": stall.edition.code, "sale": sale.code, "by": stall.user.actor(), "at": OPENING}
    with pytest.raises(Invalid), transaction():
        void(reason=" ", **acts)
    assert stall.left() == 8
    with transaction():
        void(reason="Ghi nhầm", **acts)
    with pytest.raises(AlreadyVoided), transaction():
        void(reason="Lần nữa", **acts)
    assert (stall.left(), by_day([stall.application.id])) == (10, {})
    with pytest.raises(NotFound), transaction():
        void(reason="x", **{**acts, "sale": "BGKHONG"})


@pytest.mark.parametrize(
    ("quantity", "price", "field"), [(0, 1, "quantity"), (100_001, 1, "quantity"), (1, -1, "price")]
)
def test_what_makes_no_sense(stall: Stall, quantity: int, price: int, field: str) -> None:
    with pytest.raises(Invalid) as told:
        stall.sell(quantity, price=price)
    assert set(told.value.fields) == {f"{field}-{stall.noodles.sku}"}
    with pytest.raises(Invalid), transaction():
        sell(edition=stall.edition.code, key="z", goods={}, paid_by=PaidBy.CARD, by=stall.user.actor(), at=OPENING)
    assert (stall.left(), sales_in_all()) == (10, 0)


def test_more_than_there_is_or_not_ones_own_or_not_certified(stall: Stall, at: datetime) -> None:
    with pytest.raises(OutOfStock):
        stall.sell(11)
    other = make_offer("Của người khác", at=at)
    with pytest.raises(NotFound):
        stall.sell(sku=other.sku)
    (certificate,) = _certificates(stall)
    revoke_certificate(certificate, at=at)
    with pytest.raises(NotFound):
        stall.sell()
    assert (stall.left(), sales_in_all()) == (10, 0)


def _certificates(stall: Stall) -> list[Any]:
    listing = db.session.get_one(Listing, stall.noodles.listing_id)
    return list_of_product(listing.product_id)


def test_who_may_and_when(stall: Stall, at: datetime) -> None:
    stranger = make_user(Role.PRODUCER, at=at)
    for by, refusal in ((stranger.actor(), NotFound), (BY, Forbidden), (Actor(role=Role.PRODUCER), NotFound)):
        with pytest.raises(refusal):
            stall.sell(by=by)
    with pytest.raises(Forbidden), transaction():
        _note(stall, BY, FIRST_DAY, 1)
    with transaction():
        move(code=stall.edition.code, to=EditionState.CLOSED, by=BY, at=at)
    with pytest.raises(NotSelling):
        stall.sell()
    with transaction():
        _note(stall, stall.user.actor(), FIRST_DAY, 5)  # the day's count is often done afterwards
        move(code=stall.edition.code, to=EditionState.REPORTED, by=BY, at=at)
    with pytest.raises(NotSelling), transaction():
        _note(stall, stall.user.actor(), FIRST_DAY, 6)
    assert (sales_in_all(), list_takings(stall.application.id)[FIRST_DAY].amount) == (0, Money(5))


def _note(stall: Stall, by: Actor, day: date, amount: int) -> None:
    note_takings(edition=stall.edition.code, day=day, amount=Money(amount), note="nếm thử", by=by, at=OPENING)


def test_takings_by_day(stall: Stall) -> None:
    stall.sell()
    for amount in (1_000, 2_000):
        with transaction():
            _note(stall, stall.user.actor(), FIRST_DAY, amount)
    assert by_day([stall.application.id]) == {stall.application.id: {FIRST_DAY: Money(92_000)}}
    for day, amount, field in (
        (FIRST_DAY - timedelta(days=1), 1, "day"),
        (FIRST_DAY + timedelta(days=1), 1, "day"),  # not before it has come
        (FIRST_DAY, -1, "amount"),
    ):
        with pytest.raises(Invalid) as told, transaction():
            _note(stall, stall.user.actor(), day, amount)
        assert set(told.value.fields) == {field}


def test_orders_that_began_at_the_stand(stall: Stall, at: datetime) -> None:
    other = make_offer("Của người khác", at=at)
    order = make_order((stall.noodles, 1), (other, 1), at=at)
    make_order((stall.noodles, 1), at=at)
    with transaction():
        db.session.get_one(Order, order.id).came_by = came_by(stall.application.code)
    parts = list_orders_of([stall.application])[stall.application.id]
    assert [(part.order_id, part.producer_id) for part in parts] == [(order.id, stall.producer.id)]
    with transaction():
        for part in _parts(order):
            part.state = PartState.CANCELLED
    assert list_orders_of([stall.application]) == {}


def _parts(order: Order) -> list[Any]:
    return list(db.session.scalars(select(OrderPart).where(OrderPart.order_id == order.id)))


def test_only_a_confirmed_exhibitor_has_a_stand(stall: Stall) -> None:
    assert get_own_stand(stall.edition.code, by=stall.user.actor()).id == stall.application.id
    with pytest.raises(NotFound):
        get_public_stand(stall.edition.slug, stall.application.code)  # no booth is published
    with transaction():
        db.session.get_one(Application, stall.application.id).state = ApplicationState.NO_SHOW
    with pytest.raises(NotFound):
        get_own_stand(stall.edition.code, by=stall.user.actor())
