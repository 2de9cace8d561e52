"""Paying an order: choosing how, the page that tells it, what has come, back from the card page."""

import html
import re
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import TransferState
from marketplace.shop.ledger import rules as money
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.orders.queries import count_waiting_for_payment
from marketplace.shop.payments.models import AttemptState, Payment
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import lapse, learn, take_in
from tests.builders import make_offer, make_producer, make_user
from tests.conftest import Client
from tests.money import ACCOUNT, make_attempt, make_prepaid, make_transfer, offer_cards, offer_transfers, order_of, paid
from tests.pages import hidden, send, sign_in

BY_TRANSFER, BY_CARD = PaymentMethod.BANK_TRANSFER, PaymentMethod.CARD


@pytest.fixture(autouse=True)
def _ways(app: Flask) -> None:
    offer_transfers(app)
    offer_cards(app)


def prepaid(at: datetime, method: PaymentMethod = BY_TRANSFER) -> tuple[Payment, str, str]:
    """A payment, its order's page and the key."""
    payment = make_prepaid((make_offer(at=at), 1), at=at, method=method)
    return payment, f"/orders/{payment.number}", order_key(payment.number)


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").split())


def test_a_buyer_chooses_to_transfer_and_is_led_to_the_page_that_tells_how(
    app: Flask, client: Client, at: datetime
) -> None:
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    typed = {"recipient": "An", "phone": "0912345678", "email": "an@example.com"}
    send(client, "/checkout", province_code="01", commune_code="00004", street="Số 1", **typed)
    page = client.get("/checkout/review")
    assert [page.text.count(f'name="method" value="{each.value}"') for each in PaymentMethod] == [1, 1, 1]
    agreed = hidden(page, "/checkout/place")
    refused = client.post("/checkout/place", data=agreed | {"method": "bank_transfer", "fingerprint": "old"})
    assert refused.status_code == 409
    assert 'value="bank_transfer" checked' in refused.text
    placed = client.post("/checkout/place", data=agreed | {"method": "bank_transfer"})
    order = db.session.query(Order).one()
    assert placed.location == f"/orders/{order.number}/pay?key={order_key(order.number)}"
    assert order.payment_method is BY_TRANSFER
    told = client.get(placed.location)
    assert told.status_code == 200
    for said in ("MB", ACCOUNT.number, ACCOUNT.holder, order.number.replace("-", "")):
        assert said in words(told.text)


def test_what_has_come_and_what_is_missing(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at)
    amount = payment.amount.amount
    before = client.get(f"{page}/pay?key={key}").text
    assert "Đã nhận" not in words(before)
    make_transfer(payment.number, amount - 10_000, at=at)
    told = client.get(f"{page}/pay?key={key}").text
    assert "Còn phải trả 10.000 ₫" in words(told)
    assert 'data-copy="10000"' in told
    assert "còn thiếu 10.000 ₫" in words(client.get(f"{page}?key={key}").text)
    picture = re.search(r'src="(data:image/svg[^"]+)" width="256" height="256" alt="([^"]+)"', told)
    assert picture is not None
    assert unquote(picture.group(1)).startswith("data:image/svg+xml,<svg")
    assert ACCOUNT.number in picture.group(2)
    assert make_transfer(payment.number, 10_000, at=at).state is TransferState.MATCHED
    assert client.get(f"{page}/pay?key={key}").location == f"{page}?key={key}"
    assert "Đã trả lúc" in words(client.get(f"{page}?key={key}").text)


def test_nobody_elses_page(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at)
    for path in (f"{page}/pay", f"{page}/pay?key={key}x", f"{page}/paid"):
        assert client.get(path).status_code == 404
    assert send(client, f"{page}/pay").status_code == 404
    assert payment_of(payment.number).attempts == []


def test_beginning_a_transfer_comes_back_to_the_page(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at)
    assert send(client, f"{page}/pay", key=key).location == f"{page}/pay?key={key}"
    assert [attempt.state for attempt in payment_of(payment.number).attempts] == [AttemptState.OPEN]


def test_the_card_page_that_does_not_answer(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at, BY_CARD)
    assert "bằng thẻ" in client.get(f"{page}/pay?key={key}").text
    assert send(client, f"{page}/pay", key=key).location == f"{page}/pay?key={key}"
    assert "Chưa nối được" in client.get(f"{page}/pay?key={key}").text
    make_attempt(payment, at=at, reference="cs_1")
    db.session.rollback()
    assert client.get(f"{page}/paid?key={key}").location == f"{page}?key={key}"
    assert "hỏi lại mỗi phút" in client.get(f"{page}?key={key}").text


