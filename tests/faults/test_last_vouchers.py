"""64 orders at once, and 200 claims, for ten uses of a voucher: ten get it; so for each person and flash sale.

The same with the guards off must overspend.
"""

from dataclasses import replace
from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.shop.checkout.services import place_order
from marketplace.shop.orders.models import NOTHING, Order, VoucherUse
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.pricing.models import FlashSale
from marketplace.shop.pricing.services import sell
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from marketplace.shop.vouchers.rules import persons
from marketplace.shop.vouchers.services import claim
from tests.builders import (
    ADDRESS,
    enter,
    fill_basket,
    make_offer,
    make_order,
    make_producer,
    make_sale,
    make_user,
    make_voucher,
    start_checkout,
)
from tests.conftest import AT
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together

BUYERS, USES = 200, 10
ORDERS = 64  # one from each process: an order is a long block
A_LOOK = 0.02  # seconds between looking and taking
LATER = AT + timedelta(minutes=1)


def used() -> int:
    return db.session.scalar(select(Voucher.used)) or 0


@pytest.mark.parametrize("each", [None, 1])
def test_64_orders_for_ten_uses(shop: Flask, each: int | None) -> None:
    """Of all buyers ten get it; where one person stands at every till, one does."""
    with shop.app_context():
        variant = make_offer(at=AT, stock=ORDERS)
        make_voucher(at=AT, uses=USES, each=each)
        checkouts = []
        for n in range(ORDERS):
            token = fill_basket((variant, 1), at=AT)
            enter(token, "TET2026", at=AT)
            address = ADDRESS if each else replace(ADDRESS, phone=f"+849{n:08}")
            checkouts.append(start_checkout(token, at=AT, address=address))

    def buy(n: int) -> bool:
        key, fingerprint = checkouts[n]
        try:
            with transaction():
                place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=LATER)
        except Refusal:
            return False
        return True

    wanted = each or USES
    assert together(shop, buy, ORDERS) == wanted
    with shop.app_context():
        lowered = select(func.count()).select_from(Order).where(Order.discount_total > NOTHING)
        uses = select(func.count()).select_from(VoucherUse)
        assert (used(), db.session.scalar(lowered), db.session.scalar(uses)) == (wanted, wanted, wanted)


@pytest.mark.parametrize("guarded", [True, False])
def test_the_guard_is_what_holds(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        voucher = make_voucher(at=AT, uses=USES)

    def use(n: int) -> bool:
        seen = used()
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    claim(voucher_id=voucher.id, people=())
                elif seen < USES:
                    db.session.execute(update(Voucher).values(used=seen + 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    taken = together(shop, use, BUYERS)
    assert taken == USES if guarded else taken > USES


@pytest.mark.parametrize("guarded", [True, False])
def test_one_person_at_many_tills(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        voucher, people = make_voucher(at=AT, each=2), persons(phone=ADDRESS.phone, user_id=None)
        with transaction():
            claim(voucher_id=voucher.id, people=people)

    def use(n: int) -> bool:
        seen = db.session.scalar(select(VoucherPerson.used)) or 0
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    claim(voucher_id=voucher.id, people=people)
                elif seen < 2:
                    db.session.execute(update(VoucherPerson).values(used=seen + 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    taken = together(shop, use, BUYERS)
    assert taken == 1 if guarded else taken > 1
    with shop.app_context():
        assert db.session.scalar(select(VoucherPerson.used)) == 2


@pytest.mark.parametrize("guarded", [True, False])
def test_the_last_units_of_a_flash_sale(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        seller = make_user(Role.PRODUCER, at=AT)
        goods = make_offer(at=AT, producer=make_producer(at=AT, user=seller))
        sale = make_sale(goods, seller, at=AT, units=USES)

    def buy(n: int) -> bool:
        seen = db.session.scalar(select(FlashSale.sold)) or 0
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    sell({sale.id: 1}, at=LATER)
                elif seen < USES:
                    db.session.execute(update(FlashSale).values(sold=seen + 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    sold = together(shop, buy, BUYERS)
    assert sold == USES if guarded else sold > USES


def test_parts_that_end_at_once_give_the_use_back_once(shop: Flask) -> None:
    """Each order's parts are cancelled from several places at once: every use comes back, none twice."""
    with shop.app_context():
        goods = [make_offer(f"M{n}", at=AT, producer=make_producer(f"HTX {n}", at=AT), stock=99) for n in range(2)]
        make_voucher(at=AT, uses=USES)
        numbers = []
        for _ in range(USES - 1):
            token = fill_basket(*((each, 1) for each in goods), at=AT)
            enter(token, "TET2026", at=AT)
            key, fingerprint = start_checkout(token, at=AT)
            with transaction():
                order = place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=AT)
            numbers.append(order.number)
        assert used() == USES - 1
        make_order((goods[0], 1), at=AT)

    def cancel(n: int) -> bool:
        try:
            with transaction():
                cancel_order(number=numbers[n % len(numbers)], by=GUEST, at=LATER)
        except Refusal:
            return False
        return True

    assert together(shop, cancel, 64) == len(numbers)
    with shop.app_context():
        assert used() == 0
        assert db.session.scalar(text("SELECT count(*) FROM voucher_uses WHERE released_at IS NULL")) == 0
