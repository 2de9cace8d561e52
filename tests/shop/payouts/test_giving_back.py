"""Giving back for delivered parts: never more than was paid, shares undone to the dong."""

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.books.queries import verify
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.models import PartTerms
from marketplace.shop.orders.models import Order
from marketplace.shop.payments.models import Refund, RefundReason, RefundState
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import TooMuch
from marketplace.shop.payouts.queries.parts import count_orders, entries_of, find_orders
from marketplace.shop.payouts.services import NotDelivered, give_back
from tests.builders import BY, make_order, make_user
from tests.money import books
from tests.paying_out import Maker, deliver, make_maker, officers


def give(order: Order, amount: int, *, at: datetime, reason: RefundReason = RefundReason.GOODWILL) -> str:
    with transaction():
        return give_back(
            number=order.number, position=1, amount=Money(amount), reason=reason, note="Hộp móp", by=BY, at=at
        ).code


def household(maker: Maker, at: datetime) -> Order:
    """A delivered order of a household: 100,000 of goods, commission 5 %, VAT 1 %, income tax 0.5 %."""
    order = make_order((maker.variant, 2), at=at)
    with transaction():
        db.session.execute(
            update(PartTerms).values(commission_bp=500, vat_bp=100, income_bp=50, tax_subject="household")
        )
    deliver(order, maker, at=at)
    return order


def test_shares_are_undone_in_proportion(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    order = household(maker, at)
    shipping, paid, own = order.shipping_total.amount, order.total.amount, f"producer:{maker.producer.id}"
    taxes = f"tax_withheld:{maker.producer.id}"
    held = {"carrier:bưu điện": paid, own: 93_500 + shipping, "commission": 5_000, taxes: 1_500}
    assert books() == held
    code = give(order, paid // 2, at=at)
    half = books()
    assert half["refunds"] == paid // 2
    assert (half["commission"], half[taxes]) == (2_500, 750)
    assert half[own] == paid - paid // 2 - 2_500 - 750
    give(order, paid - paid // 2, at=at, reason=RefundReason.RETURNED)
    assert books() == {"carrier:bưu điện": paid, "refunds": paid}
    refunds = payment_of(order.number).refunds
    assert [(r.reason, r.state, r.part_id is not None) for r in refunds] == [
        (RefundReason.GOODWILL, RefundState.ASKED, True),
        (RefundReason.RETURNED, RefundState.ASKED, True),
    ]
    assert code == refunds[0].code
    assert [f for each in verify(at=at) for f in each.faults] == []
    with pytest.raises(TooMuch):
        give(order, 1, at=at)
    assert [entry.kind for entry in entries_of(order)] == [
        "cash", "earned", "refund_promised", "undone", "refund_promised", "undone",
    ]  # fmt: skip


DONG = st.integers(1, 10**9)


@given(DONG, st.integers(0, 10**6), st.data(), st.integers(0, 5000), st.integers(0, 500))
def test_giving_back_in_pieces_undoes_the_whole(
    goods: int, shipping: int, data: st.DataObject, commission: int, tax: int
) -> None:
    own = data.draw(st.integers(0, goods))
    gift = data.draw(st.integers(0, goods - own + shipping))
    whole = money.Amounts(Money(goods), Money(shipping), Money(own), Money(gift))
    rates = money.Rates(commission, tax, tax // 2)
    owner, taxes = money.producer(7, "x"), money.withheld(7, "x")
    moves = [*money.received(money.BANK, whole.paid), *money.earned(whole, money.share(whole, rates), owner, taxes)]
    was, back = whole, 0
    while back < whole.paid.amount:
        amount = data.draw(st.integers(max(1, (whole.paid.amount - back) // 3), whole.paid.amount - back))
        back += amount
        still = money.remaining(whole, Money(back))
        assert still.paid == whole.paid - Money(back)
        undone = money.given_back(was, still, rates, owner, taxes)
        assert all(move.amount > Money(0) for move in undone)
        assert money.balances(undone).get("buyers", 0) == -amount
        moves, was = [*moves, *undone], still
    left = money.balances(moves)
    assert left == dict.fromkeys(left, 0) | {"bank": whole.paid.amount, "buyers": -whole.paid.amount} | (
        {} if whole.paid else {code: left[code] for code in left}
    )


def test_who_may_and_what_is_refused_changes_nothing(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    order = household(maker, at)
    before, user = books(), make_user(Role.PRODUCER, at=at).actor()
    facts = {"number": order.number, "position": 1, "amount": Money(1), "note": "x", "at": at}
    with pytest.raises(Forbidden), transaction():
        give_back(**facts, reason=RefundReason.GOODWILL, by=user)  # type: ignore[arg-type]
    wrong = facts | {"amount": Money(0), "note": " ", "reason": RefundReason.DOUBLE}
    with pytest.raises(Invalid) as refused, transaction():
        give_back(**wrong, by=BY)  # type: ignore[arg-type]
    assert sorted(refused.value.fields) == ["amount", "note", "reason"]
    with pytest.raises(NotFound), transaction():
        give_back(**facts | {"position": 2}, reason=RefundReason.GOODWILL, by=BY)  # type: ignore[arg-type]
    placed = make_order((maker.variant, 1), at=at)
    with pytest.raises(NotDelivered):
        give(placed, 1, at=at)
    with pytest.raises(TooMuch):
        give(order, order.total.amount + 1, at=at)
    assert books() == before
    assert payment_of(order.number).refunds == []


def test_a_refund_without_its_undoing_is_named(app: Flask, at: datetime) -> None:
    order = household(make_maker(at=at), at)
    code = give(order, 10, at=at)
    with transaction():
        db.session.execute(update(Refund).where(Refund.code == code).values(amount=Money(11)))
    found = {f.what for each in verify(at=at) for f in each.faults}
    assert "undone_differs" in found


def test_officers_find_orders(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    officer, _ = officers(at)
    order = make_order((maker.variant, 1), at=at)
    by = officer.actor()
    for words in (order.number, order.number[:7].lower(), order.phone, "0912 345 678", ""):
        assert [each.number for each in find_orders(words, by=by)] == [order.number], words
        assert count_orders(words, by=by) == 1
    assert find_orders("0999 999 999", by=by) == []
    with pytest.raises(Forbidden):
        find_orders("", by=maker.user.actor())