def test_an_attempt_that_is_open_is_gone_on_with(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at, BY_CARD)
    make_attempt(payment, at=at)
    sent = send(client, f"{page}/pay", key=key)
    assert (sent.status_code, sent.location) == (303, "https://pay.example/1")


def test_back_from_the_card_page(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at, BY_CARD)
    client.get(f"{page}/paid?key={key}")
    assert "chưa báo có tiền" in client.get(f"{page}?key={key}").text
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    client.get(f"{page}/paid?key={key}")
    assert "Đã nhận tiền." in client.get(f"{page}?key={key}").text


def test_who_left_the_card_page_is_told_how_it_stands(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at, BY_CARD)
    said = "Bạn quay lại mà chưa trả bằng thẻ. Đơn và hàng vẫn giữ tới 23/11/2026, 12:31"
    assert said not in client.get(f"{page}/pay?key={key}").text
    assert said in client.get(f"{page}/pay?key={key}&left=card").text
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    assert client.get(f"{page}/pay?key={key}&left=card").location == f"{page}?key={key}"


def test_from_transfer_to_card_the_goods_are_kept_as_long_and_that_is_said(
    app: Flask, client: Client, at: datetime
) -> None:
    payment, page, key = prepaid(at)
    changed = send(client, f"{page}/pay/method", key=key, method="card")
    told = client.get(changed.location).text
    assert "Đã đổi cách trả. Hàng được giữ tới 24/11/2026, 12:00: hạn đã hẹn không ngắn lại." in told
    assert order_of(payment_of(payment.number)).pay_until == at + timedelta(hours=24)


def test_cancelled_when_some_had_come_the_buyer_reads_that_it_comes_back(
    app: Flask, client: Client, at: datetime
) -> None:
    payment, page, key = prepaid(at)
    make_transfer(payment.number, 10_000, at=at)
    told = words(client.get(send(client, f"{page}/cancel", key=key).location).text)
    assert "Bạn không phải trả nữa; khoản nào đã tới thì được hoàn về nơi bạn đã trả." in told
    assert "Đã nhận 10.000 ₫: chúng tôi hoàn lại, chuyển khoản thì về tài khoản đã chuyển" in told
    assert "còn thiếu" not in told
    assert f'href="{page}/pay' not in client.get(f"{page}?key={key}").text
    _, page, key = prepaid(at)
    told = words(client.get(send(client, f"{page}/cancel", key=key).location).text)
    assert "Đơn đã hủy, không phải trả nữa" in told
    assert "Đã nhận" not in told


def test_lapsed_there_is_nothing_to_pay_and_what_came_goes_back(app: Flask, client: Client, at: datetime) -> None:
    payment, page, key = prepaid(at)
    with transaction():
        take_in(payment_id=payment.id, amount=Money(1_000), key="1", source=money.BANK, at=at)
    with transaction():
        lapse(payment_id=payment.id, at=at + timedelta(days=2))
    assert client.get(f"{page}/pay?key={key}").location == f"{page}?key={key}"
    assert send(client, f"{page}/pay", key=key).location == f"{page}?key={key}"
    told = words(client.get(f"{page}?key={key}").text)
    assert "Hết hạn trả tiền" in told
    assert "Hoàn 1.000 ₫: đang gửi" in told


def test_transfers_taken_off_meanwhile(app: Flask, client: Client, at: datetime) -> None:
    _payment, page, key = prepaid(at)
    del app.extensions["payments"][BY_TRANSFER]
    told = client.get(f"{page}/pay?key={key}")
    assert "chưa nhận chuyển khoản" in told.text


def test_producers_see_an_order_once_it_is_paid(app: Flask, client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user))
    payment = make_prepaid((variant, 1), at=at, method=BY_TRANSFER)
    number = payment.number
    sign_in(client, user)
    for path in ("/producer/", "/producer/orders"):
        page = client.get(path).text
        assert number not in page
        assert "Còn 1 đơn chờ người mua trả tiền" in page
    make_transfer(number, payment.amount.amount, at=at)
    assert count_waiting_for_payment(by=user.actor()) == 0
    for path in ("/producer/", "/producer/orders"):
        page = client.get(path).text
        assert number in page
        assert "chờ người mua" not in page
