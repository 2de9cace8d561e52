"""Alcohol is never sold for cash, and only to those of age (Luật 44/2019/QH14, art. 16)."""

from datetime import datetime

import pytest
from flask import Flask

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import MethodGone, NotOfAge, place_order
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import NotForCash, change_method
from tests.builders import fill_basket, make_offer, make_producer, start_checkout
from tests.conftest import Client
from tests.money import make_prepaid, offer_cards, offer_transfers, order_of
from tests.pages import hidden, send

SPIRIT, CASH, TRANSFER = "II.1.a", PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.BANK_TRANSFER
TYPED = {
    "recipient": "An",
    "phone": "0912345678",
    "email": "an@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Số 1",
}


@pytest.fixture
def spirit(app: Flask, at: datetime) -> Variant:
    offer_transfers(app)
    return make_offer("Rượu ngô", at=at, set_code=SPIRIT, producer=make_producer(at=at))


def orders() -> list[tuple[str, list[str]]]:
    return [(order.payment_method.value, [order.number]) for order in db.session.query(Order)]


def test_an_order_with_alcohol_is_paid_in_advance(app: Flask, spirit: Variant, at: datetime) -> None:
    noodles = make_offer("Miến dong", at=at)
    payment = make_prepaid((spirit, 2), (noodles, 1), at=at, method=TRANSFER)
    goods = [line.sku for part in get_order(payment.number).parts for line in part.lines]
    assert sorted(goods) == sorted([spirit.sku, noodles.sku])
    key, fingerprint = start_checkout(fill_basket((spirit, 1), at=at), at=at)
    with pytest.raises(MethodGone), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at, method=CASH, adult=True)
    assert len(orders()) == 1


def test_cash_is_no_way_out_later(app: Flask, client: Client, spirit: Variant, at: datetime) -> None:
    offer_cards(app)
    payment = make_prepaid((spirit, 1), at=at, method=TRANSFER)
    with pytest.raises(NotForCash), transaction():
        change_method(payment_id=payment.id, method=CASH, by=GUEST, at=at)
    number = payment.number
    page = client.get(f"/orders/{number}/pay?key={order_key(number)}").text
    assert ('value="card"' in page, 'value="cash_on_delivery"' in page) == (True, False)
    with transaction():
        change_method(payment_id=payment.id, method=PaymentMethod.CARD, by=GUEST, at=at)
    assert order_of(payment_of(number)).payment_method is PaymentMethod.CARD


def test_an_agreement_made_elsewhere_is_no_word_of_age(client: Client, spirit: Variant, at: datetime) -> None:
    """Whoever posts another's agreement, or brought alcohol into the cart by a side door, has not said it."""
    key, fingerprint = start_checkout(fill_basket((spirit, 1), at=at), at=at)
    send(client, "/cart")
    answer = send(client, "/checkout/place", key=key, fingerprint=fingerprint, method="bank_transfer")
    assert answer.location == "/age?next=/checkout/review"
    for way in ("later", "back"):
        assert (send(client, f"/cart/{spirit.sku}", **{way: "1"}).location or "").startswith("/age?")
    assert orders() == []
    with pytest.raises(NotOfAge), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at, method=TRANSFER)
    assert orders() == []


def test_age_is_asked_again_before_the_review_and_the_placing(client: Client, spirit: Variant, at: datetime) -> None:
    send(client, "/age", next="/", answer="yes")
    send(client, "/cart/add", sku=spirit.sku, quantity=1)
    assert "Rượu: cả đơn trả trước" in client.get("/cart").text
    send(client, "/checkout", **TYPED)
    page = client.get("/checkout/review")
    assert "chỉ bán cho người đủ 18 tuổi" in page.text
    assert 'value="cash_on_delivery"' not in page.text
    assert 'form="place" name="method" value="bank_transfer"' in page.text
    agreed = hidden(page, "/checkout/place") | {"method": "bank_transfer"}
    client.delete_cookie("of_age")
    assert client.get("/checkout/review").location == "/age?next=/checkout/review"
    assert client.post("/checkout/place", data=agreed).location == "/age?next=/checkout/review"
    assert orders() == []
    send(client, "/age", next="/checkout/review", answer="yes")
    assert "/pay?key=" in (client.post("/checkout/place", data=agreed).location or "")
    assert [method for method, _ in orders()] == ["bank_transfer"]
