"""Charges: what is to be paid to the office itself, asked for, paid, given back, no longer asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments import mails
from marketplace.shop.payments.models import Charge, ChargeKind, Payment, PaymentState, Refund, RefundReason
from marketplace.shop.payments.queries import hold, payment_of
from marketplace.shop.payments.services.refunds import ask_refund


@dataclass(frozen=True)
class ChargeFacts:
    """What is asked of whom. `page`: the path where it belongs; `title` says what for, in both languages."""

    kind: ChargeKind
    title: str
    title_en: str
    recipient: str
    phone: str
    email: str
    language: str
    page: str


def ask_charge(
    *, facts: ChargeFacts, amount: Money, method: PaymentMethod, until: datetime, by: Actor, at: datetime
) -> Payment:
    """Write down what is to be paid, until when: its number is one with orders', so that a transfer's note finds it.

    `method` is one that is paid in advance; the table refuses cash.
    """
    number = f"{at:%y%m}-{random_code(6)}"
    charge = Charge(
        number=number,
        kind=facts.kind,
        title=facts.title[:200],
        title_en=facts.title_en[:200],
        recipient=facts.recipient[:120],
        phone=facts.phone,
        email=facts.email,
        language=facts.language,
        page=facts.page,
        placed_at=at,
        pay_until=until,
    )
    db.session.add(charge)
    db.session.flush()
    payment = Payment(code=random_code(12), number=number, charge_id=charge.id, method=method, amount=amount)
    payment.state, payment.created_at = PaymentState.AWAITING, at
    db.session.add(payment)
    db.session.flush()
    detail = {"amount": amount.amount, "kind": facts.kind.value}
    record(by=by, action="charge.asked", subject_type="charge", subject=number, at=at, detail=detail)
    return payment


def withdraw_charge(*, number: str, by: Actor, at: datetime) -> bool:
    """It is no longer to be paid: its time is over now, and the worker closes what is open at the provider.

    Answers whether it was still awaited; what comes all the same goes back.
    """
    payment = hold(payment_of(number).id)
    if payment.state is not PaymentState.AWAITING:
        return False
    rows_changed(update(Charge).where(Charge.number == number, Charge.pay_until > at).values(pay_until=at))
    record(by=by, action="charge.withdrawn", subject_type="charge", subject=number, at=at)
    return True


def take_charge(payment: Payment, charge: Charge, *, at: datetime) -> None:
    """A charge is paid: the amount is the office's, and its payer is told."""
    number = payment.number
    book(key=f"charged:{number}", kind="charged", reference=number, moves=money.charged(payment.amount), at=at)
    mails.charge_paid(charge, payment.amount, at=at)


def refund_charge(*, payment_id: int, amount: Money, key: str, by: Actor, at: datetime) -> Refund:
    """Give back some of what was paid for a charge; the same key again is the same refund. Raises TooMuch."""
    payment = hold(payment_id)
    refund = ask_refund(payment=payment, amount=amount, reason=RefundReason.CANCELLED, key=key, by=by, at=at)
    moves = [move.back for move in money.charged(refund.amount)]
    book(key=f"uncharged:{refund.code}", kind="charged", reference=payment.number, moves=moves, at=at)
    return refund
