"""What came of a payment: each news once, in any order, to the dong."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.checkout.services import MethodGone
from marketplace.shop.fulfilment.services import AwaitsPayment, confirm_part, deliver_part, ship_part
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.ledger import rules as money
from marketplace.shop.orders.models import Order, PartState, PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import AttemptState, DisputeState, PaymentState, RefundReason
from marketplace.shop.payments.providers.interface import Contest, Fact, Standing
from marketplace.shop.payments.queries import (
    find_payment_of,
    list_disputes,
    list_overdue,
    list_unclear,
    list_unsettled,
    payment_of,
)
from marketplace.shop.payments.services import (
    AlreadyPaid,
    begin_attempt,
    lapse,
    learn,
    learn_dispute,
    refused,
    take_in,
    unclear,
)
from tests.builders import BY, make_offer, make_order, make_producer, make_user
from tests.money import books, make_attempt, make_prepaid, offer_cards, order_of, paid


@pytest.fixture(autouse=True)
def _cards(app: Flask) -> None:
    offer_cards(app)


def told(attempt_id: int, *facts: Fact, at: datetime) -> None:
    for fact in facts:
        with transaction():
            learn(attempt_id=attempt_id, fact=fact, at=at)


def standing(order: Order) -> tuple[str, int, int, list[str]]:
    """State, captured, refunded, the attempts' states."""
    found = payment_of(order.number)
    return (
        found.state.value,
        found.captured.amount,
        found.refunded.amount,
        [attempt.state.value for attempt in found.attempts],
    )


def letters(email: str) -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.subject).where(OutgoingMail.to_address == email)))


def test_an_order_is_placed_waits_and_is_paid(app: Flask, at: datetime) -> None:
    owner = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=owner))
    payment = make_prepaid((variant, 2), at=at)
    order = order_of(payment)
    assert (order.payment_method, order.awaits_payment) == (PaymentMethod.CARD, True)
    assert order.pay_until == at + timedelta(minutes=31)
    assert (payment.state, payment.amount, payment.attempts) == (PaymentState.AWAITING, order.total, [])
    assert sellable([variant.id], on=at.date()) == {variant.id: 8}
    assert letters(owner.email) == []
    with pytest.raises(AwaitsPayment), transaction():
        confirm_part(number=order.number, position=1, by=owner.actor(), at=at)
    attempt = make_attempt(payment, at=at)
    told(attempt.id, paid(attempt, fee=12_345), paid(attempt, fee=12_345), at=at)
    total = order.total.amount
    assert standing(order) == ("paid", total, 0, ["succeeded"])
    assert books() == {"buyers": total, "provider:stripe": total - 12_345, "provider_fees": 12_345}
    assert get_order(order.number).paid_at == at
    assert len(letters(owner.email)) == 1
    assert len(letters(order.email)) == 2
    with transaction():
        confirm_part(number=order.number, position=1, by=owner.actor(), at=at)
    with pytest.raises(AlreadyPaid), transaction():
        begin_attempt(payment_id=payment.id, provider="stripe", at=at)


NEWS = ("open", "failed", "paid", "expired")


@pytest.mark.parametrize("order_of_news", list(permutations(NEWS)))
def test_news_in_any_order_comes_to_the_same(app: Flask, at: datetime, order_of_news: tuple[str, ...]) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    for word in order_of_news:
        told(attempt.id, paid(attempt) if word == "paid" else Fact(f"cs_{attempt.id}", Standing(word)), at=at)
    total = payment.amount.amount
    assert standing(order_of(payment)) == ("paid", total, 0, ["succeeded"])
    assert books() == {"buyers": total, "provider:stripe": total}


