"""Accounts: what services promise."""

import unicodedata
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Organisation, Role, SignIn, User
from marketplace.people.accounts.passwords import hash_password, matches, outdated
from marketplace.people.accounts.queries import find_sign_in, find_user, get_self, list_own_sign_ins
from marketplace.people.accounts.rules import check_password, read_email, read_phone, show_phone
from marketplace.people.accounts.services import (
    NewAccount,
    WrongPassword,
    change_profile,
    create_user,
    disable_user,
    end_other_sign_ins,
    end_sign_in,
    open_sign_in,
    register,
    replace_hash,
    see_sign_in,
)
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.queries import count_verified, get_own, get_verified, list_verified, list_waiting
from marketplace.people.producers.services import ProducerFacts, create_producer, register_producer, verify_producer
from marketplace.platform.core.access import GUEST, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import BY, make_user, password_hash


def account(**changes: object) -> NewAccount:
    facts = {"email": "a@example.com", "name": "An", "password_hash": password_hash(), "role": Role.BUYER}
    return NewAccount(**(facts | changes))  # type: ignore[arg-type] # a table of facts


def sign_in(user: User, at: datetime) -> str:
    with transaction():
        return open_sign_in(user_id=user.id, address="127.0.0.1", device="test", at=at)


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Ten@EXAMPLE.com ", "ten@example.com"), ("ten.ho@vi-du.vn", "ten.ho@vi-du.vn")]
)
def test_an_address_has_one_form(typed: str, stored: str) -> None:
    assert read_email(typed) == stored


@pytest.mark.parametrize("typed", ["", "ten", "ten@", "@example.com", "a b@example.com", "ten@example"])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(typed)
    assert set(refused.value.fields) == {"email"}


def test_phones() -> None:
    assert read_phone("0912 345 678") == "+84912345678"
    assert read_phone("+84 912345678") == "+84912345678"
    assert show_phone("+84912345678") == "0912 345 678"
    for wrong in ("0912 345", "abc", "", "+1 202 555 0101", "0123456789"):
        with pytest.raises(Invalid):
            read_phone(wrong)


@pytest.mark.parametrize("password", ["short", "x" * 129, "matkhau123", "an@example.com", "Lò Thị An", "taikhoan-an"])
def test_passwords_that_will_not_do(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(
            password, email="an@example.com" if "@" in password else "taikhoan-an@example.com", name="Lò Thị An"
        )


def test_passwords_that_will() -> None:
    for password in ("tám ký tự", "x" * 128, "correct horse battery"):
        check_password(password, email="an@example.com", name="An")


def test_argon2id_with_the_parameters_asked_for() -> None:
    stored = password_hash()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not outdated(stored)
    assert outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo")


def test_a_password_is_the_same_however_it_is_typed() -> None:
    stored = hash_password(unicodedata.normalize("NFC", "mật khẩu dài"))
    assert matches(stored, unicodedata.normalize("NFD", "mật khẩu dài"))
    assert not matches(stored, "mat khau dai")
    assert not matches(None, "no account has this password")
    assert not matches("not a hash", "x")


def test_registering_writes_a_letter_once(app: Flask, at: datetime) -> None:
    with transaction():
        user = register(account=account(), at=at)
    assert user is not None
    with transaction():
        db.session.get_one(User, user.id).confirmed_at = at
    with transaction():
        assert register(account=account(name="Kẻ khác"), at=at) is None
    with transaction():
        assert register(account=account(), at=at) is None
    assert db.session.scalars(select(User.name)).all() == ["An"]
    subjects = db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)).all()
    assert subjects == ["Xác nhận địa chỉ thư của bạn ở Chợ Phiên", "Có người vừa dùng địa chỉ thư của bạn"]


