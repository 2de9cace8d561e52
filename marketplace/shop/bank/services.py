"""Taking transfers in, and an officer's decisions on those that wait. Nothing that came is ever without a row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money, total
from marketplace.platform.core.words import N_
from marketplace.platform.imports.services import hold_still
from marketplace.shop.bank import mails
from marketplace.shop.bank.models import BankAllocation, BankTransfer, FeedMark, TransferState
from marketplace.shop.bank.queries import claims_of, get_transfer, known_of, missing_of, twin_of
from marketplace.shop.bank.rules import Incoming, Verdict, order_numbers, plan
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import Payment, PaymentState, Refund, RefundReason
from marketplace.shop.payments.queries import hold, payment_of
from marketplace.shop.payments.services import sent_by_hand, take_in

CLERK = system("bank")
TABLE = "bank_transfers"


class NotLeft(Conflict):
    """So much of the transfer is no longer undecided: somebody else was first, or it was less. Nothing was changed."""

    code = "transfer_not_left"
    message = N_("Khoản này không còn đủ số tiền đó: có người vừa xử lý, hoặc số tiền lớn hơn phần còn lại.")


class StillOpen(Conflict):
    """Some of the transfer has no destination yet."""

    code = "transfer_still_open"
    message = N_("Khoản này còn tiền chưa biết cho đơn nào: hãy gán hoặc trả lại trước.")


def take_transfers(*, incoming: Sequence[Incoming], at: datetime) -> list[BankTransfer]:
    """Book every transfer that is new, and give to orders what their notes name; answers the new ones.

    Each is booked in the ledger at once (bank, from unmatched). What came before, from whichever source, changes
    nothing but that the second name of it is kept. One block books at a time, so that two never take one as new.
    """
    hold_still(TABLE)
    fresh = _new_ones(incoming, at)
    found = claims_of(fresh)
    held = {payment_id: hold(payment_id) for payment_id in sorted(row for row, _ in found.values())}
    claims = {number: claim for number, (_, claim) in claims_of(fresh).items()}
    payments = {payment.number: payment for payment in held.values()}
    return [_book(each, verdict, payments, at) for each, verdict in zip(fresh, plan(fresh, claims), strict=True)]


def assign(*, code: str, number: str, amount: Money, by: Actor, at: datetime) -> BankTransfer:
    """An officer gives some or all of what is left of a transfer to an order. Too much for it goes back by hand."""
    transfer, amount = _for_officer(code, amount, by)
    try:
        payment = payment_of(next(iter(order_numbers(number)), ""))
    except NotFound as error:
        raise Invalid({"number": N_("Không có đơn nào số này.")}) from error
    if payment.state is PaymentState.AT_THE_DOOR:
        raise Invalid({"number": N_("Đơn này trả tiền mặt khi nhận, không nhận chuyển khoản.")})
    _claim(transfer, amount)
    _give(transfer, payment, amount, by=by, at=at)
    _decided(transfer, by=by, at=at)
    detail = {"order": payment.number, "amount": amount.amount}
    record(by=by, action="transfer.assigned", subject_type="transfer", subject=code, at=at, detail=detail)
    return transfer


def send_back(*, code: str, amount: Money, bank_reference: str, by: Actor, at: datetime) -> BankTransfer:
    """An officer has sent some or all of what is left back to the payer, by the bank's transaction of this number."""
    transfer, amount = _for_officer(code, amount, by)
    reference = nfc(bank_reference)[:120]
    if not reference:
        raise Invalid({"bank_reference": N_("Nhập số giao dịch của ngân hàng.")})
    _claim(transfer, amount)
    piece = BankAllocation(transfer_id=transfer.id, amount=amount, sent_reference=reference, at=at, by=by.name)
    db.session.add(piece)
    db.session.flush()
    moves = [money.Move(money.UNMATCHED, money.BANK, amount, "sent_back")]
    book(key=f"bank-back:{code}:{piece.id}", kind="sent_back", reference=code, moves=moves, at=at)
    _decided(transfer, by=by, at=at)
    detail = {"bank": reference, "amount": amount.amount}
    record(by=by, action="transfer.sent_back", subject_type="transfer", subject=code, at=at, detail=detail)
    return transfer


