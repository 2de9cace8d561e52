"""Carriers hand over the cash they took at doors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money, total
from marketplace.platform.core.words import N_
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.payouts.models import Remittance, RemittedPart
from marketplace.shop.payouts.queries.carriers import find_pocket, get_remittance

LONGEST_AGO = timedelta(days=2 * 366)


class RemittedBefore(Conflict):
    """This transfer, or one of these parts, was noted already: nothing was changed."""

    code = "remitted_before"
    message = N_("Lần nộp này, hoặc một phần đơn trong đó, đã ghi rồi. Chưa ghi gì thêm.")


@dataclass(frozen=True)
class RemittanceFacts:
    """What an officer reads off the bank's statement and the carrier's list. `parts` are parts' numbers."""

    carrier: str
    amount: Money
    bank_reference: str
    received_on: date
    parts: Sequence[str]


def note_remittance(*, facts: RemittanceFacts, by: Actor, at: datetime) -> Remittance:
    """A carrier has paid in what it held for these parts; what is more or less than due waits in the queue.

    What is missing stays with the carrier; what is too much is kept apart until it is settled.
    """
    _allowed(by)
    reference = nfc(facts.bank_reference)[:80]
    _check(facts, reference, at)
    known = select(Remittance.id).where(Remittance.carrier == facts.carrier, Remittance.bank_reference == reference)
    if db.session.scalar(known) is not None:
        raise RemittedBefore
    carried = {part.number: part for part in find_pocket(facts.carrier).parts}
    if not set(facts.parts) <= carried.keys():
        raise RemittedBefore
    chosen = [carried[number] for number in sorted(set(facts.parts))]
    due = total(part.amount for part in chosen)
    remittance = Remittance(
        code=random_code(8),
        carrier=facts.carrier,
        bank_reference=reference,
        amount=facts.amount,
        due=due,
        received_on=facts.received_on,
        noted_at=at,
        noted_by=by.name,
        parts=[RemittedPart(part_id=part.part_id, amount=part.amount) for part in chosen],
    )
    db.session.add(remittance)
    db.session.flush()
    held = money.carrier(facts.carrier)
    covered = min(facts.amount, due)
    moves = [
        money.Move(money.BANK, held, covered, "remitted"),
        money.Move(money.BANK, money.UNMATCHED, facts.amount - covered, "remitted_over"),
    ]
    book(key=f"remitted:{remittance.code}", kind="remitted", reference=remittance.code, moves=moves, at=at)
    _note(remittance, "remittance.noted", by, at)
    return remittance


def settle_remittance(*, code: str, note: str, by: Actor, at: datetime) -> None:
    """The difference is settled: the carrier paid in what was missing, or was given back what was too much."""
    _allowed(by)
    said = nfc(note)[:200]
    if not said:
        raise Invalid({"note": N_("Ghi số giao dịch bù hoặc trả lại.")})
    remittance = get_remittance(code)
    difference = remittance.difference
    if not difference or remittance.settled_at is not None:
        raise Conflict
    remittance.settled_at, remittance.settled_by, remittance.settled_note = at, by.name, said
    short = Money(0) - difference
    move = (
        money.Move(money.BANK, money.carrier(remittance.carrier), short, "remitted")
        if short > Money(0)
        else money.Move(money.UNMATCHED, money.BANK, difference, "remitted_over")
    )
    book(key=f"remittance-settled:{code}", kind="remittance_settled", reference=code, moves=[move], at=at, memo=said)
    _note(remittance, "remittance.settled", by, at)


def _check(facts: RemittanceFacts, reference: str, at: datetime) -> None:
    wrong = {}
    if facts.amount <= Money(0):
        wrong["amount"] = N_("Nhập số tiền lớn hơn không.")
    if not reference:
        wrong["bank_reference"] = N_("Nhập số giao dịch của ngân hàng.")
    if facts.received_on > day_of(at):
        wrong["received_on"] = N_("Ngày nhận không thể ở sau hôm nay.")
    elif facts.received_on < day_of(at - LONGEST_AGO):
        wrong["received_on"] = N_("Năm của ngày này không hợp lý.")
    if not facts.parts:
        wrong["parts"] = N_("Chọn các phần đơn mà lần nộp này trả.")
    if wrong:
        raise Invalid(wrong)


def _allowed(by: Actor) -> None:
    if not KEEP_MONEY.held_by(by):
        raise Forbidden


def _note(remittance: Remittance, action: str, by: Actor, at: datetime) -> None:
    detail = {"carrier": remittance.carrier, "amount": remittance.amount.amount, "due": remittance.due.amount}
    record(by=by, action=action, subject_type="remittance", subject=remittance.code, at=at, detail=detail)
