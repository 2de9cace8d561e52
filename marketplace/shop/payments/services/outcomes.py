"""What came of a payment: money that came, goods that were delivered, time that ran out."""

from datetime import datetime

from sqlalchemy import update

from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.money import Money
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.queries import rates_of, terms_of_parts
from marketplace.shop.ledger.services import book
from marketplace.shop.orders import mails
from marketplace.shop.orders.models import NOTHING, Order, OrderPart, PartState
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import move_part, part_number
from marketplace.shop.payments.models import Attempt, AttemptState, Payment, PaymentState, RefundReason
from marketplace.shop.payments.providers.interface import Fact, Standing
from marketplace.shop.payments.queries import find_payment_of, get_attempt, hold
from marketplace.shop.payments.services.charges import take_charge
from marketplace.shop.payments.services.refunds import ask_refund

ENDED = {
    Standing.FAILED: AttemptState.FAILED,
    Standing.EXPIRED: AttemptState.EXPIRED,
    Standing.CANCELLED: AttemptState.CANCELLED,
}
NOT_NEEDED = {  # what comes when nothing is to be paid in advance goes back whole
    PaymentState.LAPSED: RefundReason.LATE,
    PaymentState.AT_THE_DOOR: RefundReason.LATE,
    PaymentState.PAID: RefundReason.DOUBLE,
}
CLERK = system("payments")


def learn(*, attempt_id: int, fact: Fact, at: datetime) -> None:
    """Take in what the provider says of an attempt: any number of times, in any order, each effect once.

    Money that came for an order that is paid already, is paid at the door or has lapsed is given back. What is paid
    stays paid, whatever older news says.
    """
    found = get_attempt(attempt_id)
    payment = hold(found.payment_id)
    attempt = next(each for each in payment.attempts if each.id == attempt_id)
    if fact.standing is Standing.PAID:
        if not _taken(attempt):
            attempt.state, attempt.captured, attempt.charge = AttemptState.SUCCEEDED, fact.captured, fact.charge
            attempt.settled_at, attempt.trouble = at, ""
            key = f"received:{attempt.provider}:{fact.charge or attempt.reference}"
            _received(payment, fact.captured, key=key, source=money.provider(attempt.provider), attempt=attempt, at=at)
        _fee(payment, attempt, fact, at)
    elif fact.standing in ENDED and not _taken(attempt):
        attempt.state, attempt.settled_at = ENDED[fact.standing], at
        attempt.trouble = fact.trouble[:80]
    elif attempt.state in (AttemptState.BEGUN, AttemptState.UNCLEAR):
        attempt.state, attempt.reference = AttemptState.OPEN, attempt.reference or fact.reference
    db.session.flush()


def _taken(attempt: Attempt) -> bool:
    """Whether its money is in the books already."""
    return attempt.state is AttemptState.SUCCEEDED


def take_in(
    *, payment_id: int, amount: Money, key: str, source: money.Name, at: datetime, whole: bool = True
) -> PaymentState:
    """Money has come for a payment otherwise than by a card: `key` names it, once; answers how the payment stands.

    `source` is the account it lies on. `whole`: what is too much, double or late is given back at once.
    """
    payment = hold(payment_id)
    attempt = next((each for each in reversed(payment.attempts) if each.provider == "transfer"), None)
    if attempt is not None:
        attempt.captured += amount
        if payment.captured + amount - payment.refunded >= payment.amount:
            attempt.state, attempt.settled_at = AttemptState.SUCCEEDED, at
    _received(payment, amount, key=f"received:{key}", source=source, attempt=attempt, at=at, give_back=whole)
    db.session.flush()
    return payment.state


def cash_taken(*, part: OrderPart, order: Order, source: money.Name, at: datetime) -> None:
    """A part's amount was paid at the door: it lies with `source`, a carrier or the producer itself."""
    payment = find_payment_of(order.id)
    if payment is None:
        return
    rows_changed(update(Payment).where(Payment.id == payment.id).values(captured=Payment.captured + part.total))
    number = part_number(order.number, part.position)
    moves = money.received(source, part.total)
    book(key=f"cash:{number}", kind="cash", reference=number, moves=moves, at=at)


