"""Vouchers from giving to using to giving back: what is promised is taken off, never more often than promised."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.baskets.queries import contents, entered, find_basket
from marketplace.shop.baskets.services import drop_voucher, join_baskets, use_voucher
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.fulfilment import services as fulfilment
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.ledger.models import Account, Transfer
from marketplace.shop.ledger.rules import VOUCHERS
from marketplace.shop.orders.models import Order, OrderPart, VoucherUse
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from marketplace.shop.vouchers.queries import count_given, find_voucher, list_given
from marketplace.shop.vouchers.rules import VoucherUnfit, persons
from marketplace.shop.vouchers.services import (
    VoucherFacts,
    VoucherOver,
    VoucherRanOut,
    claim,
    end_voucher,
    give_voucher,
)
from tests.builders import (
    ADDRESS,
    BY,
    enter,
    fill_basket,
    make_offer,
    make_producer,
    make_user,
    make_voucher,
    start_checkout,
)


@pytest.fixture
def seller(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


@pytest.fixture
def producer(seller: User, at: datetime) -> Producer:
    return make_producer("Một", at=at, user=seller)


@pytest.fixture
def goods(producer: Producer, at: datetime) -> Variant:
    return make_offer("A", at=at, producer=producer, price=50_000)


@pytest.fixture
def other(app: Flask, at: datetime) -> Variant:
    return make_offer("B", at=at, producer=make_producer("Hai", at=at, commune="03445"), price=20_000)


def used(code: str = "TET2026") -> int:
    return db.session.scalar(select(Voucher.used).where(Voucher.code == code)) or 0


def counts() -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(select(VoucherPerson.person, VoucherPerson.used))}


def placed(token: str, at: datetime, by: Actor = GUEST) -> Order:
    key, fingerprint = start_checkout(token, at=at, by=by)
    with transaction():
        order = place_order(key=key, fingerprint=fingerprint, language="vi", by=by, at=at)
    return get_order(order.number)


def test_the_province_gives_nothing_for_ones_own_goods(goods: Variant, seller: User, at: datetime) -> None:
    """Neither signed in, nor as a guest with the telephone of somebody who sells them."""
    make_voucher("SONLA", at=at, kind=VoucherKind.PERCENT, off=100)
    by = seller.actor()
    token = fill_basket((goods, 1), at=at, by=by)
    with pytest.raises(VoucherUnfit) as refused:
        enter(token, "SONLA", at=at, by=by)
    assert refused.value.why == "Mã của tỉnh không dùng cho hàng của chính nơi bạn bán."
    with transaction():
        db.session.execute(update(User).where(User.id == seller.id).values(phone=ADDRESS.phone))
    token = fill_basket((goods, 1), at=at)
    enter(token, "SONLA", at=at)
    assert parts(placed(token, at)) == [(0, 0, 82_000)]
    assert used("SONLA") == 0


def parts(order: Order) -> list[tuple[int, int, int]]:
    return [(p.own_discount.amount, p.gift.amount, p.total.amount) for p in order.parts]


def test_of_a_producer_and_of_the_province(goods: Variant, other: Variant, seller: User, at: datetime) -> None:
    make_voucher("LOMIEN", at=at, giver=seller, kind=VoucherKind.PERCENT, off=10)
    make_voucher("SONLA", at=at, off=11_000)
    token = fill_basket((goods, 2), (other, 1), at=at)
    enter(token, "lò miến", "sonla", at=at)
    shown = contents(find_basket(token, by=GUEST), at=at).totals
    assert (shown.goods, shown.discount, shown.total) == (Money(120_000), Money(21_000), Money(99_000))
    order = placed(token, at)
    assert parts(order) == [(10_000, 9_000, 118_500), (0, 2_000, 50_000)]
    assert (order.goods_total, order.shipping_total) == (Money(120_000), Money(69_500))
    assert (order.discount_total, order.total) == (Money(21_000), Money(168_500))
    assert [(use.code, use.name, use.amount, use.released_at) for use in order.vouchers] == [
        ("LOMIEN", "Phiếu LOMIEN", Money(10_000), None),
        ("SONLA", "Phiếu SONLA", Money(11_000), None),
    ]
    assert (used("LOMIEN"), used("SONLA"), counts()) == (1, 1, {})
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    assert entered(basket.id) == []


def test_free_delivery_is_taken_off_once_the_address_is_known(goods: Variant, seller: User, at: datetime) -> None:
    make_voucher("GUI", at=at, giver=seller, kind=VoucherKind.FREE_DELIVERY)
    token = fill_basket((goods, 1), at=at)
    enter(token, "GUI", at=at)
    assert contents(find_basket(token, by=GUEST), at=at).totals.discount == Money(0)
    order = placed(token, at)
    assert (order.discount_total, order.total) == (order.shipping_total, order.goods_total)


def test_a_part_that_costs_nothing_reaches_the_door_and_the_books(goods: Variant, seller: User, at: datetime) -> None:
    make_voucher("HET", at=at, off=50_000)
    make_voucher("GUI", at=at, giver=seller, kind=VoucherKind.FREE_DELIVERY)
    token = fill_basket((goods, 1), at=at)
    enter(token, "HET", "GUI", at=at)
    order = placed(token, at)
    assert (order.parts[0].total, order.parts[0].gift) == (Money(0), Money(50_000))
    for verb, facts in (("confirm", {}), ("ship", {"carrier": "tự giao", "tracking_number": ""}), ("deliver", {})):
        with transaction():
            getattr(fulfilment, f"{verb}_part")(number=order.number, position=1, by=seller.actor(), at=at, **facts)
    gift = select(Account.code, Transfer.amount).join(Transfer.debit).where(Transfer.what == "gift")
    assert [tuple(row) for row in db.session.execute(gift)] == [(VOUCHERS.code, Money(50_000))]


def test_of_one_giver_the_last_entered_counts(goods: Variant, seller: User, at: datetime) -> None:
    for code in ("MOT", "HAI"):
        make_voucher(code, at=at, giver=seller)
        make_voucher(f"T{code}", at=at)
    token = fill_basket((goods, 1), at=at)
    enter(token, "MOT", "TMOT", "HAI", "THAI", "THAI", at=at)
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    assert [voucher.code for voucher in entered(basket.id)] == ["HAI", "THAI"]
    with transaction():
        drop_voucher(token=token, code="HAI", by=GUEST)
        drop_voucher(token=token, code="NIX", by=GUEST)
        drop_voucher(token="nobody", code="THAI", by=GUEST)
    assert [voucher.code for voucher in entered(basket.id)] == ["THAI"]


def test_a_guests_vouchers_come_along(goods: Variant, seller: User, at: datetime) -> None:
    for code, giver in (("MOT", seller), ("HAI", seller), ("TINH", None)):
        make_voucher(code, at=at, giver=giver)
    buyer = make_user(at=at).actor()
    own = fill_basket((goods, 1), at=at, by=buyer)
    with transaction():
        join_baskets(token=own, by=buyer, at=at)
    enter(own, "MOT", "TINH", at=at, by=buyer)
    token = fill_basket((goods, 1), at=at)
    enter(token, "HAI", at=at)
    with transaction():
        join_baskets(token=token, by=buyer, at=at)
    basket = find_basket(token, by=buyer)
    assert basket is not None
    assert [voucher.code for voucher in entered(basket.id)] == ["HAI", "TINH"]


def test_refused_and_nothing_changed(goods: Variant, other: Variant, seller: User, at: datetime) -> None:
    make_voucher("MUON", at=at, starts=5)
    make_voucher("SOM", at=at, hours=1)
    make_voucher("NHIEU", at=at, least=60_000)
    make_voucher("NOIKHAC", at=at, giver=seller)
    token = fill_basket((other, 2), at=at)
    for code, when, why in (
        ("khong co", at, "Không có mã"),
        ("", at, "Không có mã"),
        ("MUON", at, "chưa tới ngày"),
        ("SOM", at + timedelta(hours=1), "hết hạn"),
        ("NHIEU", at, "60.000"),
        ("NOIKHAC", at, "không có món nào"),
    ):
        with pytest.raises(VoucherUnfit) as refused, transaction():
            use_voucher(token=token, typed=code, by=GUEST, at=when)
        assert why in refused.value.why % refused.value.facts
    with pytest.raises(VoucherUnfit), transaction():
        use_voucher(token="nobody", typed="NHIEU", by=GUEST, at=at)
    assert contents(find_basket(token, by=GUEST), at=at).vouchers == ()


def run_out(at: datetime) -> None:
    with transaction():
        claim(voucher_id=(find_voucher("TET2026") or Voucher()).id, people=())


def end(at: datetime) -> None:
    with transaction():
        end_voucher(code="TET2026", province=True, by=BY, at=at)


@pytest.mark.parametrize("change", [run_out, end])
def test_what_ran_out_meanwhile_refuses_and_nothing_changes(
    goods: Variant, at: datetime, change: Callable[[datetime], None]
) -> None:
    make_voucher(at=at, uses=1)
    token = fill_basket((goods, 1), at=at)
    enter(token, "TET2026", at=at)
    key, fingerprint = start_checkout(token, at=at)
    change(at)
    before = used()
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert (used(), db.session.query(Order).count(), on_hand([goods.id])) == (before, 0, {goods.id: 10})
    db.session.rollback()
    (kept,) = contents(find_basket(token, by=GUEST), at=at).vouchers
    assert kept.why_not is not None
    order = placed(token, at)
    assert (order.discount_total, order.vouchers) == (Money(0), [])


def test_each_person_so_many_times(goods: Variant, at: datetime) -> None:
    made = make_voucher(at=at, each=1, uses=5)
    buyer = make_user(at=at).actor()
    first = fill_basket((goods, 1), at=at, by=buyer)
    enter(first, "TET2026", at=at, by=buyer)
    placed(first, at, by=buyer)
    assert counts() == dict.fromkeys(persons(phone=ADDRESS.phone, user_id=buyer.user_id), 1)
    again = fill_basket((goods, 1), at=at, by=buyer)
    with pytest.raises(VoucherUnfit) as refused:
        enter(again, "TET2026", at=at, by=buyer)
    assert "đủ số lần" in refused.value.why
    guest = fill_basket((goods, 1), at=at)  # the same telephone, signed out: told at the review
    enter(guest, "TET2026", at=at)
    assert placed(guest, at).discount_total == Money(0)
    for people in (persons(phone=ADDRESS.phone, user_id=None), persons(phone="", user_id=buyer.user_id)):
        with pytest.raises(VoucherRanOut) as ran_out, transaction():
            claim(voucher_id=made.id, people=people)
        assert ran_out.value.facts == {"code": "TET2026"}
    assert used() == 1
    with transaction():
        claim(voucher_id=made.id, people=persons(phone="+84900000000", user_id=None))
    assert used() == 2


def test_the_last_use_is_taken_once(app: Flask, at: datetime) -> None:
    make_voucher(at=at, uses=1)
    run_out(at)
    with pytest.raises(VoucherRanOut) as ran_out:
        run_out(at)
    assert (ran_out.value.facts, used()) == ({"code": "TET2026"}, 1)


def test_a_second_use_of_two(app: Flask, at: datetime) -> None:
    made, people = make_voucher(at=at, each=2), persons(phone="+84900000000", user_id=None)
    for wanted in (1, 2):
        with transaction():
            claim(voucher_id=made.id, people=people)
        assert (used(), counts()) == (wanted, {people[0]: wanted})
    with pytest.raises(VoucherRanOut), transaction():
        claim(voucher_id=made.id, people=people)
    assert (used(), counts()) == (2, {people[0]: 2})


def test_a_use_comes_back_once_when_nothing_is_delivered(
    goods: Variant, other: Variant, seller: User, at: datetime
) -> None:
    make_voucher("LOMIEN", at=at, giver=seller, each=1)
    make_voucher("SONLA", at=at, each=1)
    token = fill_basket((goods, 1), (other, 1), at=at)
    enter(token, "LOMIEN", "SONLA", at=at)
    order = placed(token, at)
    with transaction():
        fulfilment.decline_part(number=order.number, position=1, reason="Hết", by=seller.actor(), at=at)
    assert (used("LOMIEN"), used("SONLA")) == (0, 1)
    with transaction():
        cancel_order(number=order.number, by=GUEST, at=at)
    assert (used("LOMIEN"), used("SONLA"), set(counts().values())) == (0, 0, {0})
    assert [use.released_at for use in get_order(order.number).vouchers] == [at, at]


def test_a_use_stays_while_a_part_is_on_its_way(goods: Variant, other: Variant, seller: User, at: datetime) -> None:
    make_voucher(at=at)
    token = fill_basket((goods, 1), (other, 1), at=at)
    enter(token, "TET2026", at=at)
    order = placed(token, at)
    with transaction():
        fulfilment.confirm_part(number=order.number, position=1, by=seller.actor(), at=at)
        fulfilment.pack_part(number=order.number, position=1, by=seller.actor(), at=at)
    with transaction():
        cancel_order(number=order.number, by=GUEST, at=at)
    assert (used(), get_order(order.number).vouchers[0].released_at) == (1, None)


FINE = {"code": "MỚI 1", "name": "Mừng xuân", "kind": VoucherKind.PERCENT, "percent": 5}


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"code": "đ-"}, ["code"]),
        ({"code": "cũ"}, ["code"]),
        ({"code": "TET2026"}, ["code"]),
        ({"name": "ab"}, ["name"]),
        ({"percent": None}, ["percent"]),
        ({"percent": 101}, ["percent"]),
        ({"cap": Money(0)}, ["cap"]),
        ({"kind": VoucherKind.AMOUNT}, ["amount"]),
        ({"kind": VoucherKind.AMOUNT, "amount": Money(100_000_001)}, ["amount"]),
        ({"minimum_goods": Money(-1)}, ["minimum_goods"]),
        ({"hours": 0}, ["ends_at"]),
        ({"hours": 24 * 367}, ["ends_at"]),
        ({"most_uses": 0, "most_each": 0}, ["most_uses", "most_each"]),
    ],
)
def test_a_voucher_that_will_not_do(app: Flask, at: datetime, facts: dict[str, object], fields: list[str]) -> None:
    make_voucher(at=at)
    hours = facts.pop("hours", 5)
    assert isinstance(hours, int)
    said = VoucherFacts(**{**FINE, "starts_at": at, "ends_at": at + timedelta(hours=hours), **facts})  # type: ignore[arg-type] # kinds vary
    facts["hours"] = hours
    with pytest.raises(Invalid) as refused, transaction():
        give_voucher(facts=said, province=True, by=BY, at=at)
    assert list(refused.value.fields) == fields
    assert count_given(None) == 1


def test_only_what_the_kind_needs_is_kept(app: Flask, at: datetime) -> None:
    kinds = (VoucherKind.AMOUNT, VoucherKind.PERCENT, VoucherKind.FREE_DELIVERY)
    made = [make_voucher(f"LOAI{n}", at=at, kind=kind, off=5, cap=7) for n, kind in enumerate(kinds)]
    assert [(each.amount, each.percent, each.cap) for each in made] == [
        (Money(5), None, None),
        (None, 5, Money(7)),
        (None, None, Money(7)),
    ]
    assert [each.code for each in list_given(None, per_page=2)] == ["LOAI2", "LOAI1"]


def test_who_gives_and_ends(seller: User, producer: Producer, at: datetime) -> None:
    buyer, officer = make_user(at=at), make_user(Role.PROVINCE_OFFICER, at=at)
    facts = VoucherFacts("THU1", "Thử một", VoucherKind.FREE_DELIVERY, at, at + timedelta(hours=1))
    for by, province in ((buyer, False), (buyer, True), (seller, True), (officer, False)):
        with pytest.raises(Forbidden), transaction():
            give_voucher(facts=facts, province=province, by=by.actor(), at=at)
    make_voucher("CUATOI", at=at, giver=seller, starts=5)
    make_voucher("CUATINH", at=at)
    for code, by, province in (("CUATOI", officer, True), ("CUATINH", seller, False)):
        with pytest.raises(NotFound), transaction():
            end_voucher(code=code, province=province, by=by.actor(), at=at)
    with transaction():
        end_voucher(code="CUATOI", province=False, by=seller.actor(), at=at)
        end_voucher(code="CUATINH", province=True, by=officer.actor(), at=at)
    for code, by, province in (("CUATOI", seller, False), ("CUATINH", officer, True)):
        with pytest.raises(VoucherOver), transaction():
            end_voucher(code=code, province=province, by=by.actor(), at=at)
    assert count_given(producer.id) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"used": 3, "most_uses": 2},
        {"used": -1},
        {"percent": 5},
        {"kind": VoucherKind.PERCENT},
        {"cap": Money(5)},
        {"amount": Money(0)},
        {"starts_at": None, "hours": -1},
        {"most_uses": 0},
        {"most_each": 0},
        {"minimum_goods": Money(-1)},
    ],
)
def test_the_database_knows_too(app: Flask, at: datetime, row: dict[str, object]) -> None:
    usual = {"code": "X", "name": "X", "kind": VoucherKind.AMOUNT, "amount": Money(1), "minimum_goods": Money(0)}
    days = {"starts_at": at, "ends_at": at - timedelta(hours=1) if "hours" in row else at, "created_at": at}
    said = {name: value for name, value in row.items() if name not in ("hours", "starts_at")}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Voucher(**{**usual, **days, **said}))


def test_the_database_counts_people_and_discounts(goods: Variant, at: datetime) -> None:
    made = make_voucher(at=at)
    order = placed(fill_basket((goods, 1), at=at), at)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(VoucherPerson(voucher_id=made.id, person="p", used=2, most=1))
    twice = [
        VoucherUse(voucher_id=made.id, order_id=order.id, code="X", name="X", amount=Money(0), used_at=at)
        for _ in range(2)
    ]
    with pytest.raises(IntegrityError), transaction():
        db.session.add_all(twice)
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(OrderPart, order.parts[0].id).own_discount = Money(60_000)
