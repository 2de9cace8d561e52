"""Every transfer has a row and stands in the books at once; what it names is paid, the rest waits for a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.bank.models import BankTransfer, TransferSource, TransferState
from marketplace.shop.bank.queries import count_all, count_queues, get_transfer, list_latest, list_queue, read_until
from marketplace.shop.bank.services import (
    NotLeft,
    StillOpen,
    assign,
    close,
    mark_read,
    remark,
    send_back,
    take_transfers,
)
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import Payment, RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.queries import list_refunds, payment_of
from marketplace.shop.payments.services import lapse, sent_by_hand
from tests.builders import BY, make_offer, make_order
from tests.money import books, incoming, make_prepaid, make_transfer, offer_transfers, order_of

BUYER = Actor(user_id=7, name="Người mua", role=Role.BUYER)


@pytest.fixture(autouse=True)
def _transfers(app: Flask) -> None:
    offer_transfers(app)


def prepaid(at: datetime) -> tuple[Payment, str, int]:
    """A payment, the note that its buyer is asked to write, and its amount."""
    payment = make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    return payment, payment.number.replace("-", ""), payment.amount.amount


def stands(payment: Payment) -> tuple[str, int, int]:
    found = payment_of(payment.number)
    return found.state.value, found.captured.amount, found.refunded.amount


def queues() -> dict[str, int]:
    return {state.value: n for state, n in count_queues().items() if n}


def subjects(email: str) -> list[str]:
    query = select(OutgoingMail.subject).where(OutgoingMail.to_address == email).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def test_exact(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    transfer = make_transfer(f"CK {note} cam on", amount, at=at)
    assert (transfer.state, transfer.left) == (TransferState.MATCHED, Money(0))
    assert stands(payment) == ("paid", amount, 0)
    assert books() == {"bank": amount, "buyers": amount}
    assert queues() == {}
    assert [(p.amount.amount, p.payment_id) for p in get_transfer(transfer.code).allocations] == [(amount, payment.id)]


def test_under_counts_and_the_rest_makes_it_paid(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    first = make_transfer(note, amount - 10_000, at=at)
    assert (first.state, stands(payment)) == (TransferState.UNDER, ("awaiting", amount - 10_000, 0))
    assert queues() == {"under": 1}
    assert subjects(order_of(payment).email)[-1] == f"Đơn {payment.number} còn thiếu 10.000 ₫"
    assert [each.code for each in list_queue(TransferState.UNDER)] == [first.code]
    make_transfer(note, 10_000, at=at)
    assert stands(payment) == ("paid", amount, 0)
    assert queues() == {}
    assert get_transfer(first.code).state is TransferState.MATCHED
    assert books() == {"bank": amount, "buyers": amount}


def test_under_and_never_more_goes_back_when_time_runs_out(app: Flask, at: datetime) -> None:
    payment, note, _amount = prepaid(at)
    make_transfer(note, 1_000, at=at)
    with transaction():
        lapse(payment_id=payment.id, at=at + timedelta(days=2))
    assert stands(payment) == ("lapsed", 1_000, 1_000)
    assert queues() == {}, "its refund waits in the queue of refunds"
    assert books() == {"bank": 1_000, "refunds": 1_000}


def test_over_the_rest_goes_back_by_hand(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    transfer = make_transfer(note, amount + 5_000, at=at)
    assert (transfer.state, stands(payment)) == (TransferState.OVER, ("paid", amount + 5_000, 5_000))
    assert queues() == {"over": 1}
    refund = list_refunds([RefundState.ASKED])[0]
    send_refund(refund.code, at)
    with transaction():
        sent_by_hand(code=refund.code, bank_reference="FT9", by=BY, at=at)
    with transaction():
        close(code=transfer.code, by=BY, at=at)
    assert queues() == {}
    assert books() == {"bank": amount, "buyers": amount}


def test_late_waits_and_an_officer_has_it_sent_back(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    with transaction():
        lapse(payment_id=payment.id, at=at + timedelta(days=2))
    transfer = make_transfer(note, amount, at=at)
    assert (transfer.state, transfer.left.amount, stands(payment)) == (TransferState.LATE, amount, ("lapsed", 0, 0))
    assert books() == {"bank": amount, "unmatched": amount}
    with transaction():
        send_back(code=transfer.code, amount=Money(amount), bank_reference=" FT10 ", by=BY, at=at)
    assert books() == {}
    found = get_transfer(transfer.code)
    assert (found.state, found.resolved_by) == (TransferState.RESOLVED, BY.name)
    assert [piece.sent_reference for piece in found.allocations] == ["FT10"]


def test_double_waits_and_given_to_its_order_it_goes_back_whole(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    make_transfer(note, amount, at=at)
    again = make_transfer(note, amount, at=at)
    assert (again.state, stands(payment)) == (TransferState.DOUBLE, ("paid", amount, 0))
    assert books() == {"bank": 2 * amount, "buyers": amount, "unmatched": amount}
    with transaction():
        assign(code=again.code, number=payment.number, amount=Money(amount), by=BY, at=at)
    assert stands(payment) == ("paid", 2 * amount, amount)
    assert books() == {"bank": 2 * amount, "buyers": amount, "refunds": amount}
    assert queues() == {}


def test_unknown_is_split_between_two_orders_and_the_payer(app: Flask, at: datetime) -> None:
    (one, note, first), (two, _note, second) = prepaid(at), prepaid(at)
    transfer = make_transfer("tien hang", first + second + 7_000, at=at)
    assert (transfer.state, queues()) == (TransferState.UNKNOWN, {"unknown": 1})
    with transaction():
        assign(code=transfer.code, number=note.lower(), amount=Money(first), by=BY, at=at)
    assert (stands(one)[0], queues()) == ("paid", {"unknown": 1})
    with transaction():
        assign(code=transfer.code, number=two.number, amount=Money(second), by=BY, at=at)
    with pytest.raises(StillOpen), transaction():
        close(code=transfer.code, by=BY, at=at)
    with pytest.raises(NotLeft), transaction():
        send_back(code=transfer.code, amount=Money(7_001), bank_reference="FT1", by=BY, at=at)
    with transaction():
        send_back(code=transfer.code, amount=Money(7_000), bank_reference="FT1", by=BY, at=at)
    assert (stands(two)[0], queues()) == ("paid", {})
    assert books() == {"bank": first + second, "buyers": first + second}


def test_two_orders_in_one_transfer(app: Flask, at: datetime) -> None:
    (one, first, a), (two, second, b) = prepaid(at), prepaid(at)
    transfer = make_transfer(f"{first} va {second}", a + b, at=at)
    assert (transfer.state, stands(one), stands(two)) == (TransferState.MATCHED, ("paid", a, 0), ("paid", b, 0))
    assert books() == {"bank": a + b, "buyers": a + b}


def test_two_orders_whose_sum_is_not_exact_wait(app: Flask, at: datetime) -> None:
    (one, first, a), (two, second, b) = prepaid(at), prepaid(at)
    transfer = make_transfer(f"{first} {second}", a + b - 1, at=at)
    assert (transfer.state, stands(one)[0], stands(two)[0]) == (TransferState.UNKNOWN, "awaiting", "awaiting")


def test_an_order_paid_at_the_door_takes_no_transfer(app: Flask, at: datetime) -> None:
    order = make_order((make_offer(at=at), 1), at=at)
    transfer = make_transfer(order.number, 50_000, at=at)
    assert transfer.state is TransferState.UNKNOWN
    with pytest.raises(Invalid), transaction():
        assign(code=transfer.code, number=order.number, amount=Money(50_000), by=BY, at=at)
    assert get_transfer(transfer.code).left == Money(50_000)


def test_the_same_again_changes_nothing(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    told = incoming(note, amount, at=at, reference="FT77")
    with transaction():
        assert len(take_transfers(incoming=[told, told], at=at)) == 1
    with transaction():
        assert take_transfers(incoming=[told], at=at) == []
    assert (count_all(), stands(payment)) == (1, ("paid", amount, 0))
    assert books() == {"bank": amount, "buyers": amount}


def test_statement_and_feed_of_one_transfer_are_one(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    first = make_transfer(note, amount, at=at, reference="92704")
    day: dict[str, Any] = {"source": TransferSource.STATEMENT, "timed": False, "booked_at": at - timedelta(hours=3)}
    told = incoming(note, amount, at=at, reference="FT26327", **day)
    for _ in range(2):
        with transaction():
            assert take_transfers(incoming=[told], at=at) == []
    assert get_transfer(first.code).other_reference == "FT26327"
    assert (count_all(), stands(payment)) == (1, ("paid", amount, 0))
    acts = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "transfer.told_again")).all()
    assert acts == [{"called": "FT26327", "by": "statement"}]


def test_two_equal_transfers_of_one_source_are_two(app: Flask, at: datetime) -> None:
    payment, note, amount = prepaid(at)
    make_transfer(note, amount, at=at)
    assert make_transfer(note, amount, at=at).state is TransferState.DOUBLE
    day: dict[str, Any] = {"source": TransferSource.STATEMENT, "timed": False}
    with transaction():
        told = [incoming(note, amount, at=at, reference=f"S{n}", **day) for n in range(3)]
        fresh = take_transfers(incoming=told, at=at)
    assert [each.reference for each in fresh] == ["S2"], "two of the statement's three are the feed's two"
    assert stands(payment) == ("paid", amount, 0)


@pytest.mark.parametrize(
    ("number", "amount", "wrong"), [("2611-ZZZZZZ", 1, "number"), ("x", 1, "number"), ("2611-ZZZZZZ", 0, "amount")]
)
def test_what_an_officer_mistypes(app: Flask, at: datetime, number: str, amount: int, wrong: str) -> None:
    transfer = make_transfer("x", 10_000, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        assign(code=transfer.code, number=number, amount=Money(amount), by=BY, at=at)
    assert list(refused.value.fields) == [wrong]
    with pytest.raises(Invalid), transaction():
        send_back(code=transfer.code, amount=Money(1), bank_reference=" ", by=BY, at=at)
    assert get_transfer(transfer.code).left == Money(10_000)
    assert books() == {"bank": 10_000, "unmatched": 10_000}


def test_only_who_keeps_the_money(app: Flask, at: datetime) -> None:
    code = make_transfer("x", 10_000, at=at).code
    verbs: list[Callable[[], object]] = [
        lambda: assign(code=code, number="x", amount=Money(1), by=BUYER, at=at),
        lambda: send_back(code=code, amount=Money(1), bank_reference="FT", by=BUYER, at=at),
        lambda: close(code=code, by=BUYER, at=at),
        lambda: remark(code=code, words="x", by=BUYER, at=at),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden), transaction():
            verb()
    found = get_transfer(code)
    assert (found.left, found.remark, found.state) == (Money(10_000), "", TransferState.UNKNOWN)


def test_a_remark_is_kept_and_the_one_before_in_the_trail(app: Flask, at: datetime) -> None:
    code = make_transfer("x", 10_000, at=at).code
    for words in ("Đã gọi người gửi", "Chờ đơn"):
        with transaction():
            remark(code=code, words=words, by=BY, at=at)
    assert get_transfer(code).remark == "Chờ đơn"
    details = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "transfer.remarked")).all()
    assert details[-1] == {"before": "Đã gọi người gửi", "words": "Chờ đơn"}


def test_closed_twice_is_closed_once(app: Flask, at: datetime) -> None:
    _payment, note, amount = prepaid(at)
    code = make_transfer(note, amount + 1, at=at).code
    for hour in (1, 2):
        with transaction():
            close(code=code, by=BY, at=at + timedelta(hours=hour))
    assert db.session.scalar(select(BankTransfer.resolved_at)) == at + timedelta(hours=1)


def test_how_far_the_feed_was_read(app: Flask, at: datetime) -> None:
    assert read_until("0011") == 0
    for until in (5, 9, 7):
        with transaction():
            mark_read(account="0011", until=until)
    assert read_until("0011") == 9


def test_a_transfer_that_is_not_there(app: Flask, at: datetime) -> None:
    with pytest.raises(NotFound):
        get_transfer("CK00000000")
    first, second = (make_transfer("x", n, at=at + timedelta(hours=n)).code for n in (1, 2))
    assert [each.code for each in list_latest()] == [second, first]