def refund_sent(*, code: str, bank_reference: str, by: Actor, at: datetime) -> Refund:
    """An officer has sent a refund from the bank, by the transfer of this number.

    Where it is what came too much, the transfer that brought it is done with and leaves its queue.
    """
    refund = sent_by_hand(code=code, bank_reference=bank_reference, by=by, at=at)
    if refund.reason is RefundReason.OVER:
        pieces = select(BankAllocation.transfer_id).where(BankAllocation.payment_id == refund.payment_id)
        over = select(BankTransfer).where(BankTransfer.id.in_(pieces), BankTransfer.state == TransferState.OVER)
        for transfer in db.session.scalars(over.order_by(BankTransfer.id)):
            _decided(transfer, by=by, at=at)
    return refund


def claim_whole(*, code: str, settles: str, by: Actor, at: datetime) -> BankTransfer:
    """The transfer is what `settles` names, no buyer's money: nothing of it may have been decided, else NotLeft.

    The caller books where it goes; until then it lies with the unmatched.
    """
    transfer = get_transfer(code)
    _claim(transfer, transfer.amount)
    db.session.add(BankAllocation(transfer_id=transfer.id, amount=transfer.amount, settles=settles, at=at, by=by.name))
    db.session.flush()
    _decided(transfer, by=by, at=at)
    detail = {"settles": settles}
    record(by=by, action="transfer.settles", subject_type="transfer", subject=code, at=at, detail=detail)
    return transfer


def close(*, code: str, by: Actor, at: datetime) -> BankTransfer:
    """An officer takes out of its queue a transfer of which every dong has its place."""
    transfer = _held(code, by)
    if transfer.left:
        raise StillOpen
    _decided(transfer, by=by, at=at)
    record(by=by, action="transfer.closed", subject_type="transfer", subject=code, at=at)
    return transfer


def remark(*, code: str, words: str, by: Actor, at: datetime) -> BankTransfer:
    """Keep what an officer found out about a transfer; the words before are in the audit trail."""
    transfer = _held(code, by)
    before, transfer.remark = transfer.remark, nfc(words)[:500]
    detail = {"before": before, "words": transfer.remark}
    record(by=by, action="transfer.remarked", subject_type="transfer", subject=code, at=at, detail=detail)
    return transfer


def mark_read(*, account: str, until: int) -> None:
    """The feed was read in order up to this number of its own; an older word does not move it back."""
    values = {"account": account, "read_until": until}
    db.session.execute(insert_into(FeedMark).values(**values).on_conflict_do_nothing())
    older = (FeedMark.account == account) & (FeedMark.read_until < until)
    db.session.execute(update(FeedMark).where(older).values(read_until=until))


def unreadable(*, number: int, trouble: str, at: datetime) -> None:
    """Keep in the trail that the feed has a row nobody can read: the next statement brings it, or a person asks."""
    detail = {"trouble": trouble[:200]}
    record(by=CLERK, action="transfer.unreadable", subject_type="feed", subject=str(number), at=at, detail=detail)


def _new_ones(incoming: Sequence[Incoming], at: datetime) -> list[Incoming]:
    """Those that did not come before; a second name of one that did is kept with it.

    A number that comes again with another amount is another transfer. What both sources have named has no third name.
    """
    told, fresh = [_apart(each) for each in incoming], {}
    known = known_of(told)
    for each in told:
        row = known.get((each.account, each.reference))
        if row is not None and (swallowed := named_by_both(row, each)) is not None:
            fresh[each.account, swallowed] = replace(each, reference=swallowed)
    db.session.flush()
    for each in told:
        name = (each.account, each.reference)
        if name in known or name in fresh:
            continue
        twin = twin_of(each)
        if twin is None:
            fresh[name] = each
            continue
        twin.other_reference = each.reference
        db.session.flush()
        detail = {"called": each.reference, "by": each.source.value}
        record(by=CLERK, action="transfer.told_again", subject_type="transfer", subject=twin.code, at=at, detail=detail)
    return list(fresh.values())


def named_by_both(row: BankTransfer, each: Incoming) -> str | None:
    """Note that the other source knows a transfer by the same number; answers the number that was taken for its second.

    A source has one number for one transfer: what it called otherwise before was another, alike to the minute or day.
    """
    if row.source is each.source or row.reference != each.reference or row.other_reference == each.reference:
        return None
    before, row.other_reference = row.other_reference, each.reference
    return before


