"""Payout batches: made by one person, approved by another, sent by the bank's file."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from marketplace.people.verification.queries import account_in_force
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.payouts.models import BatchState, LineState, PayoutBatch, PayoutLine
from marketplace.shop.payouts.queries.balances import RESTS, hold_accounts, list_owed, standings
from marketplace.shop.payouts.queries.batches import get_batch, get_line


class NothingToPay(Conflict):
    """No producer can be paid now."""

    code = "nothing_to_pay_out"
    message = N_("Chưa có nơi bán nào tới kỳ nhận tiền và có tài khoản đã kiểm.")


class SamePerson(Conflict):
    """Who made the batch may not approve it."""

    code = "same_person"
    message = N_("Người lập đợt chi không được tự duyệt. Nhờ một cán bộ khác duyệt.")


class BalanceChanged(Conflict):
    """What a producer is owed, or where it is paid, is not what it was when the batch was made."""

    code = "balance_changed"
    message = N_("Số dư hoặc tài khoản của %(name)s đã đổi từ lúc lập. Chưa chi gì: hủy đợt này và lập lại.")


def make_batch(*, by: Actor, at: datetime) -> PayoutBatch:
    """A draft over every producer with something to be paid and a checked account; NothingToPay where there is none.

    An account to which the bank could not pay the last time counts as unchecked until it is declared anew.
    """
    maker = _keeper(by)
    until = at - RESTS
    lines = [
        PayoutLine(
            producer_id=owed.producer.id,
            amount=owed.standing.available,
            account_id=owed.account.id,
            bank_bin=owed.account.bank_bin,
            bank_name=owed.account.bank_name,
            account_number=owed.account.number,
            holder=owed.account.holder,
            state=LineState.PLANNED,
        )
        for owed in list_owed(earned_until=until)
        if owed.account is not None and owed.payable
    ]
    if not lines:
        raise NothingToPay
    batch = PayoutBatch(
        code=random_code(8),
        state=BatchState.DRAFT,
        earned_until=until,
        made_at=at,
        made_by=by.name,
        made_by_id=maker,
        lines=lines,
    )
    db.session.add(batch)
    db.session.flush()
    _note(batch.code, "payout.made", by, at, amount=sum(line.amount.amount for line in lines))
    return batch


def approve_batch(*, code: str, by: Actor, at: datetime) -> PayoutBatch:
    """Set each producer's amount aside for its bank. Raises SamePerson, BalanceChanged or, decided already, Conflict.

    One conditional UPDATE decides of two who approve at once. The producers' accounts are held and their balances
    worked out again before anything is booked, so that a refund in that moment is netted or refuses the batch.
    """
    approver = _keeper(by)
    batch = get_batch(code)
    if batch.made_by_id == approver:
        raise SamePerson
    who = {"approved_at": at, "approved_by": by.name, "approved_by_id": approver}
    _decide(batch, BatchState.DRAFT, BatchState.APPROVED, **who)
    hold_accounts(line.producer_id for line in batch.lines)
    check_lines(batch.lines, earned_until=batch.earned_until)
    for line in batch.lines:
        moves = [money.Move(_account(line), money.PAYOUTS, line.amount, "payout")]
        book(key=f"payout:{code}:{line.producer_id}", kind="payout", reference=code, moves=moves, at=at)
        line.state = LineState.APPROVED
    _note(code, "payout.approved", by, at)
    db.session.flush()
    return get_batch(code)


def check_lines(lines: Iterable[PayoutLine], *, earned_until: datetime) -> None:
    """Raise BalanceChanged unless each line is what its producer may be paid now, where it is paid now."""
    lines = list(lines)
    today = standings((line.producer_id for line in lines), earned_until=earned_until)
    for line in lines:
        account = account_in_force(line.producer_id)
        if line.amount != today[line.producer_id].available or account is None or account.id != line.account_id:
            raise BalanceChanged(name=line.producer.name)


def cancel_batch(*, code: str, by: Actor, at: datetime) -> None:
    """Drop a draft; nothing was set aside. Conflict where it was decided."""
    _keeper(by)
    batch = get_batch(code)
    _decide(batch, BatchState.DRAFT, BatchState.CANCELLED)
    _note(code, "payout.cancelled", by, at)


def mark_sent(*, code: str, bank_reference: str, by: Actor, at: datetime) -> PayoutBatch:
    """The bank has carried out the file, by this reference: what was set aside has left."""
    _keeper(by)
    reference = nfc(bank_reference)[:80]
    if not reference:
        raise Invalid({"bank_reference": N_("Nhập số giao dịch của ngân hàng.")})
    batch = get_batch(code)
    who = {"sent_at": at, "sent_by": by.name, "bank_reference": reference}
    _decide(batch, BatchState.APPROVED, BatchState.SENT, **who)
    for line in _lines_of(batch.id, LineState.APPROVED):
        moves = [money.Move(money.PAYOUTS, money.BANK, line.amount, "payout")]
        book(key=f"payout-sent:{code}:{line.producer_id}", kind="payout_sent", reference=code, moves=moves, at=at)
        line.state = LineState.SENT
    _note(code, "payout.sent", by, at, bank=reference)
    db.session.flush()
    return get_batch(code)


def fail_line(*, code: str, slug: str, trouble: str, by: Actor, at: datetime) -> None:
    """The bank could not pay a producer: the amount is its own again, from what was set aside or came back."""
    _keeper(by)
    reason = nfc(trouble)[:200]
    if not reason:
        raise Invalid({"trouble": N_("Ghi ngân hàng báo gì.")})
    line = get_line(code, slug)
    before = line.state
    source = {LineState.APPROVED: money.PAYOUTS, LineState.SENT: money.BANK}.get(before)
    if source is None:
        raise Conflict
    _leave(line, before, trouble=reason)
    moves = [money.Move(source, _account(line), line.amount, "payout_failed")]
    book(key=f"payout-failed:{code}:{line.producer_id}", kind="payout_failed", reference=code, moves=moves, at=at)
    _note(code, "payout.failed", by, at, producer=slug, trouble=reason)


def _decide(batch: PayoutBatch, before: BatchState, after: BatchState, **values: object) -> None:
    """Take a batch from one state to the next; Conflict where somebody has decided meanwhile."""
    here = (PayoutBatch.id == batch.id) & (PayoutBatch.state == before)
    if rows_changed(update(PayoutBatch).where(here).values(state=after, **values)) != 1:
        raise Conflict


def _leave(line: PayoutLine, before: LineState, **values: object) -> None:
    """A line fails from the state in which it was found; Conflict where it is no longer there."""
    here = (PayoutLine.id == line.id) & (PayoutLine.state == before)
    if rows_changed(update(PayoutLine).where(here).values(state=LineState.FAILED, **values)) != 1:
        raise Conflict


def _lines_of(batch_id: int, state: LineState) -> list[PayoutLine]:
    query = select(PayoutLine).where(PayoutLine.batch_id == batch_id, PayoutLine.state == state)
    held = query.order_by(PayoutLine.id).with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(held))


def _account(line: PayoutLine) -> money.Name:
    return money.producer(line.producer_id, line.producer.slug)


def _keeper(by: Actor) -> int:
    """The person's row: money is moved by people, who can be two."""
    if not KEEP_MONEY.held_by(by) or by.user_id is None:
        raise Forbidden
    return by.user_id


def _note(code: str, action: str, by: Actor, at: datetime, **detail: object) -> None:
    record(by=by, action=action, subject_type="payout", subject=code, at=at, detail=detail)