def part_delivered(*, part: OrderPart, order: Order, owner: Producer, at: datetime) -> None:
    """A part is with its buyer: what was paid for it becomes its producer's, by the terms it was ordered on.

    Of an order from before there were payments nothing came into the books, so nothing leaves them.
    """
    if find_payment_of(order.id) is None:
        return
    amounts = money.Amounts(part.goods_total, part.shipping_total, part.own_discount, part.gift)
    shared = money.share(amounts, rates_of(terms_of_parts([part.id]).get(part.id)))
    name, taxes = money.producer(owner.id, owner.slug), money.withheld(owner.id, owner.slug)
    number = part_number(order.number, part.position)
    moves = money.earned(amounts, shared, name, taxes)
    book(key=f"earned:{number}", kind="earned", reference=number, moves=moves, at=at)


def lapse(*, payment_id: int, at: datetime) -> bool:
    """Give up what was not paid in time, or an order that was cancelled before: its goods are on sale again.

    The provider must have been asked to close what is open. Answers whether this call did it; what came in part is
    given back.
    """
    payment = hold(payment_id)
    until = payment.due.pay_until
    order = get_order(payment.number) if payment.order_id is not None else None
    alive = [part for part in order.parts if part.state is PartState.PLACED] if order else []
    over = until is not None and until <= at
    if payment.state is not PaymentState.AWAITING or (not over and (alive or order is None)):
        return False
    payment.state = PaymentState.LAPSED
    for part in alive:
        move_part(part=part, order_number=payment.number, to=PartState.CANCELLED, by=CLERK, at=at, note="unpaid")
    _give_back(payment, payment.captured - payment.refunded, RefundReason.CANCELLED, key="lapsed", at=at)
    if order is not None and alive:
        mails.lapsed(order, at=at)
    record(by=CLERK, action="payment.lapsed", subject_type=payment.about, subject=payment.number, at=at)
    return True


def _received(
    payment: Payment,
    amount: Money,
    *,
    key: str,
    source: money.Name,
    attempt: Attempt | None,
    at: datetime,
    give_back: bool = True,
) -> None:
    """Book what came; the order or charge is paid once enough has, and what is not needed goes back."""
    before = payment.state
    number = payment.number
    book(key=key, kind="payment", reference=number, moves=money.received(source, amount), at=at)
    payment.captured += amount
    kept = payment.captured - payment.refunded
    if before is PaymentState.AWAITING and kept >= payment.amount:
        payment.state, payment.due.paid_at = PaymentState.PAID, at
        db.session.flush()
        if payment.charge is None:
            mails.paid(get_order(number), at=at)
        else:
            take_charge(payment, payment.charge, at=at)
        detail = {"amount": amount.amount}
        record(by=CLERK, action="payment.paid", subject_type=payment.about, subject=number, at=at, detail=detail)
    if not give_back:
        return
    if before in NOT_NEEDED:
        _give_back(payment, amount, NOT_NEEDED[before], key=key, at=at, attempt=attempt, by_transfer=attempt is None)
    elif payment.state is PaymentState.PAID:
        rest = kept - payment.amount
        _give_back(payment, rest, RefundReason.OVER, key=key, at=at, attempt=attempt, by_transfer=attempt is None)


def _give_back(
    payment: Payment,
    amount: Money,
    reason: RefundReason,
    *,
    key: str,
    at: datetime,
    attempt: Attempt | None = None,
    by_transfer: bool = False,
) -> None:
    if amount > NOTHING:
        db.session.flush()
        ask_refund(
            payment=payment,
            amount=amount,
            reason=reason,
            key=f"{key}:{reason}",
            attempt=attempt,
            by_transfer=by_transfer,
            by=CLERK,
            at=at,
        )


def _fee(payment: Payment, attempt: Attempt, fact: Fact, at: datetime) -> None:
    """What the provider keeps of a charge, once its books say so."""
    if fact.fee is not None and attempt.charge:
        moves = [money.Move(money.FEES, money.provider(attempt.provider), fact.fee, "fee")]
        key = f"fee:{attempt.provider}:{attempt.charge}"
        book(key=key, kind="fee", reference=payment.number, moves=moves, at=at)
