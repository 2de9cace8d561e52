"""Every route x every role x own or foreign object, against `access.txt`, which is written by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple, cast

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from werkzeug.test import TestResponse

from config import ROOT
from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.services import NewAccount, invite, register, start_reset
from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import Contact
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import Model, db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.imports import rules as imports
from marketplace.platform.imports.services import stage
from marketplace.platform.media.intake import keep, take_in
from marketplace.platform.media.rules import file_name, master_name
from marketplace.platform.media.stores import media_store
from marketplace.registry.certification.models import Decision, Product
from marketplace.shop.bookings.links import booking_key
from marketplace.shop.bookings.services import Asked, ask
from marketplace.shop.catalog.models import ListingState, Variant
from marketplace.shop.catalog.services import SellingTerms, add_picture, rest_listing, save_terms
from marketplace.shop.fulfilment.services import confirm_part, pack_part, ship_part
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.payments.models import RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.queries import list_refunds
from marketplace.shop.payouts.services import make_batch
from tests.builders import (
    PASSWORD,
    mailed_token,
    make_address,
    make_certificate,
    make_consent,
    make_listing,
    make_mandate,
    make_member,
    make_order,
    make_producer,
    make_product,
    make_sale,
    make_user,
    make_voucher,
    password_hash,
    tell_all,
    version_of,
)
from tests.conftest import TODAY, Client, new_client
from tests.contracts.curated import CURATED_TYPED, curated
from tests.contracts.dealt import DEALT_TYPED, dealt
from tests.contracts.evaluated import EVALUATED_TYPED, evaluated
from tests.contracts.exhibited import EXHIBITED_TYPED, exhibited
from tests.contracts.expos import EXPOS_TYPED, expos
from tests.contracts.gathered import GATHERED_TYPED, gathered
from tests.contracts.kept import KEPT_TYPED, kept
from tests.contracts.planned import PLANNED_TYPED, planned
from tests.contracts.reviewed import REVIEWED_TYPED, reviewed
from tests.contracts.shown import SHOWN_TYPED, shown
from tests.contracts.sides import SIDES_TYPED, sides
from tests.contracts.told import TOLD_TYPED, told
from tests.contracts.visited import VISITED_TYPED, visited
from tests.money import make_prepaid, make_transfer, offer_transfers
from tests.pages import sign_in, token
from tests.paying_out import make_account
from tests.platform.media.drawing import photo, saved

ELSEWHERE = {"commune": "03394", "district": "109", "province": "01"}
ROLES = {"commune": Role.COMMUNE_OFFICER, "district": Role.DISTRICT_OFFICER, "province": Role.PROVINCE_OFFICER}
DECISION = {"authority": "UBND tỉnh", "level": "province", "number": "9/QĐ", "issued_on": TODAY.isoformat()}
SPAN = {"starts_at": "2026-12-01T08:00", "ends_at": "2026-12-02T08:00"}
VOUCHER = {**SPAN, "code": "MOI2026", "name": "Mừng xuân", "kind": "amount", "amount": "10.000"}
ADDRESS_TYPED = {
    "recipient": "An",
    "phone": "0912 345 678",
    "province_code": "12",
    "commune_code": "03390",
    "street": "Số 5",
}
LABEL = {
    "ingredients": "Bột",
    "no_allergens": "y",
    "shelf_life_days": "90",
    "storage": "Nơi khô",
    "usage": "Nấu",
}
VARIANT = {"net_quantity": "500", "net_unit": "g", "price": "60000", "weight_g": "560"}
DAY = (TODAY + timedelta(days=9)).isoformat()
GUEST_ASKS = {
    "key": "mot-lan",
    "name": "An",
    "phone": "0912345678",
    "email": "an@example.com",
    "starts_on": DAY,
    "people": "2",
}
TYPED: dict[str, Mapping[str, str | list[str]]] = {
    "POST /office/reconcile/accounts/explain": {
        "case": "transfer:transfer:{transfer}:bank",
        "figures": "unknown_bank_row bank=9000",
        "words": "Tiền thuê gian hàng",
    },
    "POST /office/payments/commission": {"producer": "", "rate": "2", "valid_from": "2026-12-01", "reason": "QĐ 1"},
    "POST /office/payments/transfers/{transfer}/assign": {"number": "{unpaid}", "amount": "9.000"},
    "POST /office/payments/transfers/{transfer}/back": {"amount": "9000", "bank_reference": "FT1"},
    "POST /office/payments/refunds/{refund}/sent": {"bank_reference": "FT2"},
    "POST /producer/onboarding/tax": {"tax_subject": "organisation", "tax_code": "6200054321"},
    "POST /producer/onboarding/bank": {"bank": "970405", "number": "123456789", "holder": "Lò A"},
    "POST /producer/mandates": {"holder": "{third}"},
    "POST /office/producers/{waiting}/verify": {"checked": ["name", "commune"], "seen": "0"},
    "POST /office/producers/{third}/consent": {"paper": "Giấy ngày 12/11, lưu ở xã"},
    "POST /office/producers/{producer}/suspend": {"reason": "Không có giấy"},
    "POST /office/producers/{producer}/remark": {"words": "Đã tới nơi"},
    "POST /office/producers/{producer}/changes/tax/accept": {"seen": "{seen}"},
    "POST /office/producers/{producer}/papers/{license}/accept": {"seen": "{licensemark}"},
    "POST /office/legal/owner": {
        "text": "Chữ",
        "text_en": "Words",
        "effective_on": "2030-01-01",
        "reason": "vì",
        "seen": "0",
    },
    "POST /preferences/theme": {"theme": "dark"},
    "POST /cart/voucher": {"remove": "X"},
    "POST /producer/vouchers/new": VOUCHER,
    "POST /producer/sales/new": {**SPAN, "sku": "{sku}", "price": "40.000"},
    "POST /office/vouchers/new": VOUCHER,
    "POST /cart/add": {"sku": "{sku}", "quantity": "1"},
    "POST /account/profile": {"name": "Tên Mới", "language": "en"},
    "POST /account/sign-in": {"email": "buyer@example.com", "password": PASSWORD},
    "POST /account/register": {"role": "buyer", "name": "A", "email": "a@example.com", "password": PASSWORD},
    "POST /account/confirm/{confirming}": {"password": PASSWORD},
    "POST /account/forgot": {"email": "buyer@example.com"},
    "POST /account/reset/{resetting}": {"password": "một câu dài khác"},
    "POST /account/join/{joining}": {"name": "Vàng A", "password": "một câu dài khác"},
    "POST /account/password": {"old_password": PASSWORD, "password": "một câu dài khác"},
    "POST /account/email": {"email": "moved@example.com", "password": PASSWORD},
    "POST /account/addresses/new": ADDRESS_TYPED,
    "POST /account/addresses/{address}": ADDRESS_TYPED,
    "POST /account/data/export": {"export-password": PASSWORD},
    "POST /account/data/erase": {"erase-password": PASSWORD},
    "POST /producer/members": {"email": "third@example.com"},
    "POST /distributor/members": {"email": "third@example.com"},
    "POST /producer/orders/{order}/1/decline": {"reason": "Hết hàng"},
    "POST /producer/orders/{packed}/1/ship": {"carrier": "Bưu điện"},
    "POST /producer/orders/{shipped}/1/undelivered": {"reason": "Không có nhà"},
    "POST /producer/stock/{sku}": {"price": "60000", "counted": "9", "seen": "7", "counts": "1", "price_seen": "50000"},
    "POST /producer/stock/{sku}/receive": {"units": "5", "made_on": "2026-11-20", "counts": "1"},
    "POST /producer/stock/{sku}/count": {"batch": "-", "counted": "9", "seen": "7", "counts": "1"},
    "POST /producer/stock/{sku}/write-off": {"batch": "-", "units": "1", "reason": "Mốc", "counts": "1"},
    "POST /producer/stock/{sku}/low": {"low_at": "3"},
    "POST /producer/stock/{sku}/tiers": {"from_1": "10", "price_1": "45.000"},
    "POST /products/{stay}/ask": {**GUEST_ASKS, "sku": "{staysku}"},
    "POST /producer/bookings/{booking}/answer": {"words": "Được."},
    "POST /producer/bookings/{booking}/decline": {"words": "Kín."},
    "POST /producer/listings/new": {"product": "{unlisted}"},
    "POST /producer/listings/{listing}/texts": {"name": "Miến", "summary": "Dai."},
    "POST /producer/listings/{listing}/label": LABEL,
    "POST /producer/listings/{listing}/variants/new": VARIANT,
    "POST /producer/listings/{listing}/variants/{sku}": VARIANT,
    "POST /producer/listings/{listing}/pictures/{shot}": {"alt": "Miến", "x": "50", "y": "50", "size": "100"},
    "POST /producer/profile/": {"street": "Bản Mới"},
    "POST /producer/listings/{listing}/terms": {"max_transit_days": "3", "delivery_radius_km": "100"},
    "POST /producer/listings/{listing}/rest": {"back_on": DAY},
    "POST /producer/listings/{listing}/duplicate": {"product": "{unlisted}"},
    "POST /office/listings/{review}/publish": {"seen": "1"},
    "POST /office/listings/{review}/return": {"seen": "1", "remark": "Sửa ảnh"},
    "POST /office/listings/{listing}/texts": {"name": "Miến", "summary": "Dai."},
    "POST /office/listings/{listing}/label": LABEL,
    "POST /office/listings/{listing}/approve": {"seen": "1"},
    "POST /office/listings/{listing}/return": {"seen": "1", "remark": "Sửa ảnh"},
    "POST /office/certification/products/{product}": {**DECISION, "stars": "4"},
    "POST /office/certification/decisions/new": DECISION,
    "POST /office/certification/decisions/{decision}": {"product": "{product}", "stars": "4"},
    "POST /office/certification/new": {"producer": "{producer}", "name": "Mới", "set_code": "I.3.b"},
    "POST /office/certification/{certificate}/revoke": {**DECISION, "reason": "Kiểm tra không đạt"},
}

TYPED.update(EVALUATED_TYPED)
TYPED.update(SIDES_TYPED)
TYPED.update(GATHERED_TYPED)
TYPED.update(DEALT_TYPED)
TYPED.update(EXPOS_TYPED)
TYPED.update(EXHIBITED_TYPED)
TYPED.update(VISITED_TYPED)
TYPED.update(CURATED_TYPED)
TYPED.update(PLANNED_TYPED)
TYPED.update(SHOWN_TYPED)
TYPED.update(TOLD_TYPED)
TYPED.update(KEPT_TYPED)
TYPED.update(REVIEWED_TYPED)


class Row(NamedTuple):
    method: str
    path: str
    answers: dict[str, str]


@cache
def table() -> list[Row]:
    """The hand-written rows."""
    lines = (ROOT / "tests" / "contracts" / "access.txt").read_text().splitlines()
    (_, _, *visitors), *rows = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(len(row) == len(visitors) + 2 for row in rows)
    return [Row(method, path, dict(zip(visitors, answers, strict=True))) for method, path, *answers in rows]


VISITORS = list(table()[0].answers)


class World(NamedTuple):
    """The objects the rows speak of, by the names in braces, and the people."""

    names: dict[str, str]
    people: dict[str, User]


def _people(at: datetime) -> dict[str, User]:
    people = {name: make_user(Role.BUYER, at=at, email=f"{name}@example.com") for name in ("buyer", "buyer2")}
    people |= {name: make_user(Role.PRODUCER, at=at, email=f"{name}@example.com") for name in ("producer", "producer2")}
    people["distributor"] = make_user(Role.DISTRIBUTOR, at=at)
    people["admin"] = make_user(Role.ADMIN, at=at)
    people["council"] = make_user(Role.COUNCIL_MEMBER, at=at, email="council@example.com")
    for name, role in ROLES.items():
        people[name] = make_user(role, at=at)
        people[f"{name}2"] = make_user(role, at=at, unit=ELSEWHERE[name])
    return people


def _letters(people: dict[str, User], at: datetime) -> dict[str, str]:
    """Links that wait in mailboxes, and an invitation not taken up yet."""
    newcomer = NewAccount(email="new@example.com", name="Mới", password_hash=password_hash(), role=Role.BUYER)
    with transaction():
        register(account=newcomer, at=at)
        start_reset(email=people["buyer"].email, at=at)
        invitation = invite(email="invited@example.com", by=people["producer"].actor(), at=at)
    return {
        "confirming": mailed_token("new@example.com", "confirm"),
        "resetting": mailed_token(people["buyer"].email, "reset"),
        "joining": mailed_token("invited@example.com", "join"),
        "invitation": invitation.code,
    }


def _promised(seller: User, variant: Variant, at: datetime) -> dict[str, str]:
    """Vouchers of the producer and of the province, and a flash sale to come."""
    return {
        "voucher": make_voucher("CUATOI", at=at, giver=seller).code,
        "provincial": make_voucher("CUATINH", at=at).code,
        "sale": make_sale(variant, seller, at=at + timedelta(days=60)).code,
    }


def _service(producer: Producer, at: datetime) -> Product:
    product = make_product(producer, "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    return product


def _paid_out(producer: Producer, shipped: str, by: Actor, at: datetime) -> dict[str, str]:
    """A batch that waits to be approved, and a carrier that holds cash: both booked past the orders."""
    maker = make_user(Role.ADMIN, at=at).actor()
    owner, cash = money.producer(producer.id, producer.slug), money.carrier("bưu điện")
    with transaction():
        moves = [money.Move(cash, owner, Money(9_000), "goods")]
        book(key="x", kind="x", reference=shipped, moves=moves, at=at - timedelta(days=9))
    make_account(producer, at=at)
    with transaction():
        return {"batch": make_batch(by=maker, at=at).code, "carrier": cash.party}


@pytest.fixture
def world(app: Flask, at: datetime) -> World:
    offer_transfers(app)
    people = _people(at)
    producer = make_producer("Lò miến", at=at, user=people["producer"])
    make_producer("Nơi khác", at=at, user=people["producer2"], commune="03394")
    waiting = make_producer("Đang chờ", at=at, verified=False)
    product = make_product(producer, at=at)
    certificate = make_certificate(product, at=at)
    listing, variant = make_listing(product, at=at)
    uncertified = make_product(producer, "Chưa có giấy", at=at)
    hidden, _ = make_listing(uncertified, at=at, stock=0)
    by = people["producer"].actor()
    orders: list[Order] = [make_order((variant, 1), at=at, by=people["buyer"].actor()) for _ in range(3)]
    order, packed, shipped = (each.number for each in orders)
    with transaction():
        for number in (packed, shipped):
            confirm_part(number=number, position=1, by=by, at=at)
            pack_part(number=number, position=1, by=by, at=at)
        ship_part(number=shipped, position=1, carrier="Bưu điện", tracking_number="", by=by, at=at)
    third = make_producer("HTX Thứ ba", at=at)
    mandate = make_mandate(people["producer"], people["producer2"], at=at)
    make_consent(people["producer"], at=at)
    tell_all(people["producer"], at=at, papers=("business_registration",))
    unlisted = make_product(producer, "Chưa có trang", at=at)
    review, _ = make_listing(make_product(producer, "Chờ xem", at=at), at=at, state=ListingState.IN_REVIEW)
    draft, unsold = make_listing(make_product(producer, "Nháp", at=at), at=at, state=ListingState.DRAFT)
    made = take_in(saved(photo(400, 400)))
    keep(made, media_store())
    by_province = people["province"].actor()
    with transaction():
        staged = stage(kind="certificates", file_name="a.csv", rows=[imports.Row(2, {})], by=by_province, at=at)
    with transaction():
        own = stage(kind="own_goods", file_name="b.csv", rows=[imports.Row(2, {})], by=by, at=at)
    with transaction():
        add_picture(slug=listing.slug, made=made, alt="Miến", by=by, at=at)
    resting, rested = make_listing(make_product(producer, "Hết mùa", at=at), at=at)
    with transaction():
        save_terms(slug=listing.slug, terms=SellingTerms(max_transit_days=9), by=people["admin"].actor(), at=at)
        rest_listing(slug=resting.slug, back_on=TODAY + timedelta(days=9), by=by, at=at)
    stay, bed = make_listing(_service(producer, at), at=at, weight_g=None)
    wish = Asked(stay.slug, "An", "+84912345678", "a@example.com", "", bed.sku, TODAY + timedelta(days=9), None, 2)
    with transaction():
        booking = ask(key="k", asked=wish, by=people["buyer"].actor(), at=at).number
    going_on = _paid_out(producer, shipped, by, at)
    unpaid = make_prepaid((variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER, by=people["buyer"].actor())
    owed = make_prepaid((variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    make_transfer(owed.number, owed.amount.amount + 1_000, at=at)
    refund = list_refunds([RefundState.ASKED])[0].code
    send_refund(refund, at)
    with transaction():
        statement = stage(kind="statement", file_name="c.csv", rows=[imports.Row(2, {})], by=by_province, at=at)
    license_ = db.session.scalars(select(Paper).where(Paper.kind == "business_registration")).one()
    names = (
        _promised(people["producer"], variant, at)
        | _letters(people, at)
        | evaluated(people["producer"], producer, product, people["province"].actor(), at)
        | sides(people, variant, rested, at)
        | dealt(people, producer, variant, at)
        | gathered(people, at)
        | expos(people, at)
        | exhibited(people["producer"], listing, at)
        | visited(producer, at)
        | curated(variant, at)
        | planned(producer, at)
        | shown(people, variant, at)
        | told(at)
        | kept(app, people, at)
        | reviewed(people, producer, at)
        | {
            **going_on,
            "import": staged.code,
            "goods": own.code,
            "unpaid": unpaid.number,
            "unpaidkey": order_key(unpaid.number),
            "transfer": make_transfer("x", 9_000, at=at).code,
            "refund": refund,
            "statement": statement.code,
            "third": third.slug,
            "mandate": mandate.code,
            "license": license_.code,
            "licensemark": license_.mark,
            "contact": db.session.scalars(select(Contact.code)).one(),
            "seen": str(version_of(producer, at)),
            "address": make_address(people["buyer"], at=at).code,
            "member": make_member(people["producer"], at=at).code,
            "stay": stay.slug,
            "staysku": bed.sku,
            "booking": booking,
            "bookingkey": booking_key(booking),
            "unlisted": unlisted.code,
            "review": review.slug,
            "resting": resting.slug,
            "draft": draft.slug,
            "draftsku": unsold.sku,
            "shot": made.name,
            "picture": file_name(made.name, 320, "webp"),
            "master": master_name(made.name),
            "decision": db.session.get_one(Decision, certificate.decision_id).code,
            "listing": listing.slug,
            "hidden": hidden.slug,
            "category": "mien-bun-banh",
            "producer": producer.slug,
            "waiting": waiting.slug,
            "certificate": certificate.code,
            "product": uncertified.code,
            "sku": variant.sku,
            "order": order,
            "packed": packed,
            "shipped": shipped,
            "key": order_key(order),
            "wrongkey": order_key(packed),
        }
    )
    return World(names, people)


@contextmanager
def writing(connection: Connection) -> Iterator[list[str]]:
    """Every statement that writes, as it is executed."""
    written: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield written
    finally:
        event.remove(connection, "before_cursor_execute", note)


Held = dict[str, list[tuple[object, ...]]]


def everything() -> Held:
    """What every table holds, but the sign-ins (being seen is noted there) and the places."""
    tables = [t for t in Model.metadata.sorted_tables if t.name not in ("sign_ins", "administrative_units")]
    held = {t.name: sorted(map(tuple, db.session.execute(select(t))), key=repr) for t in tables}
    db.session.rollback()
    return held


def heard(answer: TestResponse) -> str:
    """The table's word for an answer."""
    if answer.status_code == 302 and "/account/sign-in" in answer.headers["Location"]:
        return "in"
    return {200: "yes", 302: "yes", 303: "yes", 403: "no", 404: "-", 422: "bad"}.get(
        answer.status_code, f"{answer.status_code}"
    )


