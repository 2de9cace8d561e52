"""Paying to the State what was withheld."""

from datetime import date, datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.payouts.models import TaxFiling
from marketplace.shop.payouts.queries.taxes import month_of, month_to_pay, outstanding


class MonthOpen(Conflict):
    """The month has not ended, is paid, or a month before it is not paid: it cannot be paid yet."""

    code = "month_open"
    message = N_("Tháng này chưa hết, đã nộp rồi, hoặc tháng trước chưa nộp.")


def pay_taxes(*, month: date, bank_reference: str, by: Actor, at: datetime) -> TaxFiling:
    """A month's declaration was handed in and paid by this transfer: each seller's account is set off, once.

    Where returns of some months made less than nothing, the sellers' accounts carry it into the next.
    """
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    reference = nfc(bank_reference)[:80]
    if not reference:
        raise Invalid({"bank_reference": N_("Nhập số giao dịch của ngân hàng.")})
    if month_to_pay(day_of(at)) != month:
        raise MonthOpen
    declared = month_of(month)
    filing = TaxFiling(
        month=month,
        vat=declared.vat_due,
        income_tax=declared.income_due,
        bank_reference=reference,
        paid_at=at,
        paid_by=by.name,
    )
    db.session.add(filing)
    db.session.flush()
    moves = [*_moves(month, "vat", declared.vat_due), *_moves(month, "income_tax", declared.income_due)]
    book(key=f"tax:{month:%Y-%m}", kind="tax_paid", reference=f"tax {month:%Y-%m}", moves=moves, at=at, memo=reference)
    detail = {"vat": filing.vat.amount, "income_tax": filing.income_tax.amount, "bank": reference}
    record(by=by, action="tax.paid", subject_type="tax", subject=f"{month:%Y-%m}", at=at, detail=detail)
    return filing


def _moves(month: date, what: str, due: Money) -> list[money.Move]:
    """Each seller's share of what is paid; a seller whose returns were more takes from the others'."""
    if not due:
        return []
    moves = []
    for producer, amount in outstanding(month, what):
        account = money.withheld(producer.id, producer.slug)
        size = Money(abs(amount.amount))
        move = money.Move(account, money.BANK, size, what)
        moves.append(move if amount > Money(0) else move.back)
    return moves
