"""A service's page takes questions and dates; the guest follows by the signed link; the maker answers at the desk."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db
from marketplace.platform.web.glue import limiter
from marketplace.shop.bookings.models import Booking, BookingState
from marketplace.shop.catalog.models import Listing, Variant
from tests.builders import make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import hidden, send, sign_in

DAY = (TODAY + timedelta(days=10)).isoformat()
GUEST = {"name": "Anna", "phone": "0912 345 678", "email": "Anna@example.com", "message": "Có chỗ đỗ xe không?"}


@pytest.fixture
def host(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


@pytest.fixture
def stay(host: User, at: datetime) -> tuple[Listing, Variant]:
    product = make_product(make_producer("Bản Thử", at=at, user=host), "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    return make_listing(product, at=at, weight_g=None, price=400_000)


def the_state() -> BookingState:
    db.session.expunge_all()
    db.session.rollback()
    return db.session.scalars(select(Booking.state)).one()


def test_from_the_question_to_the_stay(
    app: Flask, client: Client, host: User, stay: tuple[Listing, Variant], at: datetime
) -> None:
    page = client.get("/products/ngu-ban")
    assert "Hỏi ngày, đặt chỗ" in page.text
    assert "Thêm vào giỏ" not in page.text
    fields = hidden(page, "/products/ngu-ban/ask#ask") | GUEST | {"sku": stay[1].sku}
    for changes, sentence in (
        ({"name": " "}, "Nhập tên của bạn"),
        ({"phone": "12"}, "Nhập số điện thoại"),
        ({"email": "anna"}, "thư"),
        ({"starts_on": DAY}, "Nhập số khách"),
        ({"starts_on": "2020-01-01", "people": "2"}, "Chọn ngày từ hôm nay"),
        ({"starts_on": DAY, "people": "2", "sku": "NOPE"}, "Chọn một gói dịch vụ"),
        ({"message": ""}, "Viết điều bạn muốn hỏi"),
    ):
        answer = send(client, "/products/ngu-ban/ask", **(fields | changes))
        assert (answer.status_code, sentence in answer.text, "Lỗi:" in answer.text) == (422, True, True), changes
        assert 'value="2020-01-01"' in answer.text or "starts_on" not in changes or changes["starts_on"] == DAY
    asked = fields | {"starts_on": DAY, "people": "2"}
    link = send(client, "/products/ngu-ban/ask", **asked).headers["Location"]
    assert send(client, "/products/ngu-ban/ask", **asked).headers["Location"] == link
    assert send(client, "/products/ngu-ban/ask", **(asked | {"people": "3"})).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 1
    number = re.findall(r"/bookings/([\w-]+)\?key=", link)[0]
    mine = client.get(link).text
    for shown in ("Có chỗ đỗ xe không?", "Đã gửi, chờ trả lời", "2 khách", "Hủy yêu cầu này"):
        assert shown in mine
    assert client.get(f"/bookings/{number}").status_code == 404
    assert client.get(f"/bookings/{number}?key=guess").status_code == 404

    desk = new_client(app)
    sign_in(desk, host)
    assert "1 khách chờ trả lời" in desk.get("/producer/bookings/").text
    assert "Anna" in desk.get("/producer/bookings/?state=asked").text
    assert "Chưa có ai hỏi" in desk.get("/producer/bookings/?state=declined").text
    here = f"/producer/bookings/{number}"
    assert "Giữ chỗ" in desk.get(here).text
    assert send(desk, f"{here}/jump").status_code == 404
    for typed, sentence in (
        ({"words": ""}, "Viết vài lời"),
        ({"words": "Hôm khác nhé", "proposed_on": "mai"}, "Nhập ngày theo dạng"),
        ({"words": "Hôm khác nhé", "proposed_on": "2020-01-01"}, "Chọn ngày từ hôm nay"),
    ):
        answer = send(desk, f"{here}/answer", **typed)
        assert (answer.status_code, sentence in answer.text, typed["words"] in answer.text) == (422, True, True)
    assert send(desk, f"{here}/answer", words="Hôm sau được không?", proposed_on=DAY).status_code == 302
    assert "Nơi làm đề nghị ngày khác" in client.get(link).text
    key = link.split("key=")[1]
    empty = send(client, f"/bookings/{number}/reply", key=key, words=" ")
    assert (empty.status_code, "Viết vài lời" in empty.text) == (422, True)
    send(client, f"/bookings/{number}/reply", key=key, words="Vậy giữ ngày cũ?")
    assert the_state() is BookingState.ASKED
    send(desk, f"{here}/answer", words="Được.", proposed_on=DAY)
    assert send(client, f"/bookings/{number}/jump", key=key).status_code == 404
    assert send(new_client(app), f"/bookings/{number}/accept", key="guess").status_code == 404
    send(client, f"/bookings/{number}/accept", key=key)
    assert the_state() is BookingState.CONFIRMED
    assert "đã giữ chỗ cho 2 khách" in desk.get(here).text
    again = send(desk, f"{here}/confirm", words="")
    assert "vừa chuyển sang bước khác" in desk.get(again.headers["Location"]).text
    send(client, f"/bookings/{number}/cancel", key=key)
    assert the_state() is BookingState.CANCELLED
    assert "đã xong" in desk.get(here).text


def test_a_member_finds_the_request_without_the_link(
    client: Client, stay: tuple[Listing, Variant], at: datetime
) -> None:
    sign_in(client, make_user(at=at))
    fields = hidden(client.get("/products/ngu-ban"), "/products/ngu-ban/ask#ask") | GUEST | {"sku": stay[1].sku}
    link = send(client, "/products/ngu-ban/ask", **fields).headers["Location"]
    page = client.get(link.split("?")[0])
    assert (page.status_code, "hỏi, chưa có ngày" in page.text) == (200, True)
    english = client.get(link + "&lang=en").text
    assert "a question, no dates" in english


def test_ten_requests_an_hour(app: Flask, client: Client, stay: tuple[Listing, Variant], at: datetime) -> None:
    limiter.enabled = True
    try:
        limiter.reset()
        for _ in range(10):
            assert send(client, "/products/ngu-ban/ask").status_code == 422
        assert send(client, "/products/ngu-ban/ask").status_code == 429
    finally:
        limiter.enabled = False
