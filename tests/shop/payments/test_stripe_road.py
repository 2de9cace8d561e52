"""Paying by card over HTTP with a stateful peer of Stripe: the road, and everything that goes wrong on it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.running import run_due
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import handle_event, refund, watch_payments
from marketplace.shop.payments.models import (
    Attempt,
    AttemptState,
    Payment,
    PaymentState,
    ProviderEvent,
    RefundReason,
    RefundState,
)
from marketplace.shop.payments.paying import NotReached, NotTaken, ask_again, pay
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.queries import get_refund, payment_of
from marketplace.shop.payments.services import ask_refund
from marketplace.shop.payments.services.events import EVENT
from marketplace.shop.payments.services.refunds import REFUND
from marketplace.shop.payments.setup import offered
from tests.builders import BY, make_offer
from tests.conftest import Client
from tests.money import books, make_prepaid
from tests.peers.stripe.receiving import Received
from tests.peers.stripe.running import Refused, StripePeer

HANDLERS = {EVENT: handle_event, REFUND: refund}
SOON = timedelta(minutes=3)


def work(at: datetime) -> None:
    """What the worker does: the jobs that are due, then the sweep."""
    run_due(at, handlers=HANDLERS, lease=timedelta(minutes=1))
    watch_payments(at)


def post(client: Client, slot: Received, *, backwards: bool = False, times: int = 1) -> list[int]:
    """Put what has arrived before the application."""
    letters = list(reversed(slot.raw)) if backwards else list(slot.raw)
    return [
        client.post("/payments/stripe/webhook", data=body, headers={"Stripe-Signature": signature}).status_code
        for body, signature in letters
        for _ in range(times)
    ]


def now_standing(payment: Payment) -> tuple[str, int, int]:
    found = payment_of(payment.number)
    return found.state.value, found.captured.amount, found.refunded.amount


def count(peer: StripePeer, kind: str) -> int:
    return len(peer.effects().get(kind, []))


@pytest.fixture
def payment(app: Flask, at: datetime, cards: StripeCards) -> Payment:
    return make_prepaid((make_offer(at=at), 1), at=at)


def test_the_road_by_webhooks_alone(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    attempt = pay(payment.number, at)
    assert attempt.state is AttemptState.OPEN
    assert (attempt.url or "").startswith(peer.url)
    assert pay(payment.number, at).id == attempt.id
    peer.pay(attempt.reference or "")
    peer.deliveries()
    assert set(post(client, mail_slot, backwards=True, times=2)) == {200}
    assert now_standing(payment) == ("awaiting", 0, 0), "stored first, handled by the worker"
    work(now())
    total = payment.amount.amount
    assert now_standing(payment) == ("paid", total, 0)
    events = db.session.scalar(select(func.count()).select_from(ProviderEvent))
    assert events == len({body for body, _ in mail_slot.raw if b'"checkout.session.completed"' in body})
    fee = books()["provider_fees"]
    assert fee > 0
    assert books() == {"buyers": total, "provider:stripe": total - fee, "provider_fees": fee}


def test_the_webhook_is_lost_and_the_sweep_finds_out(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    watch_payments(at)
    assert now_standing(payment)[0] == "awaiting", "not yet quiet for long"
    watch_payments(at + SOON)
    assert now_standing(payment) == ("paid", payment.amount.amount, 0)


@pytest.mark.parametrize("fault", ["error_after", "reset_after", "error_before", "reset_before", "unavailable"])
def test_whatever_happens_while_opening_the_buyer_pays_once(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment, fault: str
) -> None:
    peer.fault(fault, path="/v1/checkout/sessions", method="POST")
    with pytest.raises(NotReached):
        pay(payment.number, at)
    assert [a.state for a in payment_of(payment.number).attempts] == [AttemptState.BEGUN]
    if fault.startswith("error"):  # the first answer is kept for the key, though it was a failure
        with pytest.raises(NotReached):
            pay(payment.number, at)
        return
    attempt = pay(payment.number, at)
    assert count(peer, "checkout.session") == 1
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    assert now_standing(payment)[0] == "paid"
    assert count(peer, "charge") == 1


def test_a_provider_that_hangs_is_not_waited_for_and_then_not_offered(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment, cards: StripeCards
) -> None:
    peer.fault("unavailable", path="/v1/checkout/sessions", times=3)
    for _ in range(3):
        with pytest.raises(NotReached):
            pay(payment.number, at)
    assert offered(Money(50_000)) == [PaymentMethod.CASH_ON_DELIVERY]
    cards.breaker.open_until = 0
    assert offered(Money(50_000)) == [PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CARD]
    peer.fault("hang", path="/v1/checkout/sessions")
    with pytest.raises(NotReached):
        pay(payment.number, at)
    peer.clear_faults()


@pytest.mark.parametrize(("amount", "cash_only"), [(14_999, True), (15_000, False), (99_999_999, False), (10**8, True)])
def test_cards_are_offered_within_their_limits(cards: StripeCards, amount: int, cash_only: bool) -> None:
    assert (PaymentMethod.CARD not in offered(Money(amount))) is cash_only


def test_an_amount_that_the_provider_refuses(app: Flask, at: datetime, peer: StripePeer, cards: StripeCards) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    with transaction():
        db.session.merge(payment).amount = Money(100)
    with pytest.raises(NotTaken) as refused:
        pay(payment.number, at)
    assert refused.value.facts == {"why": "amount_too_small"}
    assert [(a.state, a.trouble) for a in payment_of(payment.number).attempts] == [
        (AttemptState.FAILED, "amount_too_small")
    ]


def test_a_declined_card_leaves_the_page_open_for_another(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment
) -> None:
    attempt = pay(payment.number, at)
    with pytest.raises(Refused):
        peer.pay(attempt.reference or "", card="4000 0000 0000 0002")
    ask_again(attempt.id, at)
    assert now_standing(payment)[0] == "awaiting"
    peer.pay(attempt.reference or "", card="4000 0025 0000 3155", passed=True)
    ask_again(attempt.id, at)
    assert now_standing(payment)[0] == "paid"


def test_time_runs_out_and_the_page_is_closed_before_the_goods_go_back(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment
) -> None:
    attempt = pay(payment.number, at)
    late = at + timedelta(minutes=32)
    watch_payments(late)
    assert now_standing(payment)[0] == "lapsed"
    with pytest.raises(Refused):
        peer.pay(attempt.reference or "")
    assert count(peer, "charge") == 0


def test_paid_in_the_moment_it_would_have_lapsed(app: Flask, at: datetime, peer: StripePeer, payment: Payment) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    watch_payments(at + timedelta(minutes=32))
    assert now_standing(payment) == ("paid", payment.amount.amount, 0)


def test_cancelled_after_it_was_paid_the_money_goes_back_once(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    for _ in range(3):
        work(at + SOON)
    total = payment.amount.amount
    assert now_standing(payment) == ("paid", total, total)
    assert [(r["amount"], r["status"]) for r in peer.effects()["refund"]] == [(total, "succeeded")]
    assert [r.state for r in payment_of(payment.number).refunds] == [RefundState.DONE]
    fee = books()["provider_fees"]
    assert books() == {"provider:stripe": -fee, "provider_fees": fee}


def test_a_refund_that_waits_and_fails_sets_its_amount_free(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    peer.settings(refunds_wait=True)
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    with transaction():
        asked = ask_refund(
            payment=payment_of(payment.number),
            amount=Money(10_000),
            reason=RefundReason.GOODWILL,
            key="hand:1",
            by=system("test"),
            at=at,
        )
    work(at)
    assert get_refund(asked.code).state is RefundState.SENT
    peer.finish_refunds("failed")
    peer.deliveries()
    post(client, mail_slot)
    work(now())
    assert get_refund(asked.code).state is RefundState.FAILED
    assert now_standing(payment) == ("paid", payment.amount.amount, 0)
    assert "refunds" not in books()


@pytest.mark.parametrize("fault", ["error_after", "reset_after", "unavailable"])
def test_a_refund_whose_answer_was_lost_goes_out_once(
    app: Flask, at: datetime, peer: StripePeer, payment: Payment, fault: str
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    peer.fault(fault, path="/v1/refunds", method="POST")
    work(at + SOON)
    for minutes in range(4, 12):
        work(at + timedelta(minutes=minutes))
    assert count(peer, "refund") == 1


def test_a_dispute_by_webhook(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "", card="4000 0000 0000 0259")
    ask_again(attempt.id, at)
    peer.deliveries()
    post(client, mail_slot)
    work(now())
    assert books()["disputes"] == payment.amount.amount
    peer.close_dispute(peer.effects()["dispute"][0]["id"], won=True)
    peer.deliveries()
    post(client, mail_slot)
    work(now())
    assert "disputes" not in books()


def test_a_dispute_that_is_heard_of_before_the_payment(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "", card="4000 0000 0000 0259")
    peer.deliveries()
    mail_slot.raw[:] = [(body, signed) for body, signed in mail_slot.raw if b'"charge.dispute.' in body]
    post(client, mail_slot)
    work(now())
    assert now_standing(payment) == ("paid", payment.amount.amount, 0)
    assert books()["disputes"] == payment.amount.amount


def test_a_dispute_of_an_attempt_that_was_never_written_down_waits(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    """The process died while the provider answered: the attempt is asked for by its key, then the dispute is known."""
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "", card="4000 0000 0000 0259")
    with transaction():
        begun = db.session.get_one(Attempt, attempt.id)
        begun.state, begun.reference, begun.url = AttemptState.BEGUN, None, None
    peer.deliveries()
    mail_slot.raw[:] = [(body, signed) for body, signed in mail_slot.raw if b'"charge.dispute.created"' in body]
    post(client, mail_slot)
    work(now())
    assert (now_standing(payment), "disputes" in books()) == (("awaiting", 0, 0), False)
    run_due(now() + timedelta(minutes=2), handlers=HANDLERS, lease=timedelta(minutes=1))
    assert now_standing(payment) == ("paid", payment.amount.amount, 0)
    assert books()["disputes"] == payment.amount.amount


def test_forged_and_old_letters_are_refused_and_leave_nothing(
    app: Flask, client: Client, at: datetime, peer: StripePeer, payment: Payment, mail_slot: Received
) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    event = next(each["event"] for each in peer.deliveries() if each["type"] == "checkout.session.completed")
    mail_slot.raw.clear()
    mail_slot.answers[:] = [202, 202]  # taken unread
    peer.replay(event, forge=True)
    peer.replay(event, old=True)
    peer.deliveries()
    assert post(client, mail_slot) == [400, 400]
    assert client.post("/payments/stripe/webhook", data=b"\xff\x00").status_code == 400
    assert client.post("/payments/nobody/webhook", data=b"{}").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(ProviderEvent)) == 0


def test_an_order_page_knows_it_is_paid(app: Flask, at: datetime, peer: StripePeer, payment: Payment) -> None:
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    assert get_order(payment.number).awaits_payment is False
    assert payment_of(payment.number).state is PaymentState.PAID
