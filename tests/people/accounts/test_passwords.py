"""Forgotten and changed passwords; those that attackers try first."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.common_passwords import is_common
from marketplace.people.accounts.models import SignIn
from marketplace.people.accounts.passwords import matches
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.rules import check_password
from marketplace.people.accounts.services import LinkGone, disable_user, finish_reset, start_reset
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.mail.services import Letter
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.letters import compose
from tests.builders import BY, PASSWORD, mailed_token, make_user, password_hash
from tests.conftest import Client, new_client
from tests.pages import send, sign_in
from tests.people.accounts.test_confirming import newcomer

NEW = "một câu dài khác hẳn"


def subjects(email: str) -> list[str]:
    query = select(OutgoingMail.subject).where(OutgoingMail.to_address == email).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize(
    "password",
    [
        "12345678", "password", "PassWord1", "P@ssw0rd!", "matkhau123", "Mật Khẩu 2024", "khongbiet99", "anhyeuem",
        "nguyen1989", "lan0803", "iloveyou!!", "Dragon!!2020", "qwertyuiop", "19900508", "08031990",
    ],
)  # fmt: skip
def test_what_attackers_try_first_will_not_do(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password.ljust(8, "!"), email="x@example.com", name="X")
    assert set(refused.value.fields) == {"password"}


def test_what_nobody_guesses_will_do(app: Flask) -> None:
    for password in ("tám ký tự", "correct horse battery", "sông Đà chảy về xuôi", "h7#kQz9pLw", "một câu dài dễ nhớ"):
        assert not is_common(password), password


def test_one_s_own_name_with_figures_will_not_do() -> None:
    for password in ("Lò Thị An 2024", "lothian!!", "An-Ocop-2025"):
        with pytest.raises(Invalid):
            check_password(password, email="an-ocop@example.com", name="Lò Thị An")


def test_a_forgotten_password_is_set_anew_by_mail(app: Flask, client: Client, at: datetime) -> None:
    user, thief = make_user(at=at), new_client(app)
    sign_in(thief, user)
    assert send(client, "/account/forgot", email=user.email).headers["Location"] == "/account/forgot/sent"
    path = f"/account/reset/{mailed_token(user.email, 'reset')}"
    assert client.get(path).status_code == 200
    assert send(client, path, password="12345678").status_code == 422
    assert send(client, path, password=NEW).headers["Location"] == "/account/reset/done"
    assert client.get("/account/reset/done").status_code == 200
    assert thief.get("/account/profile").status_code == 302, "every sign-in ends"
    assert send(client, "/account/sign-in", email=user.email, password=PASSWORD).status_code == 422
    sign_in(client, user, NEW)
    assert (client.get(path).status_code, send(client, path, password=PASSWORD).status_code) == (404, 404)
    assert subjects(user.email) == ["Đặt lại mật khẩu ở Chợ Phiên", "Mật khẩu của bạn vừa được đổi"]


def test_forgotten_tells_nothing(client: Client, at: datetime) -> None:
    known, stopped = make_user(at=at), make_user(at=at)
    newcomer(at, email="unconfirmed@example.com")
    with transaction():
        disable_user(email=stopped.email, by=BY, at=at)
    before = db.session.scalar(select(func.count()).select_from(OutgoingMail))
    answers = set()
    for email in (known.email, stopped.email, "unconfirmed@example.com", "nobody@example.com"):
        answer = send(client, "/account/forgot", email=email)
        answers.add((answer.status_code, answer.headers["Location"], answer.text))
    assert len(answers) == 1
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == (before or 0) + 1
    assert send(client, "/account/forgot", email="không phải thư").status_code == 422


def test_the_same_letter_is_written_for_nobody(client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def noted(template: str, language: str, **facts: object) -> Letter:
        written.append(template)
        return compose(template, language, **facts)

    monkeypatch.setattr("marketplace.people.accounts.mails.compose", noted)
    for email in (make_user(at=at).email, "nobody@example.com"):
        send(client, "/account/forgot", email=email)
    assert written == ["reset", "reset"]


def test_a_reset_lasts_an_hour_and_five_are_sent_a_day(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    for _ in range(7):
        with transaction():
            start_reset(email=user.email, at=at)
    assert len(subjects(user.email)) == 5
    token = mailed_token(user.email, "reset")
    with pytest.raises(LinkGone), transaction():
        finish_reset(token=token, password_hash="x", at=at + timedelta(hours=1))
    with transaction():
        finish_reset(token=token, password_hash=password_hash(NEW), at=at + timedelta(minutes=59))
    with transaction():
        start_reset(email=user.email, at=at + timedelta(days=2))
    assert len(subjects(user.email)) == 7


def test_a_password_is_changed_by_who_knows_the_old_one(app: Flask, client: Client, at: datetime) -> None:
    user, other = make_user(at=at), new_client(app)
    sign_in(client, user)
    sign_in(other, user)
    wrong = send(client, "/account/password", old_password="sai sai sai", password=NEW)
    assert (wrong.status_code, "Mật khẩu không đúng." in wrong.text) == (422, True)
    assert send(client, "/account/password", old_password=PASSWORD, password="matkhau123").status_code == 422
    assert subjects(user.email) == []
    assert send(client, "/account/password", old_password=PASSWORD, password=NEW).status_code == 302
    assert client.get("/account/password").status_code == 200, "this device stays"
    assert other.get("/account/profile").status_code == 302
    assert subjects(user.email) == ["Mật khẩu của bạn vừa được đổi"]
    found = find_user(user.email)
    assert found is not None
    assert matches(found.password_hash, NEW)
    assert db.session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1


@pytest.mark.parametrize(
    ("path", "typed", "most"),
    [
        ("/account/forgot", {"email": "nobody@example.com"}, 10),
        ("/account/password", {"old_password": "sai", "password": NEW}, 10),
        ("/account/email", {"email": "new@example.com", "password": "sai"}, 10),
        ("/account/data/erase", {"erase-password": "sai"}, 10),
        ("/account/data/export", {"export-password": "sai"}, 10),
    ],
)
def test_what_checks_a_password_or_sends_mail_is_limited(
    client: Client, at: datetime, path: str, typed: dict[str, str], most: int
) -> None:
    sign_in(client, make_user(at=at))
    limiter.enabled = True
    try:
        limiter.reset()
        answers = [send(client, path, **typed).status_code for _ in range(most + 1)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
