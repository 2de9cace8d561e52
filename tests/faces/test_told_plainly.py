"""What buyers and officers are told where money is concerned: what waits, what was taken off, what comes back."""

from datetime import datetime

from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import transaction
from marketplace.shop.checkout.services import place_order
from marketplace.shop.orders.models import PaymentMethod
from tests.builders import (
    enter,
    fill_basket,
    make_offer,
    make_producer,
    make_sale,
    make_user,
    make_voucher,
    start_checkout,
)
from tests.conftest import Client
from tests.money import make_prepaid, make_transfer, offer_transfers, order_of
from tests.pages import send, sign_in


def test_an_order_that_waits_for_money_says_so_and_leads_there(app: Flask, client: Client, at: datetime) -> None:
    offer_transfers(app)
    buyer = make_user(at=at)
    order = order_of(make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER, by=buyer.actor()))
    sign_in(client, buyer)
    page = client.get("/account/orders").text
    assert "chờ trả tiền" in page
    assert f'href="/orders/{order.number}/pay"' in page
    make_transfer(order.number, order.total.amount, at=at)
    assert "chờ trả tiền" not in client.get("/account/orders").text
    sent = send(client, f"/orders/{order.number}/cancel")
    assert "được hoàn về nơi bạn đã trả" in client.get(sent.headers["Location"]).text


def test_a_flash_price_that_does_not_reach_is_explained(app: Flask, client: Client, at: datetime) -> None:
    seller = make_user(Role.PRODUCER, at=at)
    goods = make_offer(at=at, producer=make_producer(at=at, user=seller))
    make_sale(goods, seller, at=at, units=3)
    send(client, "/cart/add", sku=goods.sku, quantity="3")
    assert "chỉ còn 3 suất" not in client.get("/cart").text
    send(client, f"/cart/{goods.sku}", quantity="4")
    assert "chỉ còn 3 suất: mua từ 1 đến 3 thì được giá ấy." in client.get("/cart").text


def test_the_offices_order_adds_up(client: Client, at: datetime) -> None:
    goods = make_offer(at=at)
    make_voucher(at=at)
    token = fill_basket((goods, 1), at=at)
    enter(token, "TET2026", at=at)
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        order = place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Tỉnh hỗ trợ" in client.get(f"/office/orders/{order.number}").text
