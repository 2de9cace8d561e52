"""Prices by quantity, from the desk to the order: one price everywhere, and no surprise between review and order."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.baskets.services import add_to_basket, set_quantity
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.orders.models import Order
from marketplace.shop.orders.queries import get_order
from marketplace.shop.pricing.models import PriceTier
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import NoWholesale, change_price, set_tiers
from tests.builders import (
    BY,
    fill_basket,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    start_checkout,
)
from tests.conftest import AT, Client

TIERS = (Tier(10, Money(45_000)), Tier(50, Money(42_000)))


def wholesale(variant: Variant, at: datetime, *tiers: Tier) -> None:
    with transaction():
        set_tiers(sku=variant.sku, tiers=tiers, by=BY, at=at)


@pytest.fixture
def noodles(app: Flask, at: datetime) -> Variant:
    made = make_offer(at=at, stock=200)
    wholesale(made, at, *TIERS)
    return made


def test_set_and_taken_away(noodles: Variant, at: datetime) -> None:
    assert tiers_of([noodles.id]) == {noodles.id: TIERS}
    for tiers in (TIERS, TIERS[:1], ()):
        wholesale(noodles, at, *tiers)
        assert tiers_of([noodles.id]).get(noodles.id, ()) == tiers


def test_refused_and_nothing_changed(noodles: Variant, at: datetime) -> None:
    other = make_user(Role.PRODUCER, at=at).actor()
    _, stay = make_listing(make_product(make_producer(at=at), at=at, set_code="VI.1"), at=at, weight_g=None)
    for sku, tiers, by, refusal in (
        (noodles.sku, TIERS[:1], other, NotFound),
        (noodles.sku, (Tier(10, Money(50_000)),), BY, Invalid),
        (stay.sku, TIERS, BY, NoWholesale),
    ):
        with pytest.raises(refusal), transaction():
            set_tiers(sku=sku, tiers=tiers, by=by, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        change_price(sku=noodles.sku, price=Money(45_000), by=BY, at=at)
    assert list(refused.value.fields) == ["price"]
    assert tiers_of([noodles.id, stay.id]) == {noodles.id: TIERS}
    assert db.session.get_one(Variant, noodles.id).price == Money(50_000)
    with transaction():
        change_price(sku=noodles.sku, price=Money(45_001), by=BY, at=at)
        change_price(sku=stay.sku, price=Money(1), by=BY, at=at)
    assert db.session.get_one(Variant, noodles.id).price == Money(45_001)


@pytest.mark.parametrize(
    "row",
    [
        {"position": 7, "from_quantity": 60, "price": Money(1)},
        {"position": 3, "from_quantity": 50, "price": Money(1)},
        {"position": 3, "from_quantity": 60, "price": Money(42_000)},
        {"position": 3, "from_quantity": 1, "price": Money(1)},
        {"position": 3, "from_quantity": 60, "price": Money(0)},
    ],
)
def test_the_database_knows_too(noodles: Variant, row: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.add(PriceTier(variant_id=noodles.id, **row))


def test_in_the_basket_by_quantity(noodles: Variant, at: datetime) -> None:
    token = fill_basket((noodles, 9), at=at)
    basket = find_basket(token, by=GUEST)

    def line() -> tuple[Money, Money, bool]:
        found = contents(basket, at=AT).lines[0]
        return found.unit_price, found.total, found.price_changed

    assert line() == (Money(50_000), Money(450_000), False)
    with transaction():
        add_to_basket(token=token, sku=noodles.sku, quantity=1, by=GUEST, at=at)
    assert line() == (Money(45_000), Money(450_000), False)
    with transaction():
        set_quantity(token=token, sku=noodles.sku, quantity=60, by=GUEST, at=at)
    assert line() == (Money(42_000), Money(2_520_000), False)
    wholesale(noodles, at, TIERS[0])
    assert line() == (Money(45_000), Money(2_700_000), True)


def placed(token: str, at: datetime) -> Order:
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        return place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)


def test_the_order_keeps_the_price_and_the_tier(noodles: Variant, at: datetime) -> None:
    few, many = (placed(fill_basket((noodles, n), at=at), at) for n in (3, 12))
    wholesale(noodles, at)
    lines = [get_order(order.number).parts[0].lines[0] for order in (few, many)]
    assert [(line.unit_price, line.tier_from, line.line_total) for line in lines] == [
        (Money(50_000), None, Money(150_000)),
        (Money(45_000), 10, Money(540_000)),
    ]
    assert many.goods_total == Money(540_000)


def test_a_tier_changed_between_review_and_order_is_noticed(noodles: Variant, at: datetime) -> None:
    token = fill_basket((noodles, 12), at=at)
    key, fingerprint = start_checkout(token, at=at)
    wholesale(noodles, at, Tier(20, Money(45_000)))
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert db.session.query(Order).count() == 0
    db.session.rollback()
    order = placed(token, at)
    assert order.goods_total == Money(600_000)


def test_shown_before_it_is_bought(noodles: Variant, client: Client, at: datetime) -> None:
    slug = db.session.get_one(Listing, noodles.listing_id).slug
    page = client.get(f"/products/{slug}").text
    assert "Mua nhiều, giá sỉ: gói" in page
    assert 'từ 10</th><td class="num">45.000\xa0₫</td><td>rẻ hơn 10 %' in page
    told = client.get(f"/api/v1/products/{slug}").get_json()["variants"][0]
    assert told["tiers"] == [
        {"from_quantity": 10, "price_vnd": 45_000},
        {"from_quantity": 50, "price_vnd": 42_000},
    ]
    token = client.get(f"/products/{slug}").text.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/cart/add", data={"csrf_token": token, "sku": noodles.sku, "quantity": "8"})
    assert "Thêm 2 nữa thì mỗi món còn 45.000\xa0₫." in client.get("/cart").text
    client.post(f"/cart/{noodles.sku}", data={"csrf_token": token, "quantity": "12"})
    cart = client.get("/cart").text
    assert "Giá sỉ từ 10: 45.000\xa0₫ mỗi món, rẻ hơn 10 %. Thêm 38 nữa thì còn 42.000\xa0₫." in cart
    assert "540.000\xa0₫" in cart
