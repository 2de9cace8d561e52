"""A provider that is silent for hours, or says no for ever to one key: nothing is given up, nothing held up by it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import handle_event, refund, watch_payments
from marketplace.shop.payments.models import AttemptState, Payment, ProviderEvent, RefundState
from marketplace.shop.payments.paying import NotReached, ask_again, pay, send_refund
from marketplace.shop.payments.providers.interface import RefundStanding
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.queries import get_refund, payment_of
from marketplace.shop.payments.services.events import EVENT
from marketplace.shop.payments.services.refunds import REFUND
from tests.builders import BY, make_offer
from tests.conftest import Client
from tests.money import books, make_prepaid
from tests.peers.stripe.receiving import Received
from tests.peers.stripe.running import StripePeer
from tests.shop.payments.test_stripe_road import post

HANDLERS = {EVENT: handle_event, REFUND: refund}
SESSIONS = "/v1/checkout/sessions"


def worker(at: datetime) -> None:
    run_due(at, handlers=HANDLERS, lease=timedelta(minutes=1))
    watch_payments(at)


def bought(peer: StripePeer, at: datetime) -> Payment:
    """An order paid by card, and known to be."""
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    return payment


def given_back(peer: StripePeer) -> list[int]:
    return [each["amount"] for each in peer.effects()["refund"]]


def test_a_refund_goes_out_after_a_day_of_silence(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    payment = bought(peer, at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    watch_payments(at)
    peer.fault("unavailable", path="/v1/.*", times=1000)
    for hours in range(24):
        worker(at + timedelta(hours=hours))
        cards.breaker.open_until = 0  # an hour is longer than its rest
    assert (given_back(peer), payment_of(payment.number).refunds[0].state) == ([], RefundState.ASKED)
    assert db.session.scalar(select(Job.key).where(Job.failed_at.is_not(None))) is None
    peer.clear_faults()
    worker(at + timedelta(hours=24))
    assert given_back(peer) == [payment.amount.amount]
    assert payment_of(payment.number).refunds[0].state is RefundState.DONE


def test_a_refund_whose_key_is_forgotten_is_not_sent_again(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    payment = bought(peer, at)
    charge = payment_of(payment.number).attempts[0].charge or ""
    first = cards.refund(key="refund:1", charge=charge, amount=Money(5_000))
    peer.clock(ahead=25 * 3600)
    again = cards.refund(key="refund:1", charge=charge, amount=Money(5_000))
    assert (again.reference, again.standing) == (first.reference, RefundStanding.DONE)
    cards.refund(key="refund:2", charge=charge, amount=Money(5_000))
    assert given_back(peer) == [5_000, 5_000]


def test_a_refund_that_was_sent_but_not_said_is_found(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    payment = bought(peer, at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    peer.fault("error_after", path="/v1/refunds", method="POST")
    worker(at)
    worker(at)
    code = payment_of(payment.number).refunds[0].code
    assert (get_refund(code).state, len(given_back(peer))) == (RefundState.ASKED, 1)
    send_refund(code, at)
    assert (get_refund(code).state, len(given_back(peer))) == (RefundState.DONE, 1)


def test_a_dispute_told_of_before_a_day_of_silence_is_learnt(
    app: Flask, client: Client, at: datetime, peer: StripePeer, cards: StripeCards, mail_slot: Received
) -> None:
    payment = bought(peer, at)
    peer.dispute(peer.effects()["charge"][0]["id"])
    peer.deliveries()
    peer.fault("unavailable", path="/v1/.*", times=1000)
    mail_slot.raw[:] = [(body, signed) for body, signed in mail_slot.raw if b'"charge.dispute.created"' in body]
    assert post(client, mail_slot) == [200]
    begun = now()
    for hours in range(24):
        worker(begun + timedelta(hours=hours))
        cards.breaker.open_until = 0
    assert "disputes" not in books()
    assert db.session.scalars(select(ProviderEvent.handled_at)).all() == [None]
    assert db.session.scalar(select(Job.key).where(Job.failed_at.is_not(None))) is None
    peer.clear_faults()
    worker(begun + timedelta(hours=25))
    assert books()["disputes"] == payment.amount.amount
    assert db.session.scalars(select(ProviderEvent.handled_at)).all() == [begun + timedelta(hours=25)]


@pytest.mark.parametrize("fault", ["error_before", "error_after"])
def test_goods_are_not_held_for_a_page_that_nobody_was_shown(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards, fault: str
) -> None:
    goods = make_offer(at=at, stock=3)
    payment = make_prepaid((goods, 1), at=at)
    peer.fault(fault, path=SESSIONS, method="POST")
    with pytest.raises(NotReached):
        pay(payment.number, at)
    watch_payments(at + timedelta(minutes=32))
    assert payment_of(payment.number).state.value == "lapsed"
    assert on_hand([goods.id]) == {goods.id: 3}


def test_goods_are_held_while_the_page_may_have_been_paid(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    goods = make_offer(at=at, stock=3)
    payment = make_prepaid((goods, 1), at=at)
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    peer.fault("unavailable", path="/v1/.*", times=1000)
    watch_payments(at + timedelta(minutes=32))
    assert payment_of(payment.number).state.value == "awaiting"
    assert on_hand([goods.id]) == {goods.id: 2}
    peer.clear_faults()
    cards.breaker.worked()
    watch_payments(at + timedelta(minutes=60))
    assert payment_of(payment.number).state.value == "paid"


def test_one_that_cannot_be_learnt_holds_up_no_other(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    goods = make_offer(at=at)
    odd, other = (make_prepaid((goods, 1), at=at).number for _ in range(2))
    for number in (odd, other):
        peer.pay(pay(number, at).reference or "")
    charge = peer.effects()["charge"][0]["id"]
    with transaction():
        moves = [money.Move(money.FEES, money.provider("stripe"), Money(1), "fee")]
        book(key=f"fee:stripe:{charge}", kind="fee", reference=odd, moves=moves, at=at)
    watch_payments(at + timedelta(minutes=3))
    assert [payment_of(number).state.value for number in (odd, other)] == ["awaiting", "paid"]
    assert payment_of(odd).attempts[0].state is AttemptState.OPEN