def test_repeating_an_attempt_repeats_its_key_and_a_new_one_comes_after_the_old_ended(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    first = make_attempt(payment, at=at)
    again = make_attempt(payment, at=at)
    assert (first.id, first.key) == (again.id, f"pay:{payment.code}:v1")
    told(first.id, Fact(f"cs_{first.id}", Standing.EXPIRED), at=at)
    second = make_attempt(payment, at=at)
    assert (second.n, second.key) == (2, f"pay:{payment.code}:v2")
    assert standing(order_of(payment))[3] == ["expired", "open"]


def test_an_attempt_that_its_provider_refused_makes_room_for_another(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    with transaction():
        attempt = begin_attempt(payment_id=payment.id, provider="stripe", at=at)
    with transaction():
        refused(attempt_id=attempt.id, trouble="amount_too_large", at=at)
    assert [(a.state, a.trouble) for a in payment_of(payment.number).attempts] == [
        (AttemptState.FAILED, "amount_too_large")
    ]
    assert make_attempt(payment, at=at).n == 2


def test_paid_twice_the_second_goes_back(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    first = make_attempt(payment, at=at)
    told(first.id, Fact(f"cs_{first.id}", Standing.EXPIRED), at=at)
    second = make_attempt(payment, at=at)
    told(second.id, paid(second), at=at)
    told(first.id, paid(first), paid(first), at=at)  # its page was open in another tab
    total = payment.amount.amount
    assert standing(order_of(payment)) == ("paid", 2 * total, total, ["succeeded", "succeeded"])
    refunds = payment_of(payment.number).refunds
    assert [(r.reason, r.amount, r.attempt_id) for r in refunds] == [(RefundReason.DOUBLE, payment.amount, first.id)]
    assert books() == {"buyers": total, "provider:stripe": 2 * total, "refunds": total}


def test_not_paid_in_time_the_goods_are_on_sale_again(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    payment = make_prepaid((variant, 2), at=at)
    late = at + timedelta(minutes=31)
    assert list_overdue(late - timedelta(seconds=1)) == []
    with transaction():
        assert lapse(payment_id=payment.id, at=late - timedelta(seconds=1)) is False
    assert [each.id for each in list_overdue(late)] == [payment.id]
    with transaction():
        assert lapse(payment_id=payment.id, at=late) is True
    with transaction():
        assert lapse(payment_id=payment.id, at=late) is False
    assert standing(order_of(payment))[0] == "lapsed"
    assert [part.state for part in get_order(payment.number).parts] == [PartState.CANCELLED]
    assert sellable([variant.id], on=at.date()) == {variant.id: 10}
    assert len(letters(order_of(payment).email)) == 2
    with pytest.raises(AlreadyPaid), transaction():
        begin_attempt(payment_id=payment.id, provider="stripe", at=late)


def test_paid_too_late_the_money_goes_back(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    late = at + timedelta(minutes=40)
    with transaction():
        lapse(payment_id=payment.id, at=late)
    told(attempt.id, paid(attempt), paid(attempt), at=late)
    total = payment.amount.amount
    assert standing(order_of(payment)) == ("lapsed", total, total, ["succeeded"])
    assert [r.reason for r in payment_of(payment.number).refunds] == [RefundReason.LATE]
    assert books() == {"provider:stripe": total, "refunds": total}
    assert get_order(payment.number).paid_at is None


def test_cancelled_before_it_was_paid_the_payment_lapses_at_once(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    assert list_overdue(at) == []
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    assert [each.id for each in list_overdue(at)] == [payment.id]
    with transaction():
        assert lapse(payment_id=payment.id, at=at) is True
    assert standing(order_of(payment))[0] == "lapsed"
    assert len(letters(order_of(payment).email)) == 1, "who cancelled knows it"


def test_an_attempt_that_nobody_can_tell_of_waits_for_a_person(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    assert [each.id for each in list_unsettled(at + timedelta(seconds=1))] == [attempt.id]
    assert list_unsettled(at) == []
    with transaction():
        assert unclear(attempt_id=attempt.id, at=at) is True
    with transaction():
        assert unclear(attempt_id=attempt.id, at=at) is False
    assert [each.id for each in list_unclear()] == [attempt.id]
    told(attempt.id, Fact(f"cs_{attempt.id}", Standing.OPEN), at=at)
    assert standing(order_of(payment))[3] == ["open"]


def test_a_transfer_in_two_pieces_and_a_little_more(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    make_attempt(payment, at=at, provider="transfer")
    total = payment.amount.amount

    def came(amount: int, key: str) -> PaymentState:
        with transaction():
            return take_in(payment_id=payment.id, amount=Money(amount), key=key, source=money.BANK, at=at)

    assert came(total - 10_000, "bank:1") is PaymentState.AWAITING
    assert standing(order_of(payment)) == ("awaiting", total - 10_000, 0, ["open"])
    assert came(15_000, "bank:2") is PaymentState.PAID
    assert standing(order_of(payment)) == ("paid", total + 5_000, 5_000, ["succeeded"])
    assert [(r.reason, r.amount) for r in payment_of(payment.number).refunds] == [(RefundReason.OVER, Money(5_000))]
    assert books() == {"bank": total + 5_000, "buyers": total, "refunds": 5_000}


def test_what_came_in_part_goes_back_when_time_runs_out(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    with transaction():
        take_in(payment_id=payment.id, amount=Money(1_000), key="bank:1", source=money.BANK, at=at)
    with transaction():
        lapse(payment_id=payment.id, at=at + timedelta(hours=1))
    assert standing(order_of(payment)) == ("lapsed", 1_000, 1_000, [])
    assert books() == {"bank": 1_000, "refunds": 1_000}


def test_money_kept_for_a_person_to_decide(app: Flask, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    with transaction():
        lapse(payment_id=payment.id, at=at + timedelta(hours=1))
    with transaction():
        take_in(payment_id=payment.id, amount=Money(1_000), key="bank:1", source=money.BANK, at=at, whole=False)
    assert standing(order_of(payment)) == ("lapsed", 1_000, 0, [])
    assert books() == {"bank": 1_000, "buyers": 1_000}


def test_delivered_the_money_becomes_the_producers(app: Flask, at: datetime) -> None:
    owner = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=owner)
    payment = make_prepaid((make_offer(at=at, producer=producer), 2), at=at)
    attempt = make_attempt(payment, at=at)
    told(attempt.id, paid(attempt), at=at)
    by, number = owner.actor(), payment.number
    with transaction():
        confirm_part(number=number, position=1, by=by, at=at)
    with transaction():
        ship_part(number=number, position=1, carrier="Bưu điện", tracking_number="X1", by=by, at=at)
    with transaction():
        deliver_part(number=number, position=1, by=by, at=at)
    total = payment.amount.amount
    assert books() == {"provider:stripe": total, f"producer:{producer.id}": total}
    assert get_order(number).parts[0].cash_collected is None


@pytest.mark.parametrize(("carrier", "held"), [("Bưu điện", "carrier:bưu điện"), ("Tự giao", "")])
def test_cash_lies_with_the_carrier_or_the_producer_itself(app: Flask, at: datetime, carrier: str, held: str) -> None:
    owner = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=owner)
    order = make_order((make_offer(at=at, producer=producer), 2), at=at)
    by, number, total = owner.actor(), order.number, order.total.amount
    with transaction():
        confirm_part(number=number, position=1, by=by, at=at)
    with transaction():
        ship_part(number=number, position=1, carrier=carrier, tracking_number="", by=by, at=at)
    with transaction():
        deliver_part(number=number, position=1, by=by, at=at)
    assert standing(order) == ("at_the_door", total, 0, [])
    assert books() == ({held: total, f"producer:{producer.id}": total} if held else {})


def test_an_order_from_before_there_were_payments_is_delivered_too(app: Flask, at: datetime) -> None:
    owner = make_user(Role.PRODUCER, at=at)
    order = make_order((make_offer(at=at, producer=make_producer(at=at, user=owner)), 1), at=at)
    with transaction():
        db.session.delete(db.session.merge(find_payment_of(order.id)))
    by, number = owner.actor(), order.number
    with transaction():
        confirm_part(number=number, position=1, by=by, at=at)
    with transaction():
        ship_part(number=number, position=1, carrier="Bưu điện", tracking_number="", by=by, at=at)
    with transaction():
        deliver_part(number=number, position=1, by=by, at=at)
    assert get_order(number).parts[0].state is PartState.DELIVERED


def test_a_way_to_pay_that_is_gone_places_nothing(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    with pytest.raises(MethodGone):
        make_prepaid((variant, 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    assert db.session.scalars(select(Order)).all() == []
    assert sellable([variant.id], on=at.date()) == {variant.id: 10}


def contest(charge: str, *, pending: bool = True, won: bool = False) -> Contest:
    return Contest("dp_1", charge, Money(40_000), Money(15_000), pending, won, "fraudulent")


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_takes_the_amount_away_until_it_is_decided(app: Flask, at: datetime, won: bool) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    told(attempt.id, paid(attempt, charge="ch_1"), at=at)
    total = payment.amount.amount
    for _ in range(2):
        with transaction():
            learn_dispute(provider="stripe", contest=contest("ch_1"), at=at)
    taken = {"buyers": total, "disputes": 40_000, "provider:stripe": total - 55_000, "provider_fees": 15_000}
    assert books() == taken
    for _ in range(2):
        with transaction():
            learn_dispute(provider="stripe", contest=contest("ch_1", pending=False, won=won), at=at)
    back = {"buyers": total, "provider:stripe": total - 15_000, "provider_fees": 15_000}
    assert books() == (back if won else taken)
    assert [each.state for each in list_disputes()] == [DisputeState.WON if won else DisputeState.LOST]


def test_a_dispute_of_a_charge_that_is_not_ours_is_nothing(app: Flask, at: datetime) -> None:
    with transaction():
        assert learn_dispute(provider="stripe", contest=contest("ch_other"), at=at) is None
    assert list_disputes() == []
