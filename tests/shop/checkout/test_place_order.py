"""Placing an order: what is agreed is what is made, once, or nothing at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.services import move_listing, set_price
from marketplace.shop.checkout.queries import find_draft, review
from marketplace.shop.checkout.services import KeyUsed, ReviewChanged, place_order, save_draft
from marketplace.shop.delivery.queries import quote_parcel
from marketplace.shop.delivery.rules import TooHeavy
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import count_stock, take
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.shop.orders.queries import get_order
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from tests.builders import (
    ADDRESS,
    BY,
    fill_basket,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
    start_checkout,
)
from tests.conftest import AT, TODAY, Client
from tests.pages import send


def orders() -> int:
    return db.session.scalar(select(func.count()).select_from(Order)) or 0


def place(key: str, fingerprint: str, at: datetime) -> Order:
    with transaction():
        return place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)


def test_one_order_with_a_part_for_each_producer(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    one, two = make_producer("Một", at=at, user=user), make_producer("Hai", at=at, commune="03445")
    a, b = (
        make_offer("A", at=at, producer=one, price=10_000),
        make_offer("B", at=at, producer=two, price=20_000, stars=3),
    )
    token = fill_basket((a, 2), (b, 1), at=at)
    order = place(*start_checkout(token, at=at), at)
    order = get_order(order.number)
    assert [(p.producer_name, p.state, p.goods_total, p.shipping_total, p.total) for p in order.parts] == [
        ("Một", PartState.PLACED, Money(20_000), Money(37_500), Money(57_500)),
        ("Hai", PartState.PLACED, Money(20_000), Money(32_000), Money(52_000)),
    ]
    assert (order.goods_total, order.shipping_total, order.total) == (Money(40_000), Money(69_500), Money(109_500))
    (line,) = order.parts[0].lines
    assert (line.name, line.unit_price, line.quantity, line.stars) == ("A", Money(10_000), 2, 4)
    assert (order.province_name, order.commune_name) == ("Thành phố Hà Nội", "Phường Ba Đình")
    assert order.due == order.total
    assert on_hand([a.id, b.id]) == {a.id: 8, b.id: 9}
    assert contents(find_basket(token, by=GUEST), at=AT).lines == []
    assert find_draft(find_basket(token, by=GUEST)) is None
    letters = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [m.to_address for m in letters] == ["yen@example.com", user.email]
    assert f"/orders/{order.number}?key=" in letters[0].text
    assert "57.500\u00a0₫" in letters[0].text


def test_what_was_agreed_is_frozen(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    certificate = make_certificate(product, at=at)
    _, variant = make_listing(product, at=at)
    order = place(*start_checkout(fill_basket((variant, 1), at=at), at=at), at)
    revoke_certificate(certificate, at=at)
    with transaction():
        set_price(sku=variant.sku, price=Money(99_000), by=BY, at=at)
    (line,) = get_order(order.number).parts[0].lines
    assert (line.unit_price, line.certificate_code, line.stars) == (Money(50_000), certificate.code, 4)


def test_twice_is_once(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    key, fingerprint = start_checkout(fill_basket((variant, 2), at=at), at=at)
    first, second = place(key, fingerprint, at), place(key, fingerprint, at)
    assert first.number == second.number
    assert orders() == 1
    assert on_hand([variant.id]) == {variant.id: 8}
    with pytest.raises(KeyUsed):
        place(key, "something else", at)
    with pytest.raises(NotFound):
        place("no such key", fingerprint, at)
    assert orders() == 1


Change = Callable[[Variant, datetime], None]


def price(variant: Variant, at: datetime) -> None:
    with transaction():
        set_price(sku=variant.sku, price=Money(51_000), by=BY, at=at)


def pause(variant: Variant, at: datetime) -> None:
    slug = db.session.get_one(Listing, variant.listing_id).slug
    with transaction():
        move_listing(slug=slug, to=ListingState.PAUSED, by=BY, at=at)


def last_units(variant: Variant, at: datetime) -> None:
    with transaction():
        take({variant.id: 9}, reference="another", by=BY, at=at)


def recertify(variant: Variant, at: datetime) -> None:
    from marketplace.shop.catalog.queries import get_variant

    make_certificate(get_variant(variant.sku).listing.product, at=at, stars=3, days_ago=0)


@pytest.mark.parametrize("change", [price, pause, last_units, recertify])
def test_nothing_is_placed_when_something_changed(app: Flask, at: datetime, change: Change) -> None:
    variant = make_offer(at=at)
    token = fill_basket((variant, 2), at=at)
    key, fingerprint = start_checkout(token, at=at)
    change(variant, at)
    before = on_hand([variant.id])
    with pytest.raises(ReviewChanged):
        place(key, fingerprint, at)
    assert orders() == 0
    assert on_hand([variant.id]) == before
    basket = find_basket(token, by=GUEST)
    kept = contents(basket, at=AT)
    assert [line.quantity for line in (*kept.lines, *kept.gone)] == [2]
    draft = find_draft(basket)
    assert draft is not None
    assert draft.street == ADDRESS.street


def test_what_lapsed_overnight_is_not_sold(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    make_certificate(product, at=at, expires_on=TODAY)
    _, variant = make_listing(product, at=at)
    key, fingerprint = start_checkout(fill_basket((variant, 1), at=at), at=at)
    tomorrow = at + timedelta(days=1)
    with pytest.raises(ReviewChanged):
        place(key, fingerprint, tomorrow)
    assert orders() == 0
    assert place(key, fingerprint, at).total == Money(50_000 + 32_000)


def test_the_address_is_of_todays_units(app: Flask, at: datetime) -> None:
    basket = find_basket(fill_basket((make_offer(at=at), 1), at=at), by=GUEST)
    assert basket is not None
    for province, commune in (("12", "00004"), ("01", "99999"), ("01", "")):
        with pytest.raises(Invalid) as refused, transaction():
            save_draft(
                basket_id=basket.id, address=replace(ADDRESS, province_code=province, commune_code=commune), at=at
            )
        assert set(refused.value.fields) == {"commune_code"}
    assert find_draft(basket) is None


def test_a_draft_is_changed_in_place(app: Flask, at: datetime) -> None:
    token = fill_basket((make_offer(at=at), 1), at=at)
    key, fingerprint = start_checkout(token, at=at)
    again, changed = start_checkout(token, at=at, address=replace(ADDRESS, street="Số 1"))
    assert again == key
    assert changed != fingerprint
    with pytest.raises(ReviewChanged):
        place(key, fingerprint, at)
    assert place(key, changed, at).street == "Số 1"


def test_too_heavy_is_said_with_the_producers_name(app: Flask, at: datetime) -> None:
    product = make_product(make_producer("HTX Nặng", at=at), at=at)
    make_certificate(product, at=at)
    _, variant = make_listing(product, at=at, weight_g=30_000)
    with pytest.raises(TooHeavy) as refused:
        start_checkout(fill_basket((variant, 2), at=at), at=at)
    assert refused.value.facts["producer"] == "HTX Nặng"


def test_what_a_tier_makes_cheap_goes_in_several_parcels(app: Flask, at: datetime) -> None:
    product = make_product(make_producer("HTX Sỉ", at=at), at=at)
    make_certificate(product, at=at)
    _, variant = make_listing(product, at=at, weight_g=5_000, stock=40)
    with transaction():
        set_tiers(sku=variant.sku, tiers=[Tier(12, Money(40_000))], by=BY, at=at)
    key, fingerprint = start_checkout(fill_basket((variant, 12), at=at), at=at)
    order = place(key, fingerprint, at)
    full, rest = (
        quote_parcel(origin="12", destination=ADDRESS.province_code, weight_g=grams, producer="x").price
        for grams in (50_000, 10_000)
    )
    assert (order.goods_total, order.shipping_total) == (Money(12 * 40_000), full + rest)


def test_a_way_to_pay_that_nobody_knows_places_nothing(client: Client, at: datetime) -> None:
    key, fingerprint = start_checkout(fill_basket((make_offer(at=at), 1), at=at), at=at)
    answer = send(client, "/checkout/place", key=key, fingerprint=fingerprint, method="free")
    assert answer.status_code in (302, 409)
    assert db.session.scalar(select(func.count(Order.id))) == 0


def test_an_empty_basket_has_no_review(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    token = fill_basket((variant, 1), at=at)
    start_checkout(token, at=at)
    pause(variant, at)
    draft = find_draft(find_basket(token, by=GUEST))
    assert draft is not None
    assert review(draft, at=at) is None


def test_the_database_holds_the_sums(app: Flask, at: datetime) -> None:
    from sqlalchemy.exc import IntegrityError

    order = place(*start_checkout(fill_basket((make_offer(at=at), 1), at=at), at=at), at)
    with pytest.raises(IntegrityError, match=r"total|CHECK"), transaction():
        db.session.get_one(OrderPart, order.parts[0].id).shipping_total = Money(1)
        db.session.flush()
    with pytest.raises(IntegrityError, match=r"on_hand|CHECK"), transaction():
        from marketplace.shop.inventory.models import Stock

        db.session.get_one(Stock, order.parts[0].lines[0].variant_id).on_hand = -1
        db.session.flush()
    with transaction():
        count_stock(sku=order.parts[0].lines[0].sku, counted=5, seen=9, counts=1, by=BY, at=at)
