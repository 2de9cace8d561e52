"""What exhibitors pay for their booths, as the office writes it down: receipts, money given back, fees waived."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.models import Application, FeeMethod, FeeReceipt, FeeWaiver
from marketplace.trade.exhibitors.queries import get_application
from marketplace.trade.exhibitors.services.online_fees import drop_awaited
from marketplace.trade.exhibitors.services.steps import NotNow, note
from marketplace.trade.exhibitors.standing import fees_of
from marketplace.trade.fairs.services.steps import office_edition

NOTHING = Money(0)


class ReferenceKnown(Conflict):
    """This transfer was written down before."""

    code = "reference_known"
    message = N_("Mã giao dịch này đã được ghi cho một khoản phí khác.")


@dataclass(frozen=True)
class ReceiptFacts:
    """Money that came in. `reference`: the bank's number of a transfer."""

    amount: Money
    method: FeeMethod
    reference: str = ""


def record_fee(*, code: str, application: str, facts: ReceiptFacts, by: Actor, at: datetime) -> FeeReceipt:
    """Write down money for a booth, at most what is still owed."""
    row = _row(code, application, by)
    reference = nfc(facts.reference)[:120] if facts.method is FeeMethod.TRANSFER else ""
    owed = fees_of([row.id])[row.id].owed
    wrong = {}
    if facts.amount <= NOTHING or owed < facts.amount:
        wrong["amount"] = N_("Ghi số tiền lớn hơn 0, không quá số còn phải nộp.")
    if facts.method is FeeMethod.TRANSFER and not reference:
        wrong["reference"] = N_("Ghi mã giao dịch của ngân hàng.")
    if wrong:
        raise Invalid(wrong)
    if db.session.scalar(select(FeeReceipt.id).where(FeeReceipt.bank_reference == reference)) is not None:
        raise ReferenceKnown
    receipt = FeeReceipt(application_id=row.id, amount=facts.amount, method=facts.method)
    receipt.bank_reference, receipt.received_at, receipt.received_by = reference or None, at, by.name
    db.session.add(receipt)
    db.session.flush()
    drop_awaited(fees_of([row.id])[row.id], by=by, at=at)
    note(row, "paid", by=by, at=at, amount=facts.amount.amount, method=facts.method.value)
    return receipt


def refund_fee(*, code: str, application: str, receipt_id: int, by: Actor, at: datetime) -> FeeReceipt:
    """The money of a receipt was given back."""
    row = _row(code, application, by)
    query = select(FeeReceipt).where(FeeReceipt.id == receipt_id, FeeReceipt.application_id == row.id)
    receipt = db.session.scalar(query)
    if receipt is None:
        raise NotFound
    if receipt.refunded_at is not None:
        raise NotNow
    receipt.refunded_at = at
    note(row, "refunded", by=by, at=at, amount=receipt.amount.amount)
    return receipt


def waive_fee(*, code: str, application: str, reason: str, by: Actor, at: datetime) -> FeeWaiver:
    """Ask no fee, and say why; once."""
    row = _row(code, application, by)
    words = nfc(reason)[:300]
    if not words:
        raise Invalid({"waiver": N_("Ghi lý do miễn phí.")})
    if db.session.get(FeeWaiver, row.id) is not None:
        raise NotNow
    waiver = FeeWaiver(application_id=row.id, reason=words, waived_at=at, waived_by=by.name)
    db.session.add(waiver)
    drop_awaited(fees_of([row.id])[row.id], by=by, at=at)
    note(row, "waived", by=by, at=at, reason=words)
    return waiver


def _row(code: str, application: str, by: Actor) -> Application:
    edition = office_edition(code, by)
    return get_application(edition.id, application, hold=True)
