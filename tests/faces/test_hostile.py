"""What breaks shops: odd bytes, numbers too large, blanks, another person's cookie, the same thing at the same time."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.people.accounts.models import Organisation, Role, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import start_reset
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.web.glue import limiter
from marketplace.shop.baskets.models import Basket, BasketLine
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.services import StateChanged, move_listing
from marketplace.shop.checkout.models import CheckoutDraft
from marketplace.shop.fulfilment.services import confirm_part
from marketplace.shop.orders.models import Order, PartEvent
from tests.builders import (
    ADDRESS,
    BY,
    PASSWORD,
    mailed_token,
    make_listing,
    make_offer,
    make_order,
    make_producer,
    make_product,
    make_user,
)
from tests.conftest import AT, Client, new_client
from tests.databases import new_database, settings_for
from tests.pages import hidden, send, sign_in, token

ADDRESS_TYPED = {
    "recipient": ADDRESS.recipient,
    "phone": "0912345678",
    "email": ADDRESS.email,
    "province_code": "01",
    "commune_code": "00004",
    "street": ADDRESS.street,
}
NEWCOMER = {"role": "buyer", "name": "Lò Thị Mới", "email": "moi@example.com", "password": PASSWORD}


@pytest.mark.parametrize(
    "path", ["/products/%00", "/orders/%00", "/verify/%00", "/search?q=%00", "/places/%00/communes", "/?%00=1"]
)
def test_a_nul_is_refused_at_the_door(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400
    assert client.get(f"/api/v1{path}").status_code == 400


def test_a_nul_in_a_form_or_cookie_is_refused(client: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    assert send(client, "/cart/add", sku=f"{variant.sku}\0").status_code == 400
    assert send(client, "/account/sign-in", email="a\0@example.com", password="x").status_code == 400
    client.set_cookie("basket", "a\0b")
    assert client.get("/cart").status_code == 400
    assert db.session.scalar(select(func.count(Basket.id))) == 0


@pytest.mark.parametrize("quantity", ["--5", "-5", "0", "1000", "9" * 30, "²", "1.5", "١"])
def test_a_quantity_is_a_whole_number(client: Client, at: datetime, quantity: str) -> None:
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity="2")
    assert send(client, "/cart/add", sku=variant.sku, quantity=quantity).status_code == 302
    if quantity != "0":
        assert send(client, f"/cart/{variant.sku}", quantity=quantity).status_code == 302
    assert db.session.scalar(select(BasketLine.quantity)) == 2


def test_pages_and_positions_have_an_end(client: Client, at: datetime) -> None:
    huge = "9223372036854775808"
    assert client.get(f"/producers?page={huge}").status_code == 200
    assert client.get("/api/v1/products?page=0000100005").status_code == 422
    user = make_user(Role.PRODUCER, at=at)
    make_producer(at=at, user=user)
    sign_in(client, user)
    assert client.get(f"/producer/orders/2611-AAAAAA/{huge}{huge}").status_code == 404
    officer = new_client(client.application)
    sign_in(officer, make_user(Role.PROVINCE_OFFICER, at=at))
    assert officer.get(f"/office/certification?page={huge}{huge}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"issued_on": "9999-12-31"}, "không thể ở tương lai"),
        ({"issued_on": "0001-01-01"}, "Chương trình OCOP có từ 07/05/2018"),
        ({"score": "sNaN"}, "Điểm từ 0 đến 100"),
        ({"score": "-Infinity"}, "Điểm từ 0 đến 100"),
        ({"number": "  "}, "Nhập số quyết định"),
    ],
)
def test_an_officer_is_told_what_cannot_be(client: Client, at: datetime, typed: dict[str, str], words: str) -> None:
    product = make_product(make_producer(at=at), at=at)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    form = {"authority": "UBND tỉnh", "level": "province", "number": "9/QĐ", "issued_on": "2026-11-01", "stars": "4"}
    answer = send(client, f"/office/certification/products/{product.code}", **{**form, **typed})
    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("recipient", " \u3000", "Nhập tên người nhận"),
        ("street", "\u00a0", "Nhập số nhà"),
        ("recipient", "\u0958" * 120, "120"),  # composed it is twice as long
        ("email", "tên@example.com", "Nhập địa chỉ thư"),
    ],
)
def test_an_address_is_judged_as_it_is_kept(client: Client, at: datetime, name: str, typed: str, words: str) -> None:
    send(client, "/cart/add", sku=make_offer(at=at).sku)
    answer = send(client, "/checkout", **{**ADDRESS_TYPED, name: typed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.scalar(select(func.count()).select_from(CheckoutDraft)) == 0


def test_a_shared_device_starts_a_basket_of_its_own(client: Client, at: datetime) -> None:
    variant, member, other = make_offer(at=at), make_user(at=at), make_user(at=at)
    sign_in(client, member)
    send(client, "/cart/add", sku=variant.sku, quantity="2")
    send(client, "/account/sign-out")
    assert variant.sku not in client.get("/cart").text
    assert send(client, "/cart/add", sku=variant.sku, quantity="1").headers["Location"] == "/cart"
    sign_in(client, other)
    send(client, "/cart/add", sku=variant.sku, quantity="3")
    send(client, "/account/sign-out")
    sign_in(client, member)
    send(client, "/cart/add", sku=variant.sku, quantity="1")
    held = db.session.execute(
        select(Basket.user_id, func.sum(BasketLine.quantity)).join(BasketLine).group_by(Basket.user_id)
    )
    assert {row[0]: row[1] for row in held} == {member.id: 3, other.id: 4}


def test_another_spelling_is_no_new_attempt(app: Flask, client: Client, at: datetime) -> None:
    limiter.enabled = True
    try:
        spellings = ["thu@example.com", "THU@Example.com", " thu@ｅｘａｍｐｌｅ.com", "thu@example。com"]
        answers = [
            send(client, "/account/sign-in", email=spellings[n % 4], password="sai").status_code for n in range(11)
        ]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [422] * 10 + [429]


def test_a_producer_shows_nothing_that_was_not_looked_at(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    listing, _ = make_listing(make_product(make_producer(at=at, user=user), at=at), at=at, state=ListingState.DRAFT)
    for state in (ListingState.DRAFT, ListingState.IN_REVIEW):
        with transaction():
            db.session.get_one(Listing, listing.id).state = state
        with pytest.raises(StateChanged), transaction():
            move_listing(slug=listing.slug, to=ListingState.PUBLISHED, by=user.actor(), at=at)
        assert db.session.get_one(Listing, listing.id).state is state
    with transaction():
        move_listing(slug=listing.slug, to=ListingState.PUBLISHED, by=BY, at=at)
    assert db.session.get_one(Listing, listing.id).state is ListingState.PUBLISHED


def test_a_producer_registers_where_this_desk_serves(client: Client) -> None:
    typed = {**NEWCOMER, "role": "producer", "organisation_name": "HTX Xa", "producer_kind": "cooperative"}
    answer = send(client, "/account/register", **typed, commune_code="00004")
    assert (answer.status_code, "Chọn xã hoặc phường" in answer.text) == (422, True)
    counts = [db.session.scalar(select(func.count()).select_from(m)) for m in (User, Producer, OutgoingMail)]
    assert counts == [0, 0, 0]


def test_what_a_producer_writes_has_a_length(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    order = make_order((make_offer(at=at, producer=make_producer(at=at, user=user)), 1), at=at)
    with transaction():
        confirm_part(number=order.number, position=1, by=user.actor(), at=at)
    sign_in(client, user)
    part = f"/producer/orders/{order.number}/1"
    for verb, typed, longest in (
        ("ship", {"carrier": "x" * 81}, 80),
        ("ship", {"carrier": "x", "tracking_number": "y" * 65}, 64),
        ("decline", {"reason": "z" * 501}, 500),
    ):
        answer = send(client, f"{part}/{verb}", **typed)
        assert (answer.status_code, f"nhiều nhất {longest} ký tự" in answer.text) == (422, True)
    assert db.session.scalar(select(func.count(PartEvent.id))) == 2


def test_a_missed_moment_is_asked_again(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two register the same address at once: the second finds the first, and is answered the same."""
    from marketplace.people.accounts.services import registration

    send(client, "/account/register", **NEWCOMER)
    blind = [1]

    def late(email: str) -> User | None:
        blind[0] -= 1
        return None if blind[0] >= 0 else find_user(email)

    monkeypatch.setattr(registration, "find_user", late)
    answer = send(client, "/account/register", **NEWCOMER)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/registered")
    assert blind[0] < 0
    assert db.session.scalar(select(func.count(User.id))) == 1
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 2
    blind[0] = 99
    assert send(client, "/account/register", **NEWCOMER).status_code == 409
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_a_sign_in_seen_long_ago_does_not_break_a_write(app: Flask, client: Client, at: datetime) -> None:
    """Noting that a sign-in is in use is a write of its own; it must not fall inside the one the request makes."""
    user, variant = make_user(at=at), make_offer(at=at)
    sign_in(client, user)
    csrf = token(client)
    with time_machine.travel(at + timedelta(minutes=30), tick=True):
        answer = client.post("/cart/add", data={"csrf_token": csrf, "sku": variant.sku, "quantity": "1"})
        assert answer.status_code == 302
    with time_machine.travel(at + timedelta(minutes=60), tick=True):
        answer = client.post("/checkout/place", data={"csrf_token": csrf, "key": "x", "fingerprint": "y"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/cart")


# many at once, on a database of their own


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application whose requests really run side by side."""
    app = create_app(settings_for(new_database(request.param, "busy"), f"busy-{request.param}", queue_path=""))
    app.test_client_class = Client
    limiter.enabled = False
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(app: Flask, work: Callable[[], int], times: int = 6) -> list[int]:
    """Do the work in threads that start together; answers what each answered."""
    gate, answers = threading.Barrier(times), []

    def run() -> None:
        with app.app_context():
            gate.wait(30)
            answers.append(work())
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_six_first_clicks_are_one_basket_of_six(busy: Flask) -> None:
    with busy.app_context():
        variant, member = make_offer(at=AT, stock=100), make_user(at=AT)
        visitor = new_client(busy)
        sign_in(visitor, member)
        csrf, cookies = token(visitor), dict(visitor._cookies or {})

    def add() -> int:
        browser = new_client(busy)
        browser._cookies = dict(cookies)
        return browser.post("/cart/add", data={"csrf_token": csrf, "sku": variant.sku}).status_code

    assert at_once(busy, add) == [302] * 6
    with busy.app_context():
        assert db.session.scalar(select(func.count(Basket.id))) == 1
        assert db.session.scalar(select(BasketLine.quantity)) == 6


def test_six_registrations_are_one_account(busy: Flask) -> None:
    typed = {**NEWCOMER, "role": "producer", "organisation_name": "HTX Một", "producer_kind": "cooperative"}

    def register() -> int:
        browser = new_client(busy)
        form = hidden(browser.get("/account/register"), "/account/register")
        return browser.post("/account/register", data={**form, **typed, "commune_code": "03390"}).status_code

    answers = at_once(busy, register)
    assert set(answers) <= {302, 409}
    with busy.app_context():
        assert db.session.scalar(select(func.count(User.id))) == 1
        assert db.session.scalar(select(func.count(Organisation.id))) == 1
        assert db.session.scalar(select(func.count(Producer.id))) == 1
        made = db.session.scalar(select(func.count()).where(AuditEntry.action == "user.created"))
        assert made == answers.count(302)  # each unconfirmed one gave way to the next
        assert db.session.scalar(select(func.count(Order.id))) == 0


def test_six_resets_by_one_link_are_one(busy: Flask) -> None:
    with busy.app_context():
        user = make_user(at=now())
        with transaction():
            start_reset(email=user.email, at=now())
        path = f"/account/reset/{mailed_token(user.email, 'reset')}"

    gate = threading.Barrier(6)

    def reset() -> int:
        browser = new_client(busy)
        form = hidden(browser.get(path), path)
        gate.wait(30)
        return browser.post(path, data={**form, "password": "một câu dài khác hẳn"}).status_code

    assert sorted(at_once(busy, reset)) == [302, 404, 404, 404, 404, 404]
    with busy.app_context():
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "user.password_reset")) == 1