TOGETHER = (  # one world is enough for several: all that they do is undone
    ("guest", "buyer", "buyer2", "producer", "producer2"),
    ("distributor", "commune", "commune2", "district", "district2"),
    ("province", "province2", "admin", "council"),
)
EVERYBODY: list[tuple[tuple[str, ...], str]] = [(visitors, "sqlite") for visitors in TOGETHER]
ALSO: list[tuple[tuple[str, ...], str]] = [
    (("guest", "producer", "province"), "postgresql")
]  # rights are no database's business


@pytest.mark.parametrize(("visitors", "app"), EVERYBODY + ALSO, indirect=["app"])
def test_each_visitor_gets_what_the_table_says(app: Flask, world: World, visitors: tuple[str, ...]) -> None:
    sign_in(new_client(app), world.people["buyer"])
    names = world.names | {"signin": str(db.session.scalar(select(SignIn.code)))}
    wrong: dict[str, tuple[str, str]] = {}
    for visitor in visitors:
        client = new_client(app)
        if visitor != "guest":
            sign_in(client, world.people[visitor])
        csrf, before = token(client), everything()
        for row in table():
            got, changed = _try(client, row, names, csrf, before)
            expected = row.answers[visitor]
            if got != expected or (changed and expected != "yes"):
                more = ", and something changed" if changed else ""
                wrong[f"{visitor}: {row.method} {row.path}"] = (expected, f"{got}{more}")
    assert wrong == {}


