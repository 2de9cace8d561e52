"""A payment, and the attempts to make it: each is a committed row before its provider hears of it."""

from datetime import datetime, timedelta

from sqlalchemy import update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.shop.orders import mails
from marketplace.shop.orders.models import Order, PartState, PaymentMethod
from marketplace.shop.orders.queries import get_order
from marketplace.shop.payments.models import UNSETTLED, Attempt, AttemptState, Payment, PaymentState
from marketplace.shop.payments.queries import all_ended, hold, sold_without_cash

CARD_TIME = timedelta(minutes=31)  # Stripe's shortest is 30 minutes
TRANSFER_TIME = timedelta(hours=24)


class AlreadyPaid(Conflict):
    """The order is paid, is paid at the door, or its goods were given up: there is nothing to pay."""

    code = "nothing_to_pay"
    message = N_("Đơn này không còn gì phải trả trước: đã trả rồi, hoặc đã quá hạn trả.")


class PartlyPaid(Conflict):
    """Some of it has come already: the rest comes the same way."""

    code = "partly_paid"
    message = N_("Đã nhận một phần tiền của đơn này: xin trả phần còn lại theo cách đang trả.")


class NotForCash(Conflict):
    """Alcohol is among the goods, which is not sold online for cash (Luật 44/2019/QH14, art. 16)."""

    code = "not_for_cash"
    message = N_("Đơn có rượu, mà rượu không bán lấy tiền mặt qua mạng. Xin trả trước.")


class NotForFetched(Conflict):
    """It is fetched at a point, and a point takes no cash."""

    code = "not_for_fetched"
    message = N_("Đơn nhận tại điểm giới thiệu thì trả trước: điểm không thu tiền mặt.")


def time_to_pay(method: PaymentMethod, at: datetime) -> datetime | None:
    """Until when an order placed now keeps its goods unpaid; None where it is paid at the door."""
    times = {PaymentMethod.CARD: CARD_TIME, PaymentMethod.BANK_TRANSFER: TRANSFER_TIME}
    return at + times[method] if method in times else None


def open_payment(*, order: Order, at: datetime) -> Payment:
    """Write down what is to be paid for an order, in the block that places it."""
    at_the_door = order.payment_method is PaymentMethod.CASH_ON_DELIVERY
    payment = Payment(
        code=random_code(12),
        number=order.number,
        order_id=order.id,
        method=order.payment_method,
        state=PaymentState.AT_THE_DOOR if at_the_door else PaymentState.AWAITING,
        amount=order.total,
        created_at=at,
    )
    db.session.add(payment)
    db.session.flush()
    return payment


def begin_attempt(*, payment_id: int, provider: str, at: datetime) -> Attempt:
    """The attempt under way, or a new one where none is; AlreadyPaid where nothing is to be paid.

    A new key only comes with a new attempt, and a new attempt only after the one before has ended: whoever repeats
    an attempt repeats its key, so that the provider takes the money once (docs.stripe.com/api/idempotent_requests).
    """
    payment = hold(payment_id)
    until = payment.due.pay_until
    if payment.order_id is not None and all_ended(payment.order_id):
        raise AlreadyPaid
    if payment.state is not PaymentState.AWAITING or until is None or until <= at:
        raise AlreadyPaid
    under_way = [each for each in payment.attempts if each.state in UNSETTLED and each.provider == provider]
    if under_way:
        return under_way[-1]
    n = len(payment.attempts) + 1
    attempt = Attempt(
        payment_id=payment.id,
        n=n,
        key=f"pay:{payment.code}:v{n}",
        provider=provider,
        state=AttemptState.BEGUN,
        amount=payment.amount,
        begun_at=at,
        expires_at=max(until, at + CARD_TIME),
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def change_method(*, payment_id: int, method: PaymentMethod, by: Actor, at: datetime) -> Payment:
    """Pay in another way what is not paid yet. Raises AlreadyPaid, or PartlyPaid where some has come.

    An order's goods are kept as long as if this way had been chosen at once, and never shorter. Paid at the door now,
    its producers are told of it. What still comes by the way before goes back.
    """
    payment = hold(payment_id)
    until = payment.due.pay_until
    if payment.state is not PaymentState.AWAITING or until is None or until <= at:
        raise AlreadyPaid
    if payment.captured > payment.refunded:
        raise PartlyPaid
    before = payment.method
    if payment.order_id is not None:
        _order_otherwise(payment, method, at)
    payment.method = method
    db.session.flush()
    detail = {"before": before.value, "method": method.value}
    record(by=by, action="payment.method", subject_type=payment.about, subject=payment.number, at=at, detail=detail)
    return payment


def _order_otherwise(payment: Payment, method: PaymentMethod, at: datetime) -> None:
    order = get_order(payment.number)
    if all(part.state is not PartState.PLACED for part in order.parts):
        raise AlreadyPaid
    if method is PaymentMethod.CASH_ON_DELIVERY and sold_without_cash(order.id):
        raise NotForCash
    if method is PaymentMethod.CASH_ON_DELIVERY and order.pickup_id is not None:
        raise NotForFetched
    order.payment_method, until = method, time_to_pay(method, order.placed_at)
    if until is None:
        payment.method, payment.state, order.pay_until = method, PaymentState.AT_THE_DOOR, None
        mails.to_producers(order, at=at)
    else:
        order.pay_until = max(order.pay_until or until, until)


def opened(*, attempt_id: int, reference: str, url: str | None) -> None:
    """The provider has it: note what it calls it and where the buyer pays. What is known already stays."""
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.BEGUN)
        .values(state=AttemptState.OPEN, reference=reference, url=url)
    )


def refused(*, attempt_id: int, trouble: str, at: datetime) -> None:
    """The provider will not open it: the buyer may try again, or another way."""
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.BEGUN)
        .values(state=AttemptState.FAILED, settled_at=at, trouble=trouble[:80])
    )


def unclear(*, attempt_id: int, at: datetime) -> bool:
    """Nobody could tell in 23 hours what became of it: a person looks. Answers whether it was still open."""
    done = rows_changed(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state.in_(UNSETTLED))
        .values(state=AttemptState.UNCLEAR, settled_at=at)
    )
    return done == 1
