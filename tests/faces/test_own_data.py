"""One's data: taken along, struck out; a new producer's way; the language that an account remembers."""

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.faces.own_data.services import BuyersWait, OrdersUnderWay, erase
from marketplace.people.accounts.models import Invitation, Role, SignIn, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services import LastOwner, OfficersStay, invite, start_email_change
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.producers.models import Producer
from marketplace.people.producers.services import verify_producer
from marketplace.people.verification.models import AccountState, BankAccount, ContactRole
from marketplace.people.verification.services import ContactFacts, add_contact
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.jobs import deliver_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.baskets.models import Basket
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.services import move_listing
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.shop.orders.services import cancel_order
from marketplace.trade.distributors.models import Distributor, DistributorKind
from marketplace.trade.distributors.services import DistributorFacts, save_profile
from tests.builders import (
    BY,
    PASSWORD,
    fill_basket,
    make_address,
    make_certificate,
    make_listing,
    make_member,
    make_offer,
    make_order,
    make_producer,
    make_product,
    make_user,
)
from tests.conftest import Client
from tests.pages import send, sign_in
from tests.people.accounts.test_confirming import Kept


def finish(order: Order) -> None:
    with transaction():
        for part in order.parts:
            db.session.get_one(OrderPart, part.id).state = PartState.COMPLETED


