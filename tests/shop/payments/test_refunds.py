"""Giving back: never more than came, each promise kept once, by whatever road."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.bank.services import assign
from marketplace.shop.books.queries import verify
from marketplace.shop.ledger import rules as money
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import watch_payments
from marketplace.shop.payments.models import BY_A_PERSON, Payment, Refund, RefundReason, RefundState
from marketplace.shop.payments.paying import ask_again, pay, send_refund
from marketplace.shop.payments.providers.interface import Fact, ProviderRefused, RefundFact, RefundStanding, Standing
from marketplace.shop.payments.queries import find_refund, get_refund, hold, list_refunds, payment_of
from marketplace.shop.payments.services import TooMuch, ask_refund, learn, learn_refund, sent_by_hand, take_in
from tests.builders import BY, make_offer, make_user
from tests.money import books, make_attempt, make_prepaid, make_transfer, offer_cards, paid
from tests.peers.teller import offer_teller

TEN = Money(10_000)


@pytest.fixture
def payment(app: Flask, at: datetime) -> Payment:
    """Paid by card."""
    offer_cards(app)
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    return payment


def ask(payment: Payment, amount: Money, key: str, at: datetime) -> Refund:
    with transaction():
        return ask_refund(
            payment=hold(payment.id),
            amount=amount,
            reason=RefundReason.GOODWILL,
            key=key,
            by=system("test"),
            at=at,
            note="Vỡ một gói",
        )


def tell(refund: Refund, standing: RefundStanding, at: datetime, reference: str | None = "re_1") -> Refund:
    with transaction():
        learn_refund(code=refund.code, fact=RefundFact(reference, standing, "lost_card"), at=at)
    return get_refund(refund.code)


def test_more_than_came_never_goes_back(app: Flask, at: datetime, payment: Payment) -> None:
    total = payment.amount
    first = ask(payment, TEN, "1", at)
    assert ask(payment, TEN, "1", at).code == first.code
    with pytest.raises(TooMuch):
        ask(payment, total, "2", at)
    assert payment_of(payment.number).refunded == TEN
    assert db.session.scalar(select(func.count()).select_from(Refund)) == 1
    ask(payment, total - TEN, "3", at)
    with pytest.raises(TooMuch):
        ask(payment, Money(1), "4", at)
    assert books() == {"provider:stripe": total.amount, "refunds": total.amount}


@pytest.mark.parametrize("last", [RefundStanding.DONE, RefundStanding.FAILED])
def test_each_word_of_the_provider_has_its_effect_once(
    app: Flask, at: datetime, payment: Payment, last: RefundStanding
) -> None:
    total = payment.amount.amount
    refund = ask(payment, TEN, "1", at)
    assert tell(refund, RefundStanding.PENDING, at).state is RefundState.SENT
    for _ in range(2):
        told = tell(refund, last, at)
    for later in (RefundStanding.PENDING, RefundStanding.DONE, last):
        told = tell(refund, later, at)
    found = find_refund("re_1")
    assert found is not None
    assert found.code == refund.code
    if last is RefundStanding.DONE:
        assert (told.state, told.done_at, told.note) == (RefundState.DONE, at, "Vỡ một gói")
        assert payment_of(payment.number).refunded == TEN
        assert books() == {"buyers": total - 10_000, "provider:stripe": total - 10_000}
    else:
        assert (told.state, told.done_at, told.note) == (RefundState.FAILED, None, "lost_card")
        assert payment_of(payment.number).refunded == Money(0)
        assert books() == {"buyers": total, "provider:stripe": total}
        with pytest.raises(NotFound):
            get_refund("nothing")


def test_what_the_cards_bank_did_not_take_lies_with_the_provider_again(
    app: Flask, at: datetime, payment: Payment
) -> None:
    """Stripe calls a refund failed that it had called done: the amount is free again, and an officer sends it."""
    total = payment.amount.amount
    refund = ask(payment, TEN, "1", at)
    tell(refund, RefundStanding.DONE, at)
    for _ in range(2):
        told = tell(refund, RefundStanding.FAILED, at)
    assert (told.state, told.done_at, told.note) == (RefundState.FAILED, None, "lost_card")
    assert payment_of(payment.number).refunded == Money(0)
    assert books() == {"buyers": total, "provider:stripe": total}
    assert [each.code for each in list_refunds(BY_A_PERSON)] == [refund.code]


def test_what_came_by_transfer_goes_back_by_hand(app: Flask, at: datetime) -> None:
    offer_cards(app)
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    total, officer = payment.amount.amount, make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with transaction():
        take_in(payment_id=payment.id, amount=payment.amount, key="bank:1", source=money.BANK, at=at)
    refund, seller = ask(payment, TEN, "1", at), make_user(Role.PRODUCER, at=at).actor()
    send_refund(refund.code, at)
    send_refund(refund.code, at)
    assert [each.code for each in list_refunds([RefundState.BY_HAND])] == [refund.code]
    with pytest.raises(Forbidden), transaction():
        sent_by_hand(code=refund.code, bank_reference="FT1", by=seller, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        sent_by_hand(code=refund.code, bank_reference=" ", by=officer, at=at)
    assert list(refused.value.fields) == ["bank_reference"]
    assert books() == {"bank": total, "buyers": total - 10_000, "refunds": 10_000}
    with transaction():
        assert sent_by_hand(code=refund.code, bank_reference="FT1", by=officer, at=at).reference == "FT1"
    with pytest.raises(Conflict), transaction():
        sent_by_hand(code=refund.code, bank_reference="FT2", by=officer, at=at)
    assert books() == {"bank": total - 10_000, "buyers": total - 10_000}


def test_a_refund_goes_where_enough_came_from(app: Flask, at: datetime, payment: Payment) -> None:
    refund = ask(payment, payment.amount, "1", at)
    assert refund.attempt_id == payment_of(payment.number).attempts[0].id
    tell(refund, RefundStanding.FAILED, at)
    again = ask(payment, payment.amount, "2", at)
    assert again.attempt_id == refund.attempt_id


def test_what_one_attempt_has_given_back_already_comes_from_the_other(app: Flask, at: datetime) -> None:
    offer_cards(app)
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    first = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=first.id, fact=Fact(f"cs_{first.id}", Standing.EXPIRED), at=at)
    second = make_attempt(payment, at=at)
    for attempt in (second, first):  # the second pays; the first, paid in another tab, goes back
        with transaction():
            learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    assert [each.attempt_id for each in payment_of(payment.number).refunds] == [first.id]
    assert ask(payment, payment.amount, "1", at).attempt_id == second.id


def test_a_provider_that_will_not_tell_of_a_refund_has_not_failed_it(app: Flask, at: datetime) -> None:
    """It is on its way: whoever took the refusal for its end would give the money back a second time."""
    teller = offer_teller(app, at)
    teller.refunds_wait = True
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = pay(payment.number, at)
    teller.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    refund = ask(payment, TEN, "1", at)
    send_refund(refund.code, at)
    kept = dict(teller.refunds)
    teller.refunds.clear()
    with pytest.raises(ProviderRefused):
        send_refund(refund.code, at)
    assert watch_payments(at) == 0
    assert get_refund(refund.code).state is RefundState.SENT
    teller.refunds |= kept
    teller.finish_refund(next(iter(kept)))
    assert watch_payments(at) == 1
    assert get_refund(refund.code).state is RefundState.DONE


def test_what_failed_at_the_provider_is_sent_from_the_bank(app: Flask, at: datetime, payment: Payment) -> None:
    total = payment.amount.amount
    refund = tell(ask(payment, TEN, "1", at), RefundStanding.FAILED, at)
    assert list_refunds(BY_A_PERSON) == [refund]
    with transaction():
        sent = sent_by_hand(code=refund.code, bank_reference="FT1", by=BY, at=at)
    assert (sent.state, sent.reference, sent.attempt_id) == (RefundState.DONE, "FT1", None)
    assert books() == {"bank": -10_000, "buyers": total - 10_000, "provider:stripe": total}
    assert [fault for finding in verify(at=at) for fault in finding.faults] == []
    assert payment_of(payment.number).refunded == TEN
    with pytest.raises(Conflict), transaction():
        sent_by_hand(code=refund.code, bank_reference="FT2", by=BY, at=at)


def test_what_failed_and_is_no_longer_left_is_not_sent(app: Flask, at: datetime, payment: Payment) -> None:
    refund = tell(ask(payment, TEN, "1", at), RefundStanding.FAILED, at)
    ask(payment, payment.amount, "2", at)
    before = books()
    with pytest.raises(TooMuch), transaction():
        sent_by_hand(code=refund.code, bank_reference="FT1", by=BY, at=at)
    assert books() == before
    assert get_refund(refund.code).state is RefundState.FAILED


def test_a_transfer_for_what_was_paid_by_card_goes_back_by_transfer(app: Flask, at: datetime, payment: Payment) -> None:
    code = make_transfer(payment.number, payment.amount.amount, at=at).code
    with transaction():
        assign(code=code, number=payment.number, amount=payment.amount, by=BY, at=at)
    (refund,) = payment_of(payment.number).refunds
    assert (refund.reason, refund.attempt_id) == (RefundReason.DOUBLE, None)
    send_refund(refund.code, at)
    assert get_refund(refund.code).state is RefundState.BY_HAND


def test_what_the_card_has_given_back_already_an_officer_gives_back(app: Flask, at: datetime) -> None:
    """Paid by transfer, then by the card as well, whose money went back: the rest is with us, not with the provider."""
    teller = offer_teller(app, at)
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = pay(payment.number, at)
    make_transfer(payment.number, payment.amount.amount, at=at)
    teller.pay(attempt.reference or "")
    ask_again(attempt.id, at)
    (double,) = payment_of(payment.number).refunds
    send_refund(double.code, at)
    assert (double.reason, get_refund(double.code).state) == (RefundReason.DOUBLE, RefundState.DONE)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    watch_payments(at)
    back = payment_of(payment.number).refunds[-1]
    send_refund(back.code, at)
    assert (back.reason, get_refund(back.code).state) == (RefundReason.CANCELLED, RefundState.BY_HAND)
