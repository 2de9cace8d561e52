"""A wholesale order from an accepted quotation: at the agreed price, once, through the shop like any other."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import User
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate
from marketplace.shop.baskets.models import BasketLine
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.baskets.rules import Contents, Trouble
from marketplace.shop.baskets.services import (
    AgreedOn,
    BasketFull,
    accept_prices,
    add_to_basket,
    join_baskets,
    set_quantity,
)
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.delivery.queries import quote_parcel
from marketplace.shop.delivery.rules import TooHeavy
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import Order, OrderLine
from marketplace.shop.orders.queries import get_order
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.shop.pricing.rules import Terms
from marketplace.shop.pricing.services import AgreedGone, set_terms, use_agreed
from marketplace.trade.deals.queries.signed import list_orders
from marketplace.trade.deals.services import NothingAgreed, PartySuspended, accept_quote, order_agreed
from marketplace.trade.distributors.models import Distributor, Standing
from tests.builders import (
    enter,
    fill_basket,
    make_member,
    make_offer,
    make_sale,
    make_voucher,
    revoke_certificate,
    start_checkout,
)
from tests.dealing import Road, agreed, fresh, make_road, quote


def lay(road: Road, quantity: int, *, at: datetime, token: str = "", by: User | None = None) -> str:
    """The agreed purchase in the buyer's basket; answers the basket's secret."""
    token = token or new_token()
    with transaction():
        order_agreed(code=road.code, quantity=quantity, token=token, by=(by or road.buyer).actor(), at=at)
    return token


def inside(road: Road, token: str, *, at: datetime) -> Contents:
    db.session.rollback()
    return contents(find_basket(token, by=road.buyer.actor()), at=at)


def place(road: Road, token: str, *, at: datetime) -> Order:
    by = road.buyer.actor()
    key, fingerprint = start_checkout(token, at=at, by=by)
    with transaction():
        return place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)


def test_it_is_ordered_at_the_agreed_price(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    token = lay(road, 1_200, at=at)
    assert lay(road, 1_200, at=at, token=token) == token
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 1
    order = get_order(place(road, token, at=at).number)
    (part,) = order.parts
    (line,) = part.lines
    assert (line.unit_price, line.quantity, line.line_total) == (Money(36_000), 1_200, Money(43_200_000))
    assert (line.tier_from, line.sale_id, line.stars, line.agreed_id is not None) == (None, None, 4, True)
    assert (order.goods_total, part.weight_g) == (Money(43_200_000), 600_000)
    twelve_parcels = quote_parcel(origin="12", destination="01", weight_g=600_000, producer="x", several=True).price
    assert order.shipping_total == twelve_parcels
    assert on_hand([road.variant.id])[road.variant.id] == 3_800
    (known,) = list_orders(fresh(road.deal), by=road.seller.actor())
    assert (known.number, known.quantity, known.value) == (order.number, 1_200, Money(43_200_000))


def test_pressed_twice_it_is_ordered_once(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    token, by = lay(road, 100, at=at), road.buyer.actor()
    key, fingerprint = start_checkout(token, at=at, by=by)
    numbers = set()
    for _ in range(2):
        with transaction():
            numbers.add(place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at).number)
    assert len(numbers) == 1
    row = db.session.scalars(select(AgreedPrice)).one()
    assert row.used_at == at
    with pytest.raises(AgreedGone), transaction():
        use_agreed([row.id], user_id=road.buyer.id, on=at.date(), at=at)
    lay(road, 100, at=at)  # a repeat is a purchase of its own
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 2
    assert place(road, new_token(), at=at).number not in numbers
    assert db.session.scalar(select(func.count(OrderLine.id)).where(OrderLine.agreed_id.is_not(None))) == 2


def test_nothing_else_comes_off(app: Flask, at: datetime) -> None:
    """No tier, sale or voucher lowers an agreed price; what is bought beside it of others keeps its own."""
    road = make_road(at=at, price=100_000)
    agreed(road, (100, 90_000), at=at)
    make_sale(road.variant, road.seller, at=at)
    make_voucher("CUANOI", at=at, giver=road.seller)
    make_voucher("CUATINH", at=at)
    token = fill_basket((make_offer("Gạo", at=at), 2), at=at, by=road.buyer.actor())
    enter(token, "CUATINH", at=at, by=road.buyer.actor())
    before = inside(road, token, at=at).totals.discount
    lay(road, 100, at=at, token=token)
    held = inside(road, token, at=at)
    (line,) = [each for each in held.lines if each.agreed]
    assert (line.unit_price, line.priced.tier, line.priced.sale) == (Money(90_000), None, None)
    assert held.totals.discount == before > Money(0)
    with pytest.raises(Invalid):
        enter(token, "CUANOI", at=at, by=road.buyer.actor())
    order = get_order(place(road, token, at=at).number)
    assert [(part.own_discount, part.gift) for part in order.parts if part.producer_id == road.producer.id] == [
        (Money(0), Money(0))
    ]


def test_a_minimum_order_is_not_asked_of_it(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, (1, 9_000), (2, 8_000), at=at)
    with transaction():
        set_terms(terms=Terms(Money(50_000_000), (1, 2)), by=road.seller.actor(), at=at)
    assert not inside(road, lay(road, 100, at=at), at=at).troubled


def test_who_may_order_and_what(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    with pytest.raises(NothingAgreed):
        lay(road, 100, at=at)
    quote(road, at=at)
    with pytest.raises(NothingAgreed):
        lay(road, 100, at=at)

    with transaction():
        accept_quote(code=road.code, number=1, by=road.buyer.actor(), at=at)
    with pytest.raises(Forbidden):
        lay(road, 100, at=at, by=road.seller)
    for quantity in (0, 99, 1_000_001):
        with pytest.raises(Invalid):
            lay(road, quantity, at=at)
    with pytest.raises(NothingAgreed):
        lay(road, 100, at=at + timedelta(days=21))
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 0
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    with pytest.raises(NotFound):
        lay(road, 100, at=at)
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 0


def test_a_suspended_buyer_orders_nothing(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    with transaction():
        row = db.session.get_one(Distributor, road.distributor.id)
        row.standing, row.remark = Standing.SUSPENDED, "x"
    with pytest.raises(PartySuspended):
        lay(road, 100, at=at)
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 0


def test_a_certificate_revoked_meanwhile_stops_the_order(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    token, by = lay(road, 100, at=at), road.buyer.actor()
    key, fingerprint = start_checkout(token, at=at, by=by)
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)
    assert db.session.scalars(select(AgreedPrice)).one().used_at is None
    assert db.session.scalar(select(func.count(Order.id))) == 0


def test_the_line_is_not_changed_in_the_basket(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    by = road.buyer.actor()
    token = fill_basket((road.variant, 3), at=at, by=by)
    lay(road, 100, at=at, token=token)
    (line,) = inside(road, token, at=at).lines  # in the place of three at the shop's price
    assert (line.quantity, line.unit_price) == (100, Money(40_000))
    with pytest.raises(AgreedOn), transaction():
        add_to_basket(token=token, sku=road.variant.sku, quantity=1, by=by, at=at)
    with pytest.raises(AgreedOn), transaction():
        set_quantity(token=token, sku=road.variant.sku, quantity=7, by=by, at=at)
    basket = find_basket(token, by=by)
    assert basket is not None
    with transaction():
        accept_prices(basket_id=basket.id, at=at)
    (line,) = inside(road, token, at=at).lines
    assert (line.quantity, line.price_seen, line.trouble) == (100, Money(40_000), None)
    lay(road, 600, at=at, token=token)
    (line,) = inside(road, token, at=at).lines
    assert (line.quantity, line.unit_price, line.price_changed) == (600, Money(36_000), False)
    with transaction():
        set_quantity(token=token, sku=road.variant.sku, quantity=0, by=by, at=at)
    assert inside(road, token, at=at).lines == []


def test_trouble_of_an_agreed_line(app: Flask, at: datetime) -> None:
    road = make_road(at=at, stock=150)
    agreed(road, at=at)
    token = lay(road, 200, at=at)
    assert [line.trouble for line in inside(road, token, at=at).lines] == [Trouble.SHORT]
    lay(road, 150, at=at, token=token)
    assert [line.trouble for line in inside(road, token, at=at).lines] == [None]
    late = at + timedelta(days=21)
    assert [line.trouble for line in inside(road, token, at=late).lines] == [Trouble.NOT_AGREED]
    colleague = make_member(road.buyer, at=at)
    lay(road, 150, at=at, by=colleague)  # takes it up: the first basket holds it no more
    assert [line.trouble for line in inside(road, token, at=at).lines] == [Trouble.NOT_AGREED]
    with pytest.raises(ReviewChanged):
        place(road, token, at=at)
    with pytest.raises(AgreedGone), transaction():
        use_agreed([db.session.scalars(select(AgreedPrice.id)).one()], user_id=road.buyer.id, on=at.date(), at=at)


def test_baskets_that_join_keep_what_was_agreed(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    lay(road, 100, at=at)
    guest = fill_basket((road.variant, 2), at=at, by=GUEST)
    with transaction():
        join_baskets(token=guest, by=road.buyer.actor(), at=at)
    (line,) = inside(road, guest, at=at).lines
    assert (line.quantity, line.unit_price, line.trouble) == (100, Money(40_000), None)
    assert db.session.scalar(select(func.count(BasketLine.id))) == 1


def test_a_full_basket_takes_no_more(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.shop.baskets.services.MOST_LINES", 1)
    road = make_road(at=at)
    agreed(road, at=at)
    token = fill_basket((make_offer("Gạo", at=at), 1), at=at, by=road.buyer.actor())
    with pytest.raises(BasketFull):
        lay(road, 100, at=at, token=token)
    assert db.session.scalar(select(func.count(AgreedPrice.id))) == 0


def test_full_parcels_and_a_rest() -> None:
    def cost(weight_g: int, *, several: bool = True) -> int:
        return quote_parcel(
            origin="12", destination="01", weight_g=weight_g, producer="Lò", several=several
        ).price.amount

    whole = cost(50_000, several=False)
    assert [cost(50_000), cost(100_000), cost(101_000)] == [whole, 2 * whole, 2 * whole + cost(1_000)]
    with pytest.raises(TooHeavy):
        cost(50_001, several=False)