def test_nobody_registers_as_an_officer(app: Flask, at: datetime) -> None:
    for role in (Role.ADMIN, Role.PROVINCE_OFFICER):
        with pytest.raises(Invalid), transaction():
            register(account=account(role=role, unit_code="12"), at=at)
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_roles_come_with_what_they_act_for(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid), transaction():
        register(account=account(role=Role.DISTRIBUTOR), at=at)
    with transaction():
        user = register(account=account(role=Role.DISTRIBUTOR, organisation_name="Siêu thị Núi"), at=at)
    assert user is not None
    assert db.session.scalars(select(Organisation.slug)).all() == ["sieu-thi-nui"]
    for role, unit, name in (
        (Role.COMMUNE_OFFICER, "03390", "Xã Bình Lư"),
        (Role.DISTRICT_OFFICER, "106", "Huyện Tam Đường"),
        (Role.PROVINCE_OFFICER, "12", "Tỉnh Lai Châu"),
    ):
        officer = make_user(role, at=at, unit=unit)
        shown = get_self(officer.actor())
        assert shown.unit is not None
        assert shown.unit.name == name
    with pytest.raises(Invalid), transaction():
        create_user(account=account(email="x@example.com", role=Role.COMMUNE_OFFICER, unit_code="99999"), by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        create_user(account=account(), by=system("x"), at=at)


def test_a_producer_registers_and_waits(app: Flask, at: datetime) -> None:
    facts = ProducerFacts(name="HTX Mới", kind=ProducerKind.FARM, commune_code="03390", contact_name="An")
    wrong = ProducerFacts(name="HTX Mới", kind=ProducerKind.FARM, commune_code="", contact_name="An")
    new = account(role=Role.PRODUCER, organisation_name="HTX Mới")
    with pytest.raises(Invalid), transaction():
        register_producer(account=new, facts=wrong, at=at)
    assert find_user("a@example.com") is None
    with transaction():
        user = register_producer(account=new, facts=facts, at=at)
    assert user is not None
    own = get_own(user.actor())
    assert (own.name, own.verified_at) == ("HTX Mới", None)
    assert list_waiting(by=BY) == []
    with pytest.raises(NotFound), transaction():
        verify_producer(slug=own.slug, by=BY, at=at)
    with transaction():
        db.session.get_one(User, user.id).confirmed_at = at
    assert [p.id for p in list_waiting(by=BY)] == [own.id]
    with pytest.raises(NotFound):
        get_verified(own.slug)
    with transaction():
        verify_producer(slug=own.slug, by=BY, at=at)
    assert get_verified(own.slug).id == own.id
    assert ([p.id for p in list_verified()], count_verified()) == ([own.id], 1)
    with transaction():
        assert register_producer(account=new, facts=facts, at=at) is None
    assert db.session.scalar(select(func.count()).select_from(Producer)) == 1
    with pytest.raises(Invalid), transaction():
        create_producer(organisation_id=own.organisation_id, facts=wrong, by=BY, at=at)
    with pytest.raises(NotFound):
        get_own(GUEST)
    with pytest.raises(NotFound), transaction():
        verify_producer(slug="nope", by=BY, at=at)


def test_a_sign_in_is_a_row_with_a_hashed_token(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    token = sign_in(user, at)
    row = db.session.scalars(select(SignIn)).one()
    assert token not in (row.token_hash, row.code)
    found = find_sign_in(token, at=at)
    assert found is not None
    assert found.user.email == user.email
    assert find_sign_in("guess", at=at) is None


def test_a_sign_in_ends_by_time(app: Flask, at: datetime) -> None:
    buyer, officer = make_user(at=at), make_user(Role.PROVINCE_OFFICER, at=at)
    for user, idle, longest in ((buyer, timedelta(days=30), 90), (officer, timedelta(hours=8), 1)):
        token = sign_in(user, at)
        assert find_sign_in(token, at=at + idle - timedelta(seconds=1)) is not None
        assert find_sign_in(token, at=at + idle) is None
        row = find_sign_in(token, at=at)
        assert row is not None
        used = at
        while used + idle < at + timedelta(days=longest):
            used += idle - timedelta(seconds=1)
            with transaction():
                see_sign_in(sign_in_id=row.id, at=used)
        assert find_sign_in(token, at=at + timedelta(days=longest)) is None
    with transaction():
        see_sign_in(sign_in_id=999_999, at=at)


def test_people_end_own_sign_ins(app: Flask, at: datetime) -> None:
    user, other = make_user(at=at), make_user(at=at)
    tokens = [sign_in(user, at) for _ in range(3)]
    rows = list_own_sign_ins(by=user.actor(), at=at)
    assert len(rows) == 3
    with pytest.raises(NotFound), transaction():
        end_sign_in(code=rows[0].code, by=other.actor(), at=at)
    assert len(list_own_sign_ins(by=user.actor(), at=at)) == 3
    with transaction():
        end_sign_in(code=rows[0].code, by=user.actor(), at=at)
    with transaction():
        assert end_other_sign_ins(keep=rows[1].code, by=user.actor(), at=at) == 1
    assert [find_sign_in(token, at=at) is not None for token in tokens].count(True) == 1


def test_a_disabled_account_stops_at_once(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    token = sign_in(user, at)
    with transaction():
        disable_user(email=user.email, by=BY, at=at)
    assert find_sign_in(token, at=at) is None
    with pytest.raises(WrongPassword):
        sign_in(user, at)
    with pytest.raises(NotFound), transaction():
        disable_user(email="nobody@example.com", by=BY, at=at)


def test_a_profile_is_ones_own(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    with transaction():
        change_profile(name=" Lò  An ", phone="+84912345678", language="en", by=user.actor(), at=at)
    with transaction():
        replace_hash(user_id=user.id, password_hash="fresh")
    shown = get_self(user.actor())
    assert (shown.name, shown.phone, shown.language, shown.password_hash) == ("Lò An", "+84912345678", "en", "fresh")
    with pytest.raises(NotFound):
        get_self(GUEST)