def test_everything_is_taken_along(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    make_address(user, at=at)
    order = make_order((make_offer(at=at), 2), at=at, by=user.actor())
    make_order((make_offer("Của người khác", at=at), 1), at=at)
    sign_in(client, user)
    wrong = send(client, "/account/data/export", **{"export-password": "sai sai sai"})
    assert (wrong.status_code, "Mật khẩu không đúng." in wrong.text) == (422, True)
    assert send(client, "/account/data/export").status_code == 422
    answer = send(client, "/account/data/export", **{"export-password": PASSWORD})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="du-lieu-20261123.json"'
    data = json.loads(answer.data)
    assert data["profile"]["email"] == user.email
    assert data["organisation"] is None
    assert [each["street"] for each in data["addresses"]] == ["Số 1 Trần Hưng Đạo"]
    assert len(data["sign_ins"]) == 1
    assert [each["number"] for each in data["orders"]] == [order.number]
    part = data["orders"][0]["parts"][0]
    assert [(line["quantity"], line["line_total"]) for line in part["lines"]] == [(2, 100_000)]
    assert [event["state"] for event in part["events"]] == ["placed"]
    assert [each["what"] for each in data["agreed"]] == ["account opened", f"order {order.number} placed as reviewed"]
    assert "password_hash" not in answer.text
    assert "Của người khác" not in answer.text


def test_a_member_takes_the_organisation_s_name_along(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=user)
    with transaction():
        facts = ContactFacts("Lò Văn Hoa", ContactRole.SALES, "0912345678", "hoa@example.com")
        add_contact(facts=facts, by=user.actor(), at=at)
        account = {"bank_bin": "970405", "bank_name": "Agribank", "number": "1900206123456", "holder": "LO VAN HOA"}
        db.session.add(
            BankAccount(
                producer_id=producer.id,
                state=AccountState.IN_FORCE,
                entered_at=at,
                decided_at=at,
                entered_by="Lò",
                **account,
            )
        )
    sign_in(client, user)
    data = json.loads(send(client, "/account/data/export", **{"export-password": PASSWORD}).data)
    assert (data["organisation"]["kind"], data["organisation"]["membership"]) == ("producer", "owner")
    assert data["producer"] == {
        "name": producer.name,
        "contacts": [{"name": "Lò Văn Hoa", "role": "sales", "phone": "0912345678", "email": "hoa@example.com"}],
        "bank_account": {"bank": "Agribank", "number": "•••• 3456", "holder": "LO VAN HOA"},
    }
    assert "1900206123456" not in json.dumps(data)


def test_who_has_no_producer_yet_takes_none_along(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    sign_in(client, user)
    assert json.loads(send(client, "/account/data/export", **{"export-password": PASSWORD}).data)["producer"] is None


def test_a_person_is_struck_out(client: Client, at: datetime) -> None:
    user = make_user(at=at, email="yen@mail.example.com", name="Nguyễn Thị Hoàng Yến")
    make_address(user, at=at)
    order = make_order((make_offer(at=at), 1), at=at, by=user.actor())
    finish(order)
    fill_basket((make_offer("Khác", at=at), 1), at=at, by=user.actor())
    with transaction():
        start_email_change(email="new@example.com", by=user.actor(), at=at)
    deliver_due(at, transport=Kept(), sender="x@example.com", lease=timedelta(minutes=1))
    with transaction():
        start_email_change(email="newer@example.com", by=user.actor(), at=at)
    sign_in(client, user)
    assert send(client, "/account/data/erase", **{"erase-password": "sai sai sai"}).status_code == 422
    assert find_user(user.email) is not None
    assert send(client, "/account/data/erase", **{"erase-password": PASSWORD}).headers["Location"] == "/"
    assert client.get("/account/profile").status_code == 302
    left = db.session.get_one(User, user.id)
    assert (left.email, left.name, left.phone, left.role) == (f"{user.code.lower()}@erased.invalid", "", None, "buyer")
    assert left.erased_at is not None
    counts = [db.session.scalar(select(func.count()).select_from(m)) for m in (SavedAddress, SignIn)]
    assert counts == [0, 0]
    assert db.session.scalar(select(func.count()).where(Basket.user_id == user.id)) == 0
    letters = db.session.scalars(select(OutgoingMail.subject).where(OutgoingMail.to_address == user.email)).all()
    assert letters == ["Tài khoản của bạn đã được xóa"]
    kept = db.session.scalars(select(Order).where(Order.number == order.number)).one()
    assert (kept.buyer_id, kept.recipient) == (user.id, "Nguyễn Thị Hoàng Yến"), "the law asks to keep the order"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.erased")).one()
    assert (entry.actor_name, entry.detail) == (user.code, {})
    assert send(client, "/account/sign-in", email=user.email, password=PASSWORD).status_code == 422
    assert make_user(at=at, email=user.email).id != user.id, "the address is free again"


def test_orders_under_way_come_first(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    order = make_order((make_offer(at=at), 1), at=at, by=user.actor())
    sign_in(client, user)
    answer = send(client, "/account/data/erase", **{"erase-password": PASSWORD})
    assert (answer.status_code, "còn 1 phần đơn chưa xong" in answer.text) == (422, True)
    with pytest.raises(OrdersUnderWay), transaction():
        erase(by=user.actor(), at=at)
    assert db.session.get_one(User, user.id).email == user.email
    with transaction():
        cancel_order(number=order.number, by=user.actor(), at=at)
    with transaction():
        erase(by=user.actor(), at=at)


def test_buyers_depend_on_a_producer_s_last_person(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user))
    order = make_order((variant, 1), at=at)
    with pytest.raises(BuyersWait), transaction():
        erase(by=user.actor(), at=at)
    from marketplace.shop.catalog.models import Listing

    slug = db.session.scalar(select(Listing.slug)) or ""
    with transaction():
        move_listing(slug=slug, to=ListingState.PAUSED, by=BY, at=at)
    with pytest.raises(BuyersWait), transaction():
        erase(by=user.actor(), at=at)
    finish(order)
    with transaction():
        erase(by=user.actor(), at=at)
    left = db.session.get_one(User, user.id)
    assert (left.role, left.organisation_id, left.membership) == ("buyer", None, None)
    assert db.session.execute(select(Producer.contact_name, Producer.phone)).one() == ("", None)


def test_members_depend_on_the_last_owner(app: Flask, at: datetime) -> None:
    owner = make_user(Role.DISTRIBUTOR, at=at)
    member = make_member(owner, at=at)
    with pytest.raises(LastOwner), transaction():
        erase(by=owner.actor(), at=at)
    assert db.session.get_one(User, owner.id).email == owner.email
    facts = DistributorFacts("Siêu thị Thử", DistributorKind.SHOP, "+84912345678")
    with transaction():
        save_profile(facts=facts, by=owner.actor(), at=at)
        invite(email="asked@example.com", by=owner.actor(), at=at)
    with transaction():
        erase(by=member.actor(), at=at)
    assert [db.session.scalar(select(func.count()).select_from(m)) for m in (Distributor, Invitation)] == [1, 1]
    with transaction():
        erase(by=owner.actor(), at=at)
    assert [db.session.scalar(select(func.count()).select_from(m)) for m in (Distributor, Invitation)] == [0, 0]
    assert db.session.scalar(select(func.count()).where(User.organisation_id.is_not(None))) == 0


def test_officers_stay(app: Flask, at: datetime) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    with pytest.raises(OfficersStay), transaction():
        erase(by=officer.actor(), at=at)
    assert db.session.get_one(User, officer.id).erased_at is None


def test_a_new_producer_sees_each_step_of_the_way(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=user, verified=False)
    sign_in(client, user)

    def now_at() -> str:
        page = client.get("/producer/").text
        return (
            page.split('aria-current="step"><p class="timeline__what">')[1].split("<")[0] if "Đường lên" in page else ""
        )

    assert now_at() == "Tỉnh xác minh cơ sở"
    with transaction():
        verify_producer(slug=producer.slug, by=BY, at=at)
    assert now_at() == "Sản phẩm có chứng nhận còn hiệu lực"
    product = make_product(producer, at=at)
    make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at, stock=0, state=ListingState.IN_REVIEW)
    assert now_at() == "Trang bán của sản phẩm lên chợ"
    with transaction():
        move_listing(slug=listing.slug, to=ListingState.PUBLISHED, by=BY, at=at)
    assert now_at() == "Khai số hàng trong kho"
    make_offer("Đủ hàng", at=at, producer=producer)
    assert now_at() == ""


def test_an_account_remembers_the_language(client: Client, at: datetime) -> None:
    user = make_user(at=at)
    sign_in(client, user)
    assert '<html lang="vi"' in client.get("/verify").text
    client.get("/verify?lang=en")
    assert db.session.scalar(select(User.language).where(User.id == user.id)) == "en"
    client.delete_cookie("lang")
    assert '<html lang="en"' in client.get("/verify").text, "no cookie says otherwise"
    client.set_cookie("lang", "vi")
    assert '<html lang="vi"' in client.get("/verify").text
    send(client, "/account/profile", name="An", language="en")
    assert '<html lang="en"' in client.get("/verify").text, "the profile's choice is this browser's too"
    client.get("/verify?lang=xx")
    assert db.session.scalar(select(User.language).where(User.id == user.id)) == "en"