def _apart(each: Incoming) -> Incoming:
    """Itself, or under a name of its own where its number is known with another amount."""
    row = known_of([each]).get((each.account, each.reference))
    if row is None or row.amount == each.amount:
        return each
    return replace(each, reference=f"{each.reference[:100]} {each.amount.amount}")


def _book(each: Incoming, verdict: Verdict, payments: dict[str, Payment], at: datetime) -> BankTransfer:
    transfer = BankTransfer(
        code=f"CK{random_code(8)}",
        account=each.account,
        reference=each.reference,
        amount=each.amount,
        booked_at=each.booked_at,
        timed=each.timed,
        note=each.note[:500],
        payer=each.payer[:200],
        payer_account=each.payer_account[:60],
        source=each.source,
        state=verdict.state,
        received_at=at,
    )
    db.session.add(transfer)
    db.session.flush()
    moves = [money.Move(money.BANK, money.UNMATCHED, each.amount, "transfer")]
    book(key=f"bank-in:{transfer.code}", kind="transfer", reference=transfer.code, moves=moves, at=at)
    given = total(amount for _, amount in verdict.gives)
    if given:
        _claim(transfer, given)
    for number, amount in verdict.gives:
        _give(transfer, payments[number], amount, by=CLERK, at=at)
    detail = {"amount": each.amount.amount, "state": verdict.state.value, "orders": [n for n, _ in verdict.gives]}
    record(by=CLERK, action="transfer.came", subject_type="transfer", subject=transfer.code, at=at, detail=detail)
    return transfer


def _claim(transfer: BankTransfer, amount: Money) -> None:
    """Take an amount out of what is left, or raise NotLeft: the database decides, whoever asks at once."""
    done = rows_changed(
        update(BankTransfer)
        .where(BankTransfer.id == transfer.id, BankTransfer.allocated + amount <= BankTransfer.amount)
        .values(allocated=BankTransfer.allocated + amount)
    )
    if done != 1:
        raise NotLeft
    db.session.refresh(transfer)


def _give(transfer: BankTransfer, payment: Payment, amount: Money, *, by: Actor, at: datetime) -> None:
    piece = BankAllocation(transfer_id=transfer.id, payment_id=payment.id, amount=amount, at=at, by=by.name)
    db.session.add(piece)
    db.session.flush()
    key = f"bank:{transfer.code}:{piece.id}"
    state = take_in(payment_id=payment.id, amount=amount, key=key, source=money.UNMATCHED, at=at)
    held = hold(payment.id)
    if state is PaymentState.AWAITING:
        missing = missing_of(held.amount, held.captured, held.refunded)
        mails.short(held, came=held.captured, missing=missing, transfer=transfer.code, at=at)
    else:
        _no_longer_short(payment.id, but=transfer.id)


def _no_longer_short(payment_id: int, *, but: int) -> None:
    """What was too little for an order is no longer, once the rest has come."""
    pieces = select(BankAllocation.transfer_id).where(BankAllocation.payment_id == payment_id)
    db.session.execute(
        update(BankTransfer)
        .where(BankTransfer.id.in_(pieces), BankTransfer.id != but, BankTransfer.state == TransferState.UNDER)
        .values(state=TransferState.MATCHED)
    )


def _for_officer(code: str, amount: Money, by: Actor) -> tuple[BankTransfer, Money]:
    transfer = _held(code, by)
    if amount <= NOTHING:
        raise Invalid({"amount": N_("Nhập số tiền lớn hơn 0.")})
    return transfer, amount


def _held(code: str, by: Actor) -> BankTransfer:
    if not KEEP_MONEY.held_by(by):
        raise Forbidden
    return get_transfer(code)


def _decided(transfer: BankTransfer, *, by: Actor, at: datetime) -> None:
    """Out of its queue, once nothing is left to decide."""
    if not transfer.left and transfer.state is not TransferState.RESOLVED:
        transfer.state, transfer.resolved_at, transfer.resolved_by = TransferState.RESOLVED, at, by.name
        db.session.flush()
