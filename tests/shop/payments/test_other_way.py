"""Choosing another way to pay once the order stands: nothing is lost, and what still comes by the old way goes back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.books.queries import verify
from marketplace.shop.fulfilment.services import confirm_part
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import watch_payments
from marketplace.shop.payments.models import AttemptState, Payment, PaymentState, RefundReason, RefundState
from marketplace.shop.payments.paying import NotOffered, pay, pay_otherwise
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.queries import list_refunds, payment_of
from marketplace.shop.payments.services import AlreadyPaid, PartlyPaid, begin_attempt, change_method, learn
from tests.conftest import Client
from tests.money import books, make_attempt, make_prepaid, make_transfer, offer_cards, offer_transfers, order_of, paid
from tests.pages import send
from tests.paying_out import Maker, deliver, make_maker
from tests.peers.stripe.running import StripePeer

CASH, CARD, TRANSFER = PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CARD, PaymentMethod.BANK_TRANSFER


@pytest.fixture
def maker(app: Flask, at: datetime) -> Maker:
    offer_transfers(app)
    return make_maker(at=at)


def owed(maker: Maker, at: datetime, method: PaymentMethod = CARD) -> Payment:
    return make_prepaid((maker.variant, 1), at=at, method=method)


def standing(payment: Payment) -> tuple[str, str, datetime | None]:
    found = payment_of(payment.number)
    return found.state.value, order_of(found).payment_method.value, order_of(found).pay_until


def test_a_dead_card_desk_leaves_the_transfer(app: Flask, maker: Maker, client: Client, at: datetime) -> None:
    offer_cards(app)
    payment = owed(maker, at)
    with transaction():
        change_method(payment_id=payment.id, method=TRANSFER, by=GUEST, at=at)
    assert standing(payment) == ("awaiting", "bank_transfer", at + timedelta(hours=24))
    make_transfer(payment.number, payment.amount.amount, at=at)
    assert standing(payment)[0] == "paid"
    assert payment_of(payment.number).attempts == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "payment.method")).one()
    assert (entry.subject, entry.detail) == (payment.number, {"before": "card", "method": "bank_transfer"})


def test_the_open_session_is_closed_there(cards: StripeCards, peer: StripePeer, maker: Maker, at: datetime) -> None:
    payment = owed(maker, at)
    attempt = pay(payment.number, at)
    pay_otherwise(payment.number, CASH, GUEST, at)
    assert standing(payment) == ("at_the_door", "cash_on_delivery", None)
    assert payment_of(payment.number).attempts[0].state is AttemptState.EXPIRED
    assert [each["status"] for each in peer.effects()["checkout.session"]] == ["expired"]
    assert attempt.url
    letters = [m.key for m in db.session.scalars(select(OutgoingMail)) if m.key.startswith("part:")]
    assert letters == [f"part:{payment.number}/1:placed:{maker.user.code}"]
    with transaction():
        confirm_part(number=payment.number, position=1, by=maker.user.actor(), at=at)


def test_paid_in_that_moment_is_paid(cards: StripeCards, peer: StripePeer, maker: Maker, at: datetime) -> None:
    payment = owed(maker, at)
    attempt = pay(payment.number, at)
    peer.pay(str(attempt.reference))
    with pytest.raises(AlreadyPaid):
        pay_otherwise(payment.number, CASH, GUEST, at)
    assert standing(payment)[:2] == ("paid", "card")


def test_a_desk_that_was_dead_is_asked_to_close_later(
    cards: StripeCards, peer: StripePeer, maker: Maker, at: datetime
) -> None:
    payment = owed(maker, at)
    pay(payment.number, at)
    peer.fault("unavailable", path="/v1/checkout/sessions/.*", times=20)
    pay_otherwise(payment.number, TRANSFER, GUEST, at)
    assert payment_of(payment.number).attempts[0].state is AttemptState.OPEN
    peer.clear_faults()
    cards.breaker.worked()
    watch_payments(at + timedelta(minutes=3))
    assert payment_of(payment.number).attempts[0].state is AttemptState.EXPIRED
    assert standing(payment)[0] == "awaiting"


def test_money_by_the_old_way_goes_back_once_cash_is_paid_at_the_door(app: Flask, maker: Maker, at: datetime) -> None:
    offer_cards(app)
    payment = owed(maker, at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        change_method(payment_id=payment.id, method=CASH, by=GUEST, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    refund = list_refunds([RefundState.ASKED])[0]
    assert (refund.reason, refund.amount, refund.attempt_id) == (RefundReason.LATE, payment.amount, attempt.id)
    deliver(order_of(payment), maker, at=at)
    assert payment_of(payment.number).state is PaymentState.AT_THE_DOOR
    assert [finding.code for finding in verify(at=at) if finding.faults] == []
    assert books()["refunds"] == payment.amount.amount


@pytest.mark.parametrize("late", [False, True])
def test_nothing_changes_where_it_may_not(app: Flask, maker: Maker, late: bool, at: datetime) -> None:
    offer_cards(app)
    payment = owed(maker, at, TRANSFER)
    before = standing(payment)
    if late:
        with pytest.raises(AlreadyPaid), transaction():
            change_method(payment_id=payment.id, method=CASH, by=GUEST, at=at + timedelta(days=2))
    else:
        make_transfer(payment.number, 1_000, at=at)
        with pytest.raises(PartlyPaid), transaction():
            change_method(payment_id=payment.id, method=CARD, by=GUEST, at=at)
    assert standing(payment) == before


def test_what_was_cancelled_is_paid_in_no_way(app: Flask, maker: Maker, at: datetime) -> None:
    offer_cards(app)
    payment = owed(maker, at)
    with transaction():
        cancel_order(number=payment.number, by=GUEST, at=at)
    with pytest.raises(AlreadyPaid), transaction():
        change_method(payment_id=payment.id, method=CASH, by=GUEST, at=at)
    with pytest.raises(AlreadyPaid), transaction():
        begin_attempt(payment_id=payment.id, provider="stripe", at=at)
    assert standing(payment)[:2] == ("awaiting", "card")


def test_a_page_that_its_provider_no_longer_knows_holds_no_goods(
    cards: StripeCards, peer: StripePeer, maker: Maker, at: datetime
) -> None:
    payment = owed(maker, at)
    pay(payment.number, at)
    peer.reset()
    watch_payments(at + timedelta(hours=1))
    assert standing(payment)[0] == "lapsed"
    assert payment_of(payment.number).attempts[0].state is AttemptState.UNCLEAR


def test_what_is_not_offered(app: Flask, maker: Maker, at: datetime) -> None:
    payment = owed(maker, at, TRANSFER)
    for method in (CARD, TRANSFER):
        with pytest.raises(NotOffered):
            pay_otherwise(payment.number, method, GUEST, at)
    assert standing(payment)[1] == "bank_transfer"


def test_from_the_pay_page(app: Flask, maker: Maker, client: Client, at: datetime) -> None:
    payment = owed(maker, at, TRANSFER)
    key = order_key(payment.number)
    page = client.get(f"/orders/{payment.number}/pay?key={key}")
    assert 'value="cash_on_delivery"' in page.text
    assert 'value="bank_transfer"' not in page.text
    wrong = send(client, f"/orders/{payment.number}/pay/method", key=key, method="gold")
    assert wrong.headers["Location"].endswith(f"/pay?key={key}")
    done = send(client, f"/orders/{payment.number}/pay/method", key=key, method="cash_on_delivery")
    assert done.headers["Location"].endswith(f"/orders/{payment.number}?key={key}")
    assert "trả tiền mặt khi nhận" in client.get(done.headers["Location"]).text
    again = send(client, f"/orders/{payment.number}/pay/method", key=key, method="cash_on_delivery")
    assert again.headers["Location"].endswith(f"/pay?key={key}")
