"""Goods of a short life, and of makers who deliver nearby, are refused beside the address, and again in the block."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.services import SellingTerms, save_terms
from marketplace.shop.checkout.queries import find_draft, review
from marketplace.shop.checkout.services import NotDelivered, place_order, save_draft
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import Order
from tests.builders import ADDRESS, BY, fill_basket, make_address, make_offer, make_producer, make_user, start_checkout
from tests.conftest import AT, Client
from tests.pages import hidden, send, sign_in

NEAR = replace(ADDRESS, province_code="12", commune_code="03388")
TYPED = {
    "recipient": "An",
    "phone": "0912 345 678",
    "email": "an@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Số 5",
    "note": "Gọi trước",
}


class Goods(NamedTuple):
    fresh: Variant
    dry: Variant


@pytest.fixture
def goods(app: Flask, at: datetime) -> Goods:
    maker = make_producer("Nhà dâu", at=at)
    return Goods(make_offer("Dâu tươi", at=at, producer=maker), make_offer("Dâu sấy", at=at, producer=maker))


def limit(variant: Variant, at: datetime, **terms: int) -> None:
    slug = db.session.get_one(Listing, variant.listing_id).slug
    with transaction():
        save_terms(slug=slug, terms=SellingTerms(**terms), by=BY, at=at)  # type: ignore[arg-type] # numbers alone


@pytest.mark.parametrize("terms", [{"max_transit_days": 3}, {"delivery_radius_km": 60}])
def test_an_address_beyond_is_refused_and_one_within_is_taken(
    goods: Goods, at: datetime, terms: dict[str, int]
) -> None:
    limit(goods.fresh, at, **terms)
    token = fill_basket((goods.fresh, 1), (goods.dry, 1), at=at)
    with pytest.raises(NotDelivered) as refused:
        start_checkout(token, at=at)
    assert (list(refused.value.fields), refused.value.facts) == (["commune_code"], {"goods": "Dâu tươi"})
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    assert find_draft(basket) is None
    key, fingerprint = start_checkout(token, at=at, address=NEAR)
    with transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert on_hand([goods.fresh.id]) == {goods.fresh.id: 9}


def test_put_aside_the_rest_goes_on(goods: Goods, at: datetime) -> None:
    limit(goods.fresh, at, delivery_radius_km=60)
    token = fill_basket((goods.fresh, 1), (goods.dry, 1), at=at)
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    with transaction():
        draft = save_draft(basket_id=basket.id, address=ADDRESS, at=at, aside=True)
    inside = contents(basket, at=AT)
    assert ([line.variant.id for line in inside.lines], [line.variant.id for line in inside.saved]) == (
        [goods.dry.id],
        [goods.fresh.id],
    )
    shown = review(draft, at=at)
    assert shown is not None
    assert shown.unreachable == ()


def test_a_limit_set_meanwhile_is_seen_in_the_block(goods: Goods, at: datetime) -> None:
    key, fingerprint = start_checkout(fill_basket((goods.fresh, 1), at=at), at=at)
    limit(goods.fresh, at, max_transit_days=2)
    with pytest.raises(NotDelivered) as refused, transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert refused.value.facts == {"goods": "Dâu tươi"}
    assert (db.session.scalar(select(func.count(Order.id))), on_hand([goods.fresh.id])) == (0, {goods.fresh.id: 10})


def test_the_page_names_the_goods_beside_the_address_and_loses_nothing(
    client: Client, goods: Goods, at: datetime
) -> None:
    limit(goods.fresh, at, delivery_radius_km=60, max_transit_days=3)
    page = client.get(f"/products/{db.session.get_one(Listing, goods.fresh.listing_id).slug}").text
    for shown in ("Chỉ giao trong bán kính 60 km quanh Xã Bình Lư", "nơi tới được trong 3 ngày đi đường"):
        assert shown in page
    for variant in goods:
        send(client, "/cart/add", sku=variant.sku, quantity=1)
    refused = send(client, "/checkout", **TYPED)
    assert refused.status_code == 422
    for shown in (
        "Không giao tới địa chỉ này được: Dâu tươi.",
        "chỉ giao trong 60 km quanh Xã Bình Lư, địa chỉ này cách",
        "tới đây có thể mất 6 ngày",
        'value="Số 5"',
        "Gọi trước",
        'name="aside"',
    ):
        assert shown in refused.text, shown
    assert send(client, "/checkout", **TYPED, aside="1").headers["Location"] == "/checkout/review"
    review_page = client.get("/checkout/review").text
    assert ("Dâu sấy" in review_page, "Dâu tươi" in review_page) == (True, False)
    send(client, f"/cart/{goods.fresh.sku}", back="1")
    assert client.get("/checkout/review").headers["Location"] == "/checkout"
    assert "địa chỉ này cách" in client.get("/checkout").text
    placed = send(
        client, "/checkout/place", **hidden(client.get("/cart"), "/cart/" + goods.dry.sku), key="", fingerprint=""
    )
    assert placed.headers["Location"] == "/cart"


def test_a_saved_address_beyond_is_refused_beside_it(client: Client, goods: Goods, at: datetime) -> None:
    user = make_user(Role.BUYER, at=at)
    home = make_address(user, at=at)
    limit(goods.fresh, at, max_transit_days=2)
    sign_in(client, user)
    send(client, "/cart/add", sku=goods.fresh.sku, quantity=1)
    send(client, "/cart/add", sku=goods.dry.sku, quantity=1)
    refused = send(client, "/checkout", use=home.code)
    assert (refused.status_code, "tới đây có thể mất 3 ngày" in refused.text) == (422, True)
    assert send(client, "/checkout", use=home.code, aside="1").headers["Location"] == "/checkout/review"
