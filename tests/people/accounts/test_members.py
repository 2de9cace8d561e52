"""Organisations with several members: invitations, joining, leaving, handing over."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Invitation, Membership, Role, User
from marketplace.people.accounts.queries import find_user, get_invitation, list_members
from marketplace.people.accounts.services import (
    CannotJoin,
    InvitedEnough,
    LastOwner,
    hand_over,
    invite,
    join,
    join_as_new,
    remove_member,
)
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import PASSWORD, mailed_token, make_member, make_producer, make_user, password_hash
from tests.conftest import Client, new_client
from tests.pages import send, sign_in
from tests.people.accounts.test_confirming import newcomer

GUEST_EMAIL = "vang@example.com"


def owner_of(role: Role, at: datetime) -> User:
    user = make_user(role, at=at)
    if role is Role.PRODUCER:
        make_producer(at=at, user=user)
    return user


def standing(user: User) -> tuple[str, str | None]:
    role, membership = db.session.execute(select(User.role, User.membership).where(User.id == user.id)).one()
    return role.value, membership.value if membership else None


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.DISTRIBUTOR])
def test_somebody_new_is_invited_and_joins(client: Client, app: Flask, at: datetime, role: Role) -> None:
    owner = owner_of(role, at)
    sign_in(client, owner)
    page = f"/{role}/members"
    assert "Chưa có lời mời nào" in client.get(page).text
    assert send(client, page, email="không").status_code == 422
    assert send(client, page, email=GUEST_EMAIL).status_code == 302
    assert GUEST_EMAIL in client.get(page).text
    letter = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == GUEST_EMAIL)).one()
    assert letter.subject.startswith("Lò Thị Thử mời bạn cùng làm việc cho ")
    guest = new_client(app)
    path = f"/account/join/{mailed_token(GUEST_EMAIL, 'join')}"
    assert "Mở tài khoản và tham gia" in guest.get(path).text
    assert send(guest, path, name="Vàng A", password="12345678").status_code == 422
    assert find_user(GUEST_EMAIL) is None
    answer = send(guest, path, name="Vàng A", password="một câu dài khác")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{role}/")
    assert guest.get(f"/{role}/").status_code == 200
    assert guest.get(path).status_code == 404, "once"
    joined = find_user(GUEST_EMAIL)
    assert joined is not None
    assert standing(joined) == (role.value, "member")
    assert joined.confirmed_at is not None
    people = list_members(by=owner.actor())
    assert [p.membership for p in people] == [Membership.OWNER, Membership.MEMBER]
    assert "Người này đã ở trong danh sách." in send(client, page, email=GUEST_EMAIL).text


def test_a_buyer_signs_in_and_joins(client: Client, at: datetime) -> None:
    owner, buyer, other = owner_of(Role.PRODUCER, at), make_user(at=at), make_user(at=at)
    with transaction():
        invite(email=buyer.email, by=owner.actor(), at=at)
    path = f"/account/join/{mailed_token(buyer.email, 'join')}"
    page = client.get(path).text
    assert f"/account/sign-in?next={path}" in page.replace("%2F", "/")
    assert send(client, path, name="Kẻ khác", password=PASSWORD).status_code == 200
    sign_in(client, other)
    assert "một địa chỉ khác" in client.get(path).text
    send(client, path)
    assert (standing(buyer), standing(other)) == (("buyer", None), ("buyer", None))
    with pytest.raises(CannotJoin), transaction():
        join(token=path.rsplit("/", 1)[1], by=other.actor(), at=at)
    send(client, "/account/sign-out")
    sign_in(client, buyer)
    assert "Tham gia" in client.get(path).text
    assert send(client, path).headers["Location"] == "/producer/"
    assert standing(buyer) == ("producer", "member")


def test_who_works_elsewhere_cannot_join(client: Client, at: datetime) -> None:
    owner, busy = owner_of(Role.PRODUCER, at), owner_of(Role.DISTRIBUTOR, at)
    with transaction():
        invite(email=busy.email, by=owner.actor(), at=at)
    token = mailed_token(busy.email, "join")
    sign_in(client, busy)
    assert "đã làm việc cho một nơi khác" in client.get(f"/account/join/{token}").text
    with pytest.raises(CannotJoin), transaction():
        join(token=token, by=busy.actor(), at=at)
    with pytest.raises(CannotJoin), transaction():
        join_as_new(token=token, name="X", password_hash=password_hash(), language="vi", at=at)
    assert standing(busy) == ("distributor", "owner")
    assert get_invitation(token, at=at).accepted_at is None


def test_an_unconfirmed_registration_gives_way(app: Flask, at: datetime) -> None:
    owner = owner_of(Role.PRODUCER, at)
    newcomer(at, email=GUEST_EMAIL)
    assert make_member(owner, at=at, email=GUEST_EMAIL).role is Role.PRODUCER
    assert db.session.scalar(select(func.count()).where(User.email == GUEST_EMAIL)) == 1


def test_an_invitation_lasts_a_week_is_renewed_and_withdrawn(client: Client, at: datetime) -> None:
    owner, stranger = owner_of(Role.PRODUCER, at), owner_of(Role.PRODUCER, at)
    tokens = []
    for _ in range(3):
        with transaction():
            invitation = invite(email=GUEST_EMAIL, by=owner.actor(), at=at)
        tokens.append(mailed_token(GUEST_EMAIL, "join"))
    with pytest.raises(InvitedEnough), transaction():
        invite(email=GUEST_EMAIL, by=owner.actor(), at=at)
    for token in tokens[:2]:
        with pytest.raises(NotFound):
            get_invitation(token, at=at)
    assert get_invitation(tokens[2], at=at + timedelta(days=6)).email == GUEST_EMAIL
    with pytest.raises(NotFound):
        get_invitation(tokens[2], at=at + timedelta(days=7))
    path = f"/producer/members/invitations/{invitation.code}/withdraw"
    sign_in(client, stranger)
    assert send(client, path).status_code == 404
    assert get_invitation(tokens[2], at=at).withdrawn_at is None
    send(client, "/account/sign-out")
    sign_in(client, owner)
    assert send(client, path).status_code == 302
    assert client.get(f"/account/join/{tokens[2]}").status_code == 404
    assert send(client, path).status_code == 404
    assert tokens[2] not in str(db.session.execute(select(Invitation.token_hash, Invitation.code)).all())


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_take_one_invitation_up_one_does(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The second has read the invitation before the first used it; without the conditional UPDATE both pass."""
    from marketplace.people.accounts.services import invitations

    owner, buyer = owner_of(Role.PRODUCER, at), make_user(at=at)
    with transaction():
        invite(email=buyer.email, by=owner.actor(), at=at)
    token = mailed_token(buyer.email, "join")
    stale = get_invitation(token, at=at)
    with transaction():
        db.session.get_one(Invitation, stale.id).withdrawn_at = at
    monkeypatch.setattr(invitations, "get_invitation", lambda *_arguments, **_options: stale)
    if guarded:
        with pytest.raises(NotFound), transaction():
            join(token=token, by=buyer.actor(), at=at)
    else:
        monkeypatch.setattr(invitations, "rows_changed", lambda _statement: 1)
        with transaction():
            join(token=token, by=buyer.actor(), at=at)
    assert standing(buyer)[1] == (None if guarded else "member")


