"""A stand through pages: sold, voided, counted; visitors order from it, and the order says so."""

from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import Order
from marketplace.trade.allocations.services import pin, publish_placings
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.stands.models import StandSale
from tests.builders import ADDRESS, BY, make_offer
from tests.conftest import Client, new_client
from tests.exhibiting import lay_booths, make_exhibitor
from tests.fairing import OPENING, lead_to, make_edition
from tests.pages import hidden, send, sign_in


@pytest.fixture
def running(app: Flask, at: datetime) -> Application:
    edition = make_edition(at=at, state=EditionState.SELECTION)
    (booth,) = lay_booths(edition, {})
    _, _, one = make_exhibitor(edition, "Lò miến", at=at)
    with transaction():
        pin(code=edition.code, application=one.code, booth=booth.code, by=BY, at=at)
        publish_placings(code=edition.code, by=BY, at=at)
    lead_to(edition.code, EditionState.RUNNING, at=at)
    return one


def test_a_day_at_the_stand(app: Flask, client: Client, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.RUNNING)
    user, producer, _ = make_exhibitor(edition, "Lò miến", at=at)
    noodles = make_offer("Miến tại gian", at=at, producer=producer, stock=10)
    base = f"/producer/fairs/{edition.code}/stand"
    with time_machine.travel(OPENING, tick=True):
        sign_in(client, user)
        assert "Chưa ghi lần bán nào." in client.get(base).text
        quantity, price = f"quantity-{noodles.sku}", f"price-{noodles.sku}"
        for typed, words in (
            ({quantity: "x", price: "1"}, "Nhập bằng chữ số."),
            ({quantity: "1", price: "rẻ"}, "Viết số tiền bằng chữ số"),
            ({quantity: "", price: "1"}, "Ghi số lượng cho ít nhất một món."),
            ({quantity: "1", price: "1", "paid_by": "vàng"}, "Chọn cách trả tiền."),
        ):
            page = send(client, f"{base}/sales", key="a", **{"paid_by": "cash", **typed})
            assert (page.status_code, words in page.text) == (422, True), words
        assert send(client, f"{base}/sales", key="a", paid_by="cash", **{quantity: "99", price: "1"}).status_code == 302
        assert on_hand([noodles.id])[noodles.id] == 10
        send(client, f"{base}/sales", key="b", paid_by="card", **{quantity: "2", price: "45.000"})
        assert on_hand([noodles.id])[noodles.id] == 8
        assert "90.000" in client.get(base).text
        code = db.session.scalars(select(StandSale.code)).one()
        assert send(client, f"{base}/sales/{code}/void", reason="").status_code == 422
        send(client, f"{base}/sales/{code}/void", reason="Ghi nhầm")
        assert "đã hủy: Ghi nhầm" in client.get(base).text
        assert on_hand([noodles.id])[noodles.id] == 10
        bad = send(client, f"{base}/takings", day="mai", amount="nhiều")
        assert (bad.status_code, "Nhập ngày như 31/12/2026." in bad.text, 'value="nhiều"' in bad.text) == (
            422,
            True,
            True,
        )
        send(client, f"{base}/takings", day="18/12/2026", amount="1.500.000", note="nếm")
        assert "1.500.000" in client.get(base).text
        assert client.get(f"{base}/qr.svg").mimetype == "image/svg+xml"


def test_an_order_from_the_stand_says_where_it_began(app: Flask, running: Application, at: datetime) -> None:
    visitor = new_client(app)
    slug = db.session.get_one(Edition, running.edition_id).slug
    page = visitor.get(f"/fairs/{slug}/stands/{running.code}")
    assert (page.status_code, "Món Lò miến" in page.text) == (200, True)
    goods = make_offer("Bún", at=at)
    send(visitor, "/cart/add", sku=goods.sku)
    send(
        visitor,
        "/checkout",
        recipient=ADDRESS.recipient,
        phone="0912345678",
        email="an@example.com",
        province_code="12",
        commune_code="03390",
        street="Số 5",
    )
    review = visitor.get("/checkout/review")
    typed = hidden(review, "/checkout/place")
    assert visitor.post("/checkout/place", data={**typed, "method": "cash_on_delivery"}).status_code == 302
    assert db.session.scalars(select(Order.came_by)).one() == f"fair:{running.code}"
    visitor.set_cookie("came_by", "x;drop")
    assert visitor.get("/cart").status_code == 200
