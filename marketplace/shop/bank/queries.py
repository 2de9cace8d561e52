"""Reading incoming transfers, and how the orders they name stand."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import QUEUES, BankAllocation, BankTransfer, FeedMark, TransferState
from marketplace.shop.bank.rules import Claim, Incoming, order_numbers, same_transfer
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import Payment, PaymentState

CHUNK = 500  # values in one IN list


def known_of(incoming: Sequence[Incoming]) -> dict[tuple[str, str], BankTransfer]:
    """Those that came before, by account and reference, whether statement or feed called them so."""
    found: dict[tuple[str, str], BankTransfer] = {}
    references = sorted({each.reference for each in incoming})
    for start in range(0, len(references), CHUNK):
        some = references[start : start + CHUNK]
        either = BankTransfer.reference.in_(some) | BankTransfer.other_reference.in_(some)
        for row in db.session.scalars(select(BankTransfer).where(either)):
            found[row.account, row.reference] = row
            if row.other_reference is not None:
                found[row.account, row.other_reference] = row
    return found


def twin_of(each: Incoming, *, but: Collection[int] = ()) -> BankTransfer | None:
    """The same transfer told by the other source under another reference, if one is there and has no second name.

    `but`: rows that were found for others before.
    """
    rows = db.session.scalars(
        select(BankTransfer)
        .where(BankTransfer.account == each.account, BankTransfer.amount == each.amount)
        .where(BankTransfer.source != each.source, BankTransfer.other_reference.is_(None))
        .where(BankTransfer.id.not_in(but))
        .order_by(BankTransfer.id)
    )
    return next((row for row in rows if same_transfer(each, _as_told(row))), None)


def _as_told(row: BankTransfer) -> Incoming:
    return Incoming(
        row.account,
        row.reference,
        row.amount,
        row.booked_at,
        row.timed,
        row.note,
        row.payer,
        row.payer_account,
        row.source,
    )


def claims_of(incoming: Iterable[Incoming]) -> dict[str, tuple[int, Claim]]:
    """How the orders stand that the notes name, by number, with their payments' rows."""
    return _claims(sorted({number for each in incoming for number in order_numbers(each.note)}))


def named_in(note: str) -> list[Claim]:
    """How the orders stand that one note names, the likelier first."""
    numbers = order_numbers(note)
    found = _claims(numbers)
    return [found[number][1] for number in numbers if number in found]


def _claims(numbers: Sequence[str]) -> dict[str, tuple[int, Claim]]:
    found = {}
    for start in range(0, len(numbers), CHUNK):
        columns = (Payment.number, Payment.id, Payment.state, Payment.amount, Payment.captured, Payment.refunded)
        rows = select(*columns).where(Payment.number.in_(numbers[start : start + CHUNK]))
        for number, payment_id, state, *amounts in db.session.execute(rows):
            found[number] = (payment_id, Claim(number, state, missing_of(*amounts)))
    return found


def missing_of(amount: Money, captured: Money, refunded: Money) -> Money:
    """What is still to come of a payment."""
    return max(amount - (captured - refunded), NOTHING)


def get_transfer(code: str) -> BankTransfer:
    """A transfer with what was given of it to which orders; NotFound where there is none."""
    found = db.session.scalar(_whole().where(BankTransfer.code == code))
    if found is None:
        raise NotFound
    return found


def list_queue(state: TransferState, *, page: int = 1, per_page: int = 50) -> list[BankTransfer]:
    """The transfers that wait for a decision in one queue, the oldest first."""
    return list(
        db.session.scalars(
            _whole()
            .where(_waits(state))
            .order_by(BankTransfer.booked_at, BankTransfer.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def list_latest(*, page: int = 1, per_page: int = 50) -> list[BankTransfer]:
    """Every transfer that came, the newest first."""
    newest = _whole().order_by(BankTransfer.booked_at.desc(), BankTransfer.id.desc())
    return list(db.session.scalars(newest.limit(per_page).offset((page - 1) * per_page)))


def count_all() -> int:
    """How many transfers have come."""
    return db.session.scalar(select(func.count(BankTransfer.id))) or 0


def count_queues() -> dict[TransferState, int]:
    """How many wait in each queue; every queue is in the answer."""
    query = select(BankTransfer.state, func.count()).where(or_(*map(_waits, QUEUES))).group_by(BankTransfer.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in QUEUES}


def payers_of(payment_ids: Iterable[int]) -> dict[int, list[BankTransfer]]:
    """Whose transfers paid for what: where a refund by hand goes back to."""
    found: dict[int, list[BankTransfer]] = {}
    rows = db.session.execute(
        select(BankAllocation.payment_id, BankTransfer)
        .join(BankAllocation.transfer)
        .where(BankAllocation.payment_id.in_(list(payment_ids)))
        .order_by(BankAllocation.id)
    )
    for row in rows:
        found.setdefault(row.payment_id, []).append(row.BankTransfer)
    return found


def read_until(account: str) -> int:
    """The feed's number up to which it was read in order."""
    return db.session.scalar(select(FeedMark.read_until).where(FeedMark.account == account)) or 0


def _waits(state: TransferState) -> ColumnElement[bool]:
    """Whether a transfer stands in a queue. One that is too little waits only as long as its order does."""
    if state is not TransferState.UNDER:
        return BankTransfer.state == state
    open_ = (
        select(BankAllocation.id)
        .join(BankAllocation.payment)
        .where(BankAllocation.transfer_id == BankTransfer.id, Payment.state == PaymentState.AWAITING)
    )
    return and_(BankTransfer.state == state, open_.exists())


def _whole() -> Select[BankTransfer]:
    return select(BankTransfer).options(selectinload(BankTransfer.allocations).joinedload(BankAllocation.payment))
