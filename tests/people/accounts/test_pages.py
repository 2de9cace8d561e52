"""The account pages, as a visitor without JavaScript meets them."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts import passwords
from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.services import disable_user
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.links import safe_target
from tests.builders import BY, PASSWORD, make_producer, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in, token


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.BUYER, "/"),
        (Role.PRODUCER, "/producer/"),
        (Role.DISTRIBUTOR, "/distributor/"),
        (Role.COMMUNE_OFFICER, "/office/"),
        (Role.PROVINCE_OFFICER, "/office/"),
        (Role.ADMIN, "/office/"),
    ],
)
def test_each_role_lands_where_its_work_is(client: Client, at: datetime, role: Role, home: str) -> None:
    user = make_user(role, at=at)
    if role is Role.PRODUCER:
        make_producer(at=at, user=user)
    assert sign_in(client, user).headers["Location"] == home
    assert client.get(home).status_code == 200
    assert user.name in client.get("/account/profile").text


def test_wrong_password_and_unknown_address_answer_alike(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    known = send(client, "/account/sign-in", email=user.email, password="wrong password")
    unknown = send(client, "/account/sign-in", email="nobody@example.com", password="wrong password")
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert known.text.replace(user.email, "") == unknown.text.replace("nobody@example.com", "")
    assert "Địa chỉ thư hoặc mật khẩu không đúng." in known.text
    assert "wrong password" not in known.text
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    refused = db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "sign_in.refused")).all()
    assert refused == [user.email, "nobody@example.com"]


class CountingHasher:
    """The real hasher, counting what it is asked."""

    def __init__(self, real: Any) -> None:
        self.real, self.verified, self.hashed = real, 0, 0

    def verify(self, stored: str, password: bytes) -> bool:
        self.verified += 1
        return bool(self.real.verify(stored, password))

    def hash(self, password: bytes) -> str:
        self.hashed += 1
        return str(self.real.hash(password))

    def check_needs_rehash(self, stored: str) -> bool:
        return bool(self.real.check_needs_rehash(stored))


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher(passwords.hasher)
    monkeypatch.setattr(passwords, "hasher", counting)
    return counting


def test_the_same_work_whether_or_not_the_address_is_known(
    client: Client, at: datetime, hasher: CountingHasher
) -> None:
    user = make_user(at=at)
    before = hasher.verified
    for email in (user.email, "nobody@example.com", "not an address"):
        send(client, "/account/sign-in", email=email, password="wrong password")
        assert hasher.verified == before + 1
        before = hasher.verified
    hashed = hasher.hashed
    answers = []
    for email in (user.email, "new@example.com"):
        answer = send(client, "/account/register", role="buyer", name="An", email=email, password="một câu dài khác")
        assert hasher.hashed == hashed + 1
        hashed = hasher.hashed
        answers.append((answer.status_code, answer.headers["Location"]))
    assert answers == [(302, "/account/registered")] * 2


def test_an_outdated_hash_is_renewed_at_sign_in(client: Client, at: datetime) -> None:
    from argon2 import PasswordHasher

    user = make_user(at=at)
    with transaction():
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
        db.session.get_one(User, user.id).password_hash = weak.hash(PASSWORD.encode())
    sign_in(client, user)
    assert db.session.get_one(User, user.id).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_sign_out_kills_the_cookie_itself(app: Flask, client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    cookie = client.get_cookie("session")
    assert cookie is not None
    send(client, "/account/sign-out")
    thief = new_client(app)
    thief.set_cookie("session", cookie.value)
    answer = thief.get("/account/profile")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/sign-in?next=/account/profile")


def test_a_disabled_account_is_out_at_its_next_page(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    with transaction():
        disable_user(email=user.email, by=BY, at=at)
    assert client.get("/account/profile").status_code == 302
    assert send(client, "/account/sign-in", email=user.email, password=PASSWORD).status_code == 422


def test_devices_are_seen_and_ended(app: Flask, client: Client, at: datetime) -> None:
    user = make_user(at=at)
    other = new_client(app)
    sign_in(client, user)
    sign_in(other, user)
    code = db.session.scalars(select(SignIn.code).order_by(SignIn.id.desc())).first()
    page = client.get("/account/sessions").text
    assert f"/account/sessions/{code}/end" in page
    assert "máy này" in page
    assert send(client, f"/account/sessions/{code}/end").status_code == 302
    assert other.get("/account/profile").status_code == 302
    sign_in(other, user)
    assert "1 thiết bị khác" in client.get(send(client, "/account/sessions/end-others").headers["Location"]).text
    assert other.get("/account/profile").status_code == 302


def test_a_form_without_its_token_changes_nothing(client: Client, at: datetime) -> None:
    answer = client.post(
        "/account/register", data={"role": "buyer", "name": "An", "email": "an@example.com", "password": PASSWORD}
    )
    assert answer.status_code == 400
    assert "phiên làm việc đã hết hạn" in answer.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example", "\t//evil.example",
        "/a\r\nSet-Cookie:x=1", "javascript:alert(1)", "///evil.example", "http://127.0.0.1@evil.example", "evil", "",
    ],
)  # fmt: skip
def test_no_page_sends_a_reader_elsewhere(client: Client, at: datetime, target: str) -> None:
    assert safe_target(target) == "/"
    user = make_user(at=at)
    answer = send(client, "/account/sign-in", email=user.email, password=PASSWORD, next=target)
    assert answer.headers["Location"] == "/"


def test_own_pages_are_gone_on_to(client: Client, at: datetime) -> None:
    answer = send(
        client, "/account/sign-in", email=make_user(at=at).email, password=PASSWORD, next="/products?q=mi%E1%BA%BFn"
    )
    assert answer.headers["Location"] == "/products?q=mi%E1%BA%BFn"


def test_attempts_are_limited_for_the_address_tried_only(client: Client, at: datetime) -> None:
    user, other = make_user(at=at), make_user(at=at)
    limiter.enabled = True
    try:
        limiter.reset()
        for _ in range(10):
            assert send(client, "/account/sign-in", email=user.email, password="wrong").status_code == 422
        refused = send(client, "/account/sign-in", email=user.email, password=PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 300
        assert "thử quá nhiều lần" in refused.text
        assert send(client, "/account/sign-in", email=other.email, password=PASSWORD).status_code == 302
    finally:
        limiter.enabled = False


def test_registering_for_each_role(client: Client, at: datetime) -> None:
    common = {"name": "An", "password": PASSWORD, "phone": "0912 345 678"}
    send(client, "/account/register", role="buyer", email="b@example.com", **common)
    send(client, "/account/register", role="distributor", email="d@example.com", organisation_name="Quà Núi", **common)
    producer = {"organisation_name": "HTX Mây", "producer_kind": "cooperative", "commune_code": "03390"}
    send(client, "/account/register", role="producer", email="p@example.com", **producer, **common)
    rows = db.session.execute(select(User.email, User.role, User.phone).order_by(User.email)).all()
    assert [tuple(row) for row in rows] == [
        ("b@example.com", "buyer", "+84912345678"),
        ("d@example.com", "distributor", "+84912345678"),
        ("p@example.com", "producer", "+84912345678"),
    ]


def test_what_was_typed_is_kept_with_a_message_beside_it(client: Client, at: datetime) -> None:
    answer = send(
        client,
        "/account/register",
        role="producer",
        name="Lò Thị An",
        email="không phải thư",
        phone="12",
        password="ngắn",
    )
    assert answer.status_code == 422
    for text in ("Lỗi:", "Nhập địa chỉ thư, ví dụ ten@example.com", 'value="Lò Thị An"', 'value="không phải thư"'):
        assert text in answer.text
    assert 'value="ngắn"' not in answer.text
    answer = send(client, "/account/register", role="producer", name="An", email="a@example.com", password=PASSWORD)
    assert "Nhập tên cơ sở hoặc công ty" in answer.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_the_profile_is_changed(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    assert send(client, "/account/profile", name="Mới", phone="0912", language="en").status_code == 422
    assert send(client, "/account/profile", name="Mới", phone="0912 345 678", language="en").status_code == 302
    assert db.session.get_one(User, user.id).name == "Mới"


def test_the_language_and_the_theme_are_remembered(client: Client, at: datetime) -> None:
    assert '<html lang="vi"' in client.get("/verify").text
    assert '<html lang="en"' in client.get("/verify?lang=en").text
    assert '<html lang="en"' in client.get("/verify").text
    assert '<html lang="en"' in client.get("/verify?lang=xx").text
    client.post("/preferences/theme", data={"csrf_token": token(client), "theme": "dark", "next": "/verify"})
    assert 'data-theme="dark"' in client.get("/verify").text
