"""Booking: one event of money, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import announce, db, insert_into
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.shop.ledger.models import Account, CommissionRate, Entry, PartTerms, Transfer
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.queries import booked
from marketplace.shop.ledger.rules import Move, Name, Rates

MOST_COMMISSION = 5_000  # hundredths of a percent


class BookedOtherwise(Conflict):
    """This event is booked already, with other amounts: nothing was changed."""

    code = "booked_otherwise"
    message = N_("Việc này đã ghi sổ với số tiền khác.")


def book(*, key: str, kind: str, reference: str, moves: Sequence[Move], at: datetime, memo: str = "") -> bool:
    """Write one event in the open block; answers whether it was new.

    `key` names the event: the same again with the same moves is booked already, with others BookedOtherwise. An event
    that moves nothing leaves no entry.
    """
    moves = [move for move in moves if move.amount]
    there = booked(key)
    if there is not None:
        if _facts(there) != [(m.debit.code, m.credit.code, m.amount.amount, m.what) for m in moves]:
            raise BookedOtherwise
        return False
    if not moves:
        return False
    accounts = _accounts(moves)
    entry = Entry(key=key, kind=kind, reference=reference, memo=nfc(memo), day=day_of(at), at=at)
    db.session.add(entry)
    db.session.flush()
    rows = [
        {
            "entry_id": entry.id,
            "position": n,
            "debit_id": accounts[move.debit.code],
            "credit_id": accounts[move.credit.code],
            "amount": move.amount,
            "what": move.what,
        }
        for n, move in enumerate(moves, start=1)
    ]
    db.session.execute(insert(Transfer), rows)
    announce("ledger")
    return True


@dataclass(frozen=True)
class Event:
    """One event of money, as `book` takes it."""

    key: str
    kind: str
    reference: str
    moves: Sequence[Move]
    at: datetime


def book_all(events: Iterable[Event]) -> None:
    """Write many new events in the open block, as `book` writes each; a key that is booked already fails the block."""
    told = [event for event in events if any(move.amount for move in event.moves)]
    if not told:
        return
    accounts = _accounts(move for event in told for move in event.moves if move.amount)
    facts = [
        {"key": e.key, "kind": e.kind, "reference": e.reference, "memo": "", "day": day_of(e.at), "at": e.at}
        for e in told
    ]
    made = insert(Entry).returning(Entry.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(made, facts))
    rows = [
        {
            "entry_id": entry_id,
            "position": n,
            "debit_id": accounts[move.debit.code],
            "credit_id": accounts[move.credit.code],
            "amount": move.amount,
            "what": move.what,
        }
        for entry_id, event in zip(ids, told, strict=True)
        for n, move in enumerate((move for move in event.moves if move.amount), start=1)
    ]
    db.session.execute(insert(Transfer), rows)
    announce("ledger")


def freeze_terms(*, part_id: int, rates: Rates, tax_subject: str) -> None:
    """Keep what holds for a part on the day it is ordered: a rate changed later does not reach it."""
    db.session.add(
        PartTerms(
            part_id=part_id,
            commission_bp=rates.commission_bp,
            vat_bp=rates.vat_bp,
            income_bp=rates.income_bp,
            tax_subject=tax_subject,
        )
    )


def set_commission(
    *, producer_id: int | None, valid_from: date, rate_bp: int, reason: str, by: Actor, at: datetime
) -> None:
    """What the platform keeps from a day on, of one producer or of all; orders placed before keep theirs.

    The day is today or later (Invalid), so that nobody's past is changed; a day has one rate (Invalid): the database
    decides, whoever else sets one in that moment.
    """
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    wrong = {}
    if not 0 <= rate_bp <= MOST_COMMISSION:
        wrong["rate"] = N_("Tỷ lệ từ 0 đến 50 phần trăm.")
    if valid_from < day_of(at):
        wrong["valid_from"] = N_("Chọn hôm nay hoặc một ngày sau.")
    if not nfc(reason):
        wrong["reason"] = N_("Ghi lý do, ví dụ số quyết định.")
    if wrong:
        raise Invalid(wrong)
    values = {"producer_id": producer_id, "valid_from": valid_from, "rate_bp": rate_bp}
    if not _set_rate(values | {"set_at": at, "set_by": by.name[:120], "reason": nfc(reason)[:200]}):
        raise Invalid({"valid_from": N_("Ngày này đã có một tỷ lệ. Chọn ngày khác.")})
    detail = {"producer": producer_id, "from": str(valid_from), "rate_bp": rate_bp, "reason": nfc(reason)[:200]}
    record(by=by, action="commission.set", subject_type="ledger", subject="commission", at=at, detail=detail)


def _set_rate(values: dict[str, object]) -> bool:
    """Write a rate unless its day has one."""
    made = insert_into(CommissionRate).values(**values).on_conflict_do_nothing().returning(CommissionRate.id)
    return db.session.scalar(made) is not None


def _facts(entry: Entry) -> list[tuple[str, str, int, str]]:
    return [(t.debit.code, t.credit.code, t.amount.amount, t.what) for t in entry.transfers]


def _accounts(moves: Iterable[Move]) -> dict[str, int]:
    """The accounts' rows by code, made where there was none: two who make one at once do not collide."""
    names: dict[str, Name] = {}
    for move in moves:
        names |= {move.debit.code: move.debit, move.credit.code: move.credit}
    found = _ids(names)
    missing = [names[code] for code in sorted(names.keys() - found.keys())]
    if missing:
        rows = [
            {"code": name.code, "kind": name.kind, "party": name.party, "producer_id": name.producer_id}
            for name in missing
        ]
        db.session.execute(insert_into(Account).values(rows).on_conflict_do_nothing())
        found = _ids(names)
    return found


def _ids(names: dict[str, Name]) -> dict[str, int]:
    rows = db.session.execute(select(Account.code, Account.id).where(Account.code.in_(names)))
    return {row.code: row.id for row in rows}
