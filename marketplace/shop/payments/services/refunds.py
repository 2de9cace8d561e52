"""Giving back: an amount is set aside by one conditional UPDATE, so that never more goes back than came."""

from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import OrderPart
from marketplace.shop.payments.models import (
    BY_A_PERSON,
    Attempt,
    AttemptState,
    Payment,
    Refund,
    RefundReason,
    RefundState,
)
from marketplace.shop.payments.providers.interface import RefundFact, RefundStanding
from marketplace.shop.payments.queries import get_refund, hold, refunded_of_attempt

REFUND = "payments.refund"
UNDER_WAY = (RefundState.ASKED, RefundState.SENT, RefundState.BY_HAND)


class TooMuch(Conflict):
    """More would go back than came: nothing was changed."""

    code = "refund_too_much"
    message = N_("Số tiền hoàn lớn hơn số đã nhận còn lại. Chưa hoàn gì cả.")


def ask_refund(
    *,
    payment: Payment,
    amount: Money,
    reason: RefundReason,
    key: str,
    by: Actor,
    at: datetime,
    attempt: Attempt | None = None,
    by_transfer: bool = False,
    part: OrderPart | None = None,
    note: str = "",
) -> Refund:
    """Promise an amount back, in the open block; the worker sends it. The same key again is the same refund.

    It goes back to the `attempt` that brought it, else to one that brought enough; `by_transfer`: none did, an officer
    sends it from the bank. Raises TooMuch where less is left of what came; the database decides, so that of many at
    once none goes too far.
    """
    key = f"{payment.code}:{key}"[:120]
    if (there := db.session.scalar(select(Refund).where(Refund.key == key))) is not None:
        return there
    _set_aside(payment, amount)
    db.session.refresh(payment, ["captured", "refunded"])
    if attempt is None and not by_transfer:
        attempt = _attempt_with(payment, amount)
    refund = Refund(
        code=random_code(12), key=key, reason=reason, amount=amount, state=RefundState.ASKED, note=nfc(note)[:300]
    )
    refund.payment_id, refund.asked_at, refund.asked_by = payment.id, at, by.name
    refund.attempt_id, refund.part_id = attempt.id if attempt else None, part.id if part else None
    db.session.add(refund)
    db.session.flush()
    number = payment.number
    moves = [money.Move(money.BUYERS, money.REFUNDS, amount, "refund")]
    book(key=f"refund-promised:{refund.code}", kind="refund_promised", reference=number, moves=moves, at=at)
    enqueue(name=REFUND, key=f"{REFUND}:{refund.code}", at=at, payload={"code": refund.code})
    detail = {"amount": amount.amount, "reason": reason.value, "refund": refund.code}
    record(by=by, action="refund.asked", subject_type=payment.about, subject=number, at=at, detail=detail)
    return refund


def refund_part(*, payment_id: int, part: OrderPart, by: Actor, at: datetime) -> Refund:
    """Give back what was paid for a part that will not come; once."""
    payment = hold(payment_id)
    reason = RefundReason(part.state.value)
    key = f"part:{part.position}:{reason}"
    return ask_refund(payment=payment, amount=part.total, reason=reason, key=key, part=part, by=by, at=at)


def learn_refund(*, code: str, fact: RefundFact, at: datetime) -> None:
    """Take in what the provider says of a refund; each effect once, what is done stays done.

    One that failed sets its amount free again, and waits for an officer (`sent_by_hand`).
    """
    refund = get_refund(code)
    payment = hold(refund.payment_id)
    refund = next(each for each in payment.refunds if each.code == code)
    if refund.state is RefundState.DONE and fact.standing is RefundStanding.FAILED and refund.attempt_id:
        _came_back(refund, payment, fact, at)
    if refund.state not in UNDER_WAY:
        return
    refund.reference = fact.reference or refund.reference
    if fact.standing is RefundStanding.BY_HAND:
        refund.state = RefundState.BY_HAND
    elif fact.standing is RefundStanding.PENDING:
        refund.state = RefundState.SENT
    elif fact.standing is RefundStanding.DONE:
        attempt = next(each for each in payment.attempts if each.id == refund.attempt_id)
        _gone(refund, payment, money.provider(attempt.provider), at)
    else:
        refund.state, refund.note = RefundState.FAILED, fact.trouble[:300]
        payment.refunded -= refund.amount
        moves = [money.Move(money.REFUNDS, money.BUYERS, refund.amount, "refund")]
        key = f"refund-failed:{refund.code}"
        book(key=key, kind="refund_failed", reference=payment.number, moves=moves, at=at)


