"""Confirming a registration by mail: the page after registering, the link, and what is not told."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import LinkPurpose, MailLink, Organisation, Role, SignIn, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import (
    LinkGone,
    NewAccount,
    WrongPassword,
    confirm,
    disable_user,
    find_link,
    open_sign_in,
    register,
    send_confirmation,
)
from marketplace.people.accounts.services.registration import forget_unconfirmed
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, db, transaction
from marketplace.platform.mail.jobs import deliver_due
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import BY, PASSWORD, mailed_token, make_producer, make_user, password_hash
from tests.conftest import Client
from tests.pages import send

NEW = {"role": "buyer", "name": "An", "email": "an@example.com", "password": PASSWORD}
PRODUCER = {
    "role": "producer", "organisation_name": "HTX Mây", "producer_kind": "cooperative", "commune_code": "03390"
}  # fmt: skip


def newcomer(at: datetime, **changes: object) -> User:
    facts = {"email": "an@example.com", "name": "An", "password_hash": password_hash(), "role": Role.BUYER}
    with transaction():
        user = register(account=NewAccount(**(facts | changes)), at=at)  # type: ignore[arg-type] # a table of facts
    assert user is not None
    return user


def letters(email: str = "an@example.com") -> int:
    return db.session.scalar(select(func.count()).where(OutgoingMail.to_address == email)) or 0


def link_path(email: str = "an@example.com") -> str:
    return f"/account/confirm/{mailed_token(email, 'confirm')}"


@pytest.mark.parametrize(
    ("typed", "home"),
    [({}, "/"), (PRODUCER, "/producer/"), ({"role": "distributor", "organisation_name": "Quà Núi"}, "/distributor/")],
)
def test_the_link_and_the_password_open_the_account(
    client: Client, at: datetime, typed: dict[str, str], home: str
) -> None:
    assert send(client, "/account/register", **{**NEW, **typed}).headers["Location"] == "/account/registered"
    user = find_user("an@example.com")
    assert user is not None
    assert user.confirmed_at is None
    path = link_path()
    assert client.get(path).status_code == 200
    assert db.session.get_one(User, user.id).confirmed_at is None, "looking changes nothing"
    answer = send(client, path, password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, home)
    assert db.session.get_one(User, user.id).confirmed_at is not None
    assert client.get(home).status_code == 200
    assert client.get("/account/profile").status_code == 200
    assert (client.get(path).status_code, send(client, path, password=PASSWORD).status_code) == (404, 404)


def test_nobody_is_tricked_into_opening_what_another_registered(client: Client, at: datetime) -> None:
    newcomer(at)
    answer = send(client, link_path(), password="mật khẩu của người khác")
    assert answer.status_code == 422
    assert "Mật khẩu không đúng." in answer.text
    assert db.session.scalar(select(User.confirmed_at)) is None
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_one_goes_on_to_where_one_came_from(client: Client, at: datetime) -> None:
    assert 'name="next" value="/checkout"' in client.get("/account/register?next=/checkout").text
    send(client, "/account/register", **NEW, next="/checkout")
    assert send(client, link_path(), password=PASSWORD).headers["Location"] == "/checkout"
    for n, target in enumerate(("//evil.example", "/account/join/secret")):
        email = f"b{n}@example.com"
        send(client, "/account/register", **{**NEW, "email": email}, next=target)
        assert send(client, link_path(email), password=PASSWORD).headers["Location"] == "/"
    assert "secret" not in str(db.session.scalars(select(MailLink.target)).all())


def test_registering_and_signing_in_afterwards_tell_nothing(client: Client, at: datetime) -> None:
    """The hole of an account that opened at once: whether an address was free, was told by signing in."""
    owner = make_user(at=at, email="taken@example.com")
    pages = []
    for email in (owner.email, "free@example.com"):
        registered = send(client, "/account/register", **{**NEW, "email": email, "password": "một câu dài khác"})
        page = client.get(registered.headers["Location"])
        signed = send(client, "/account/sign-in", email=email, password="một câu dài khác")
        pages.append(
            (registered.status_code, registered.headers["Location"], page.text, signed.status_code,
             signed.text.replace(email, ""))
        )  # fmt: skip
    assert pages[0] == pages[1]
    assert pages[0][3] == 422
    assert "Nếu bạn vừa đăng ký, hãy mở thư" in pages[0][4]
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    assert letters(owner.email) == 1, "the owner is told"


def test_the_right_password_posts_the_letter_anew_and_voids_the_older(client: Client, at: datetime) -> None:
    send(client, "/account/register", **NEW)
    first = link_path()
    for n in range(2, 9):
        assert send(client, "/account/sign-in", email=NEW["email"], password=PASSWORD).status_code == 422
        assert letters() == min(n, 5), "five a day"
    assert send(client, "/account/sign-in", email=NEW["email"], password="sai sai sai").status_code == 422
    assert letters() == 5
    assert client.get(first).status_code == 404
    assert client.get(link_path()).status_code == 200


def test_registering_again_replaces_what_nobody_confirmed(client: Client, at: datetime) -> None:
    send(client, "/account/register", **{**NEW, **PRODUCER})
    first = link_path()
    send(client, "/account/register", **{**NEW, "name": "Bình", "password": "một câu dài khác"})
    rows = db.session.execute(select(User.name, User.role, User.organisation_id)).all()
    assert [tuple(row) for row in rows] == [("Bình", "buyer", None)]
    assert [db.session.scalar(select(func.count()).select_from(m)) for m in (Organisation, Producer)] == [0, 0]
    assert client.get(first).status_code == 404
    assert send(client, link_path(), password="một câu dài khác").status_code == 302


def test_a_link_lasts_two_days_and_speaks_of_one_purpose(app: Flask, at: datetime) -> None:
    newcomer(at)
    token = mailed_token("an@example.com", "confirm")
    assert find_link(token, purpose=LinkPurpose.CONFIRM, at=at + timedelta(hours=47)).email == "an@example.com"
    for purpose, moment in ((LinkPurpose.CONFIRM, at + timedelta(hours=48)), (LinkPurpose.RESET, at)):
        with pytest.raises(LinkGone):
            find_link(token, purpose=purpose, at=moment)
    with transaction():
        disable_user(email="an@example.com", by=BY, at=at)
    with pytest.raises(LinkGone):
        find_link(token, purpose=LinkPurpose.CONFIRM, at=at)


def test_a_link_is_used_once(app: Flask, at: datetime) -> None:
    user = newcomer(at)
    token = mailed_token(user.email, "confirm")
    with pytest.raises(WrongPassword), transaction():
        open_sign_in(user_id=user.id, address="", device="", at=at)
    with transaction():
        assert confirm(token=token, at=at)[0].id == user.id
    with pytest.raises(LinkGone), transaction():
        confirm(token=token, at=at)
    before = letters()
    with transaction():
        send_confirmation(user_id=user.id, at=at)
    assert letters() == before, "nothing left to confirm"


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_use_it_at_once_one_succeeds(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The second has read the link before the first used it: the conditional UPDATE decides; without it both pass."""
    from marketplace.people.accounts.services import links

    token = mailed_token(newcomer(at).email, "confirm")
    stale = find_link(token, purpose=LinkPurpose.CONFIRM, at=at)
    with transaction():
        confirm(token=token, at=at)
    monkeypatch.setattr(links, "find_link", lambda *_arguments, **_options: stale)
    if guarded:
        with pytest.raises(LinkGone), transaction():
            confirm(token=token, at=at)
    else:
        monkeypatch.setattr(links, "rows_changed", lambda _statement: 1)
        with transaction():
            assert confirm(token=token, at=at)[0].id == stale.user_id


class Kept:
    """A transport that keeps what it is handed."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, message: object) -> None:
        self.texts.append(str(message))


def test_no_table_keeps_the_secret_once_the_letter_has_left(app: Flask, at: datetime) -> None:
    newcomer(at)
    token = mailed_token("an@example.com", "confirm")
    row = db.session.scalars(select(MailLink)).one()
    assert token not in (row.token_hash, row.email, row.target)
    transport = Kept()
    assert deliver_due(at, transport=transport, sender="x@example.com", lease=timedelta(minutes=1)) == 1
    assert len(transport.texts) == 1
    held = [str(tuple(r)) for table in Model.metadata.sorted_tables for r in db.session.execute(select(table))]
    assert [text for text in held if token in text] == []


def test_who_confirmed_meanwhile_is_not_forgotten(app: Flask, at: datetime) -> None:
    """The account was read before its owner confirmed it: it stays, and its organisation with it."""
    seller = make_user(Role.PRODUCER, at=at)
    make_producer("Lò miến", at=at, user=seller)
    with transaction():
        forget_unconfirmed(db.session.get_one(User, seller.id))
    assert db.session.get_one(User, seller.id).organisation_id == seller.organisation_id
    assert db.session.get(Organisation, seller.organisation_id) is not None
