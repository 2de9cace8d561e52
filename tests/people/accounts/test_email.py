"""Changing the address one signs in with."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.accounts.services import (
    EmailTaken,
    LinkGone,
    change_email,
    start_email_change,
    start_reset,
    undo_email_change,
)
from marketplace.platform.core.db import db, transaction
from tests.builders import PASSWORD, mailed_token, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in
from tests.people.accounts.test_confirming import newcomer
from tests.people.accounts.test_passwords import subjects

NEW = "moved@example.com"


def email_of(user: User) -> str:
    return str(db.session.scalar(select(User.email).where(User.id == user.id)))


def ask(user: User, at: datetime, email: str = NEW) -> None:
    with transaction():
        start_email_change(email=email, by=user.actor(), at=at)


def test_the_new_mailbox_confirms_and_both_are_told(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    assert send(client, "/account/email", email=NEW, password="sai sai sai").status_code == 422
    assert send(client, "/account/email", email="không", password=PASSWORD).status_code == 422
    assert (subjects(NEW), subjects(user.email)) == ([], [])
    assert send(client, "/account/email", email=NEW, password=PASSWORD).status_code == 302
    assert email_of(user) == user.email
    assert (subjects(NEW), subjects(user.email)) == (
        ["Xác nhận địa chỉ thư mới"],
        ["Có yêu cầu đổi địa chỉ thư của bạn"],
    )
    path = f"/account/email/confirm/{mailed_token(NEW, 'email/confirm')}"
    assert client.get(path).status_code == 200
    assert send(client, path, password="sai sai sai").status_code == 422
    assert email_of(user) == user.email
    assert send(client, path, password=PASSWORD).status_code == 302
    assert email_of(user) == NEW
    assert subjects(NEW)[-1] == subjects(user.email)[-1] == "Địa chỉ thư của tài khoản đã đổi"
    assert client.get(path).status_code == 404


def test_the_old_mailbox_undoes_it_before_and_after(app: Flask, client: Client, at: datetime) -> None:
    user = make_user(at=at)
    thief = new_client(app)
    for done in (False, True):
        sign_in(thief, user)
        ask(user, at)
        undo = f"/account/email/undo/{mailed_token(user.email, 'email/undo')}"
        if done:
            with transaction():
                change_email(token=mailed_token(NEW, "email/confirm"), at=at)
            assert email_of(user) == NEW
        confirming = f"/account/email/confirm/{mailed_token(NEW, 'email/confirm')}"
        assert client.get(undo).status_code == 200
        assert send(client, undo).headers["Location"] == "/account/forgot"
        assert email_of(user) == user.email
        assert thief.get("/account/profile").status_code == 302
        assert [client.get(path).status_code for path in (undo, confirming)] == [404, 404]
        assert subjects(user.email)[-1] == "Địa chỉ thư của bạn được giữ lại"


def test_every_address_of_a_chain_may_be_taken_back(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    ask(user, at)
    first = mailed_token(user.email, "email/undo")
    with transaction():
        change_email(token=mailed_token(NEW, "email/confirm"), at=at)
    ask(user, at, "further@example.com")
    with transaction():
        change_email(token=mailed_token("further@example.com", "email/confirm"), at=at)
    with transaction():
        undo_email_change(token=first, at=at + timedelta(hours=71))
    assert email_of(user) == user.email
    with pytest.raises(LinkGone), transaction():
        undo_email_change(token=mailed_token(NEW, "email/undo"), at=at)


def test_an_address_in_use_tells_its_owner_only(client: Client, at: datetime) -> None:
    user, owner = make_user(at=at), make_user(at=at)
    sign_in(client, user)
    pages = []
    for email in (owner.email, "free@example.com"):
        answer = send(client, "/account/email", email=email, password=PASSWORD)
        pages.append((answer.status_code, answer.headers["Location"], client.get(answer.headers["Location"]).text))
    assert pages[0] == pages[1]
    assert subjects(owner.email) == ["Có người vừa dùng địa chỉ thư của bạn"]
    assert subjects(user.email) == ["Có yêu cầu đổi địa chỉ thư của bạn"] * 2


def test_one_s_own_address_changes_nothing(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    ask(user, at, user.email)
    assert subjects(user.email) == []


def test_a_newer_request_voids_the_older_and_a_reset_ends(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    ask(user, at)
    first = mailed_token(NEW, "email/confirm")
    with transaction():
        start_reset(email=user.email, at=at)
    ask(user, at)
    with pytest.raises(LinkGone), transaction():
        change_email(token=first, at=at)
    with transaction():
        change_email(token=mailed_token(NEW, "email/confirm"), at=at)
    from marketplace.people.accounts.services import finish_reset

    with pytest.raises(LinkGone), transaction():
        finish_reset(token=mailed_token(user.email, "reset"), password_hash="x", at=at)


def test_an_address_taken_meanwhile(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    ask(user, at)
    token = mailed_token(NEW, "email/confirm")
    undo = mailed_token(user.email, "email/undo")
    newcomer(at, email=NEW)  # nobody's yet: it gives way
    with transaction():
        change_email(token=token, at=at)
    assert email_of(user) == NEW
    make_user(at=at, email=user.email)
    with pytest.raises(EmailTaken), transaction():
        undo_email_change(token=undo, at=at)
    assert send(client, f"/account/email/undo/{undo}").status_code == 409
    assert email_of(user) == NEW


def test_two_who_want_one_address_at_once(client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The later sees nobody there, meets the unique address, is asked again, and is told: nothing changed."""
    from marketplace.people.accounts.queries import find_user
    from marketplace.people.accounts.services import email as changing

    first, second = make_user(at=at), make_user(at=at)
    ask(first, at)
    token = mailed_token(NEW, "email/confirm")
    ask(second, at)
    with transaction():
        change_email(token=mailed_token(NEW, "email/confirm"), at=at)
    blind = [1]

    def late(address: str) -> User | None:
        blind[0] -= 1
        return None if blind[0] >= 0 else find_user(address)

    monkeypatch.setattr(changing, "find_user", late)
    answer = send(client, f"/account/email/confirm/{token}", password=PASSWORD)
    assert (answer.status_code, "đã thuộc một tài khoản khác" in answer.text) == (409, True)
    assert blind[0] < 0
    assert (email_of(first), email_of(second)) == (first.email, NEW)