def sent_by_hand(*, code: str, bank_reference: str, by: Actor, at: datetime) -> Refund:
    """An officer has sent a refund from the bank, by the transfer of this number.

    One that failed at the provider is promised anew: TooMuch where its amount is no longer left.
    """
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    reference = nfc(bank_reference)[:255]
    if not reference:
        raise Invalid({"bank_reference": N_("Nhập số giao dịch của ngân hàng.")})
    refund = get_refund(code)
    payment = hold(refund.payment_id)
    refund = next(each for each in payment.refunds if each.code == code)
    _still_waits(refund)
    number = payment.number
    if refund.state is RefundState.FAILED:
        _set_aside(payment, refund.amount)
        moves = [money.Move(money.BUYERS, money.REFUNDS, refund.amount, "refund")]
        book(key=f"refund-anew:{code}", kind="refund_promised", reference=number, moves=moves, at=at)
        refund.attempt_id = None  # the attempt that brought it has not given it back
    refund.reference = reference
    _gone(refund, payment, money.BANK, at)
    detail = {"refund": code, "bank": reference}
    record(by=by, action="refund.sent", subject_type=payment.about, subject=number, at=at, detail=detail)
    return refund


def _set_aside(payment: Payment, amount: Money) -> None:
    """Take an amount out of what came and is left, or raise TooMuch."""
    left = rows_changed(
        update(Payment)
        .where(Payment.id == payment.id, Payment.captured >= Payment.refunded + amount)
        .values(refunded=Payment.refunded + amount)
    )
    if left != 1:
        raise TooMuch


def _still_waits(refund: Refund) -> None:
    """Conflict unless it still waits for somebody to send it."""
    if refund.state not in BY_A_PERSON:
        raise Conflict


def _came_back(refund: Refund, payment: Payment, fact: RefundFact, at: datetime) -> None:
    """The card's bank did not take what the provider had sent: it lies with the provider again, and waits for a person.

    Stripe tells so of a refund that had succeeded (docs.stripe.com/refunds, failed refunds).
    """
    attempt = next(each for each in payment.attempts if each.id == refund.attempt_id)
    refund.state, refund.done_at, refund.note = RefundState.FAILED, None, fact.trouble[:300]
    payment.refunded -= refund.amount
    moves = [
        money.Move(money.provider(attempt.provider), money.REFUNDS, refund.amount, "refund"),
        money.Move(money.REFUNDS, money.BUYERS, refund.amount, "refund"),
    ]
    key = f"refund-returned:{refund.code}"
    book(key=key, kind="refund_failed", reference=payment.number, moves=moves, at=at)


def _gone(refund: Refund, payment: Payment, source: money.Name, at: datetime) -> None:
    refund.state, refund.done_at = RefundState.DONE, at
    moves = [money.Move(money.REFUNDS, source, refund.amount, "refund")]
    book(key=f"refund-done:{refund.code}", kind="refund", reference=payment.number, moves=moves, at=at)


def _attempt_with(payment: Payment, amount: Money) -> Attempt | None:
    """An attempt that brought at least so much and has not given it back: a refund goes where the money came from.

    None where no single one did: a provider would refuse more than it has of it, so an officer sends it.
    """
    brought = [attempt for attempt in payment.attempts if attempt.state is AttemptState.SUCCEEDED]
    left = (attempt for attempt in brought if attempt.captured - refunded_of_attempt(attempt.id) >= amount)
    return next(left, None)