def test_everybody_is_asked() -> None:
    assert tuple(visitor for visitors in TOGETHER for visitor in visitors) == tuple(VISITORS)


def typed_for(row: Row, names: dict[str, str]) -> dict[str, str | list[str]]:
    """What a visitor types into the row's form."""
    typed = TYPED.get(f"{row.method} {row.path}", {})
    return {
        key.format(**names): value.format(**names)
        if isinstance(value, str)
        else [each.format(**names) for each in value]
        for key, value in typed.items()
    }


def _try(client: Client, row: Row, names: dict[str, str], csrf: str, before: Held) -> tuple[str, bool]:
    """One request, undone afterwards; whether a refused one changed anything all the same.

    The tables are read again only where the request wrote something, be it undone or not.
    """
    connection = cast("Connection", db.engine)
    path = row.path.format(**names)
    typed = typed_for(row, names)
    cookies = dict(client._cookies or {})
    undo = connection.begin_nested()
    with writing(connection) as written:
        answer = client.open(
            path, method=row.method, data={"csrf_token": csrf, **typed} if row.method == "POST" else None
        )
    word = heard(answer)
    answer.close()
    changed = word != "yes" and bool(written) and everything() != before
    db.session.rollback()
    undo.rollback()
    client._cookies = cookies
    return word, changed


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_route_is_missing_from_the_table(app: Flask, world: World) -> None:
    adapter = app.url_map.bind("localhost")
    names = world.names | {"signin": "X"}
    listed = set()
    for row in table():
        endpoint, _ = cast(
            "tuple[str, object]", adapter.match(row.path.format(**names).split("?")[0], method=row.method)
        )
        listed.add((endpoint, row.method))
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes - listed == set(), "write a line for each visitor into access.txt"
