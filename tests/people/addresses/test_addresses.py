"""The address book, and its use at checkout."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.addresses.queries import list_addresses
from marketplace.people.addresses.services import (
    MOST_ADDRESSES,
    AddressBookFull,
    AddressFacts,
    add_address,
    change_address,
    delete_address,
    forget_addresses,
    make_default,
)
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.shop.checkout.models import CheckoutDraft
from tests.builders import make_address, make_offer, make_user
from tests.conftest import Client
from tests.pages import send, sign_in

TYPED = {
    "recipient": "Vàng A", "phone": "0987 654 321", "province_code": "12", "commune_code": "03390", "street": "Bản Mây"
}  # fmt: skip


def book(user: User) -> list[tuple[str, bool]]:
    return [(each.street, each.is_default) for each in list_addresses(by=user.actor())]


def test_the_first_is_the_default_and_the_same_is_kept_once(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    first = make_address(user, at=at, street="Số 1")
    second = make_address(user, at=at, street="Số 2")
    assert make_address(user, at=at, street=" Số  2").code == second.code
    assert book(user) == [("Số 1", True), ("Số 2", False)]
    with transaction():
        make_default(code=second.code, by=user.actor())
    assert book(user) == [("Số 2", True), ("Số 1", False)]
    facts = AddressFacts("An", "+84912345678", "01", "00004", "Số 3")
    with transaction():
        change_address(code=first.code, facts=facts, default=True, by=user.actor())
    assert book(user) == [("Số 3", True), ("Số 2", False)]
    with transaction():
        change_address(code=first.code, facts=facts, default=False, by=user.actor())
    with transaction():
        add_address(
            facts=AddressFacts("An", "+84912345678", "12", "03390", "Số 4"), default=True, by=user.actor(), at=at
        )
    assert book(user)[0] == ("Số 4", True)


def test_deleting_the_default_leaves_another(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    codes = [make_address(user, at=at, street=street).code for street in ("Số 1", "Số 2", "Số 3")]
    for code, left in ((codes[2], [("Số 1", True), ("Số 2", False)]), (codes[0], [("Số 2", True)]), (codes[1], [])):
        with transaction():
            delete_address(code=code, by=user.actor())
        assert book(user) == left


def test_another_s_address_does_not_exist(app: Flask, client: Client, at: datetime) -> None:
    user, other = make_user(at=at), make_user(at=at)
    code = make_address(user, at=at).code
    facts = AddressFacts("Kẻ khác", "+84912345678", "12", "03390", "Số 9")
    with pytest.raises(NotFound), transaction():
        delete_address(code=code, by=other.actor())
    with pytest.raises(NotFound), transaction():
        make_default(code=code, by=other.actor())
    with pytest.raises(NotFound), transaction():
        change_address(code=code, facts=facts, default=True, by=other.actor())
    sign_in(client, other)
    assert client.get(f"/account/addresses/{code}").status_code == 404
    assert send(client, f"/account/addresses/{code}", **TYPED).status_code == 404
    assert book(user) == [("Số 1 Trần Hưng Đạo", True)]
    with transaction():
        forget_addresses(by=other.actor())
    assert len(book(user)) == 1


def test_communes_of_today_and_twenty_at_most(app: Flask, at: datetime) -> None:
    user = make_user(at=at)
    for province, commune in (("12", "00004"), ("12", "99999"), ("", "03390")):
        with pytest.raises(Invalid) as refused, transaction():
            add_address(
                facts=AddressFacts("An", "+84912345678", province, commune, "Số 1"),
                default=False,
                by=user.actor(),
                at=at,
            )
        assert set(refused.value.fields) == {"commune_code"}
    for n in range(MOST_ADDRESSES):
        make_address(user, at=at, street=f"Số {n}")
    with pytest.raises(AddressBookFull):
        make_address(user, at=at, street="Số 21")
    assert len(book(user)) == MOST_ADDRESSES


def test_the_pages(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    assert "Chưa có địa chỉ nào" in client.get("/account/addresses").text
    wrong = send(client, "/account/addresses/new", **{**TYPED, "phone": "12"})
    assert (wrong.status_code, 'value="Bản Mây"' in wrong.text) == (422, True)
    picked = send(client, "/account/addresses/new", **{**TYPED, "commune_code": "", "pick": "1"})
    assert (picked.status_code, "03390" in picked.text) == (200, True)
    assert send(client, "/account/addresses/new", **TYPED, label="Cơ quan").status_code == 302
    page = client.get("/account/addresses").text
    for text in ("Cơ quan", "Bản Mây", "0987 654 321", "Xã Bình Lư", "Tỉnh Lai Châu", "mặc định"):
        assert text in page, text
    code = db.session.scalar(select(SavedAddress.code))
    assert 'value="Cơ quan"' in client.get(f"/account/addresses/{code}").text
    assert send(client, f"/account/addresses/{code}", **{**TYPED, "street": "Bản Gió"}).status_code == 302
    assert book(user) == [("Bản Gió", True)]
    assert send(client, f"/account/addresses/{code}/default").status_code == 302
    for n in range(MOST_ADDRESSES - 1):
        make_address(user, at=at, street=f"Số {n}")
    full = send(client, "/account/addresses/new", **TYPED)
    assert (full.status_code, "đủ 20 địa chỉ" in full.text) == (422, True)
    assert send(client, f"/account/addresses/{code}/delete").status_code == 302
    assert ("Bản Gió", True) not in book(user)


def test_the_checkout_offers_the_book(client: Client, at: datetime) -> None:
    user, variant = make_user(at=at), make_offer(at=at)
    sign_in(client, user)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    assert "Sổ địa chỉ của bạn" not in client.get("/checkout").text
    address = make_address(user, at=at)
    foreign = make_address(make_user(at=at), at=at, street="Nhà người khác")
    page = client.get("/checkout").text
    assert "Sổ địa chỉ của bạn" in page
    assert 'value="Số 1 Trần Hưng Đạo"' in page, "the form starts with the default"
    assert send(client, "/checkout", use=foreign.code).status_code == 404
    assert db.session.scalar(select(CheckoutDraft.street)) is None
    assert send(client, "/checkout", use=address.code).headers["Location"] == "/checkout/review"
    row = db.session.execute(select(CheckoutDraft.street, CheckoutDraft.email, CheckoutDraft.commune_code)).one()
    assert tuple(row) == ("Số 1 Trần Hưng Đạo", user.email, "03390")
    assert client.get("/checkout/review").status_code == 200


def test_the_checkout_keeps_a_new_address(client: Client, at: datetime) -> None:
    user, variant = make_user(at=at), make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    assert "Lưu vào sổ địa chỉ" not in client.get("/checkout").text, "a guest has no book"
    assert send(client, "/checkout", **TYPED, email="g@example.com", keep="1").status_code == 302
    sign_in(client, user)
    assert "Lưu vào sổ địa chỉ" in client.get("/checkout").text
    assert send(client, "/checkout", **TYPED, email=user.email, note="Gọi trước").status_code == 302
    assert book(user) == []
    assert send(client, "/checkout", **TYPED, email=user.email, note="Gọi trước", keep="1").status_code == 302
    assert book(user) == [("Bản Mây", True)]
    code = make_address(user, at=at, street="Số 7").code
    send(client, "/checkout", use=code)
    assert db.session.execute(select(CheckoutDraft.street, CheckoutDraft.note)).one() == ("Số 7", "Gọi trước")
    for n in range(MOST_ADDRESSES - 2):
        make_address(user, at=at, street=f"Ngõ {n}")
    typed = {**TYPED, "street": "Bản Sương"}
    assert send(client, "/checkout", **typed, email=user.email, keep="1").headers["Location"] == "/checkout/review"
    assert len(book(user)) == MOST_ADDRESSES, "a full book does not stop an order"