def test_only_owners_manage(app: Flask, client: Client, at: datetime) -> None:
    owner, stranger = owner_of(Role.PRODUCER, at), owner_of(Role.PRODUCER, at)
    member, third = make_member(owner, at=at), make_member(owner, at=at)
    sign_in(client, member)
    page = client.get("/producer/members").text
    assert "Chỉ người chủ mời và cho thôi được." in page
    assert "Gửi thư mời" not in page
    assert send(client, "/producer/members", email=GUEST_EMAIL).status_code == 403
    for path in (f"{owner.code}/remove", f"{third.code}/remove", f"{third.code}/hand-over", f"{member.code}/hand-over"):
        assert send(client, f"/producer/members/{path}").status_code == 403
    assert send(client, f"/producer/members/{stranger.code}/remove").status_code == 404
    assert client.get("/distributor/members").status_code == 403
    assert [standing(each)[1] for each in (owner, member, third, stranger)] == ["owner", "member", "member", "owner"]
    buyer = make_user(at=at).actor()
    with pytest.raises(Forbidden), transaction():
        invite(email=GUEST_EMAIL, by=buyer, at=at)


def test_removing_signs_out_and_makes_a_buyer(app: Flask, client: Client, at: datetime) -> None:
    owner = owner_of(Role.PRODUCER, at)
    member = make_member(owner, at=at)
    theirs = new_client(app)
    sign_in(theirs, member)
    sign_in(client, owner)
    assert send(client, f"/producer/members/{member.code}/remove").headers["Location"] == "/producer/members"
    assert theirs.get("/account/profile").status_code == 302
    assert standing(member) == ("buyer", None)
    sign_in(theirs, member)
    assert theirs.get("/producer/").status_code == 403


def test_the_last_owner_hands_over_before_leaving(client: Client, app: Flask, at: datetime) -> None:
    owner = owner_of(Role.DISTRIBUTOR, at)
    member = make_member(owner, at=at)
    sign_in(client, owner)
    answer = send(client, f"/distributor/members/{owner.code}/remove")
    assert "người chủ duy nhất" in client.get(answer.headers["Location"]).text
    with pytest.raises(LastOwner), transaction():
        remove_member(code=owner.code, by=owner.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        hand_over(code=owner.code, by=owner.actor(), at=at)
    assert standing(owner) == ("distributor", "owner")
    assert send(client, f"/distributor/members/{member.code}/hand-over").status_code == 302
    assert (standing(owner), standing(member)) == (("distributor", "member"), ("distributor", "owner"))
    assert send(client, f"/distributor/members/{owner.code}/remove").headers["Location"] == "/"
    assert client.get("/account/profile").status_code == 302
    assert standing(owner) == ("buyer", None)
