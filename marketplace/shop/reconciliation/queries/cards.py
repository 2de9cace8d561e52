"""Card payments: ours, the provider's books, and payouts that the bank has shown."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, union

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import BankTransfer
from marketplace.shop.ledger.models import Entry, Transfer
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import (
    Attempt,
    AttemptState,
    Dispute,
    DisputeState,
    Payment,
    Refund,
    RefundState,
)
from marketplace.shop.payments.providers.interface import LineKind
from marketplace.shop.payouts.queries.parts import as_money
from marketplace.shop.reconciliation.rows import Kind, Row, Side, Way
from marketplace.shop.settlements.models import Arrival, ProviderLine

DONG = "VND"
AFTER = timedelta(days=62)
TO_BANK = (LineKind.PAYOUT, LineKind.PAYOUT_FAILED)
WITH_PROVIDER = (RefundState.SENT, RefundState.DONE)

Lists = tuple[list[Row], list[Row], list[Row]]


def rows(since: datetime, until: datetime) -> Lists:
    """Ours, the provider's, the bank's: of this time, and lines of payouts that reach into it."""
    here = [*_charges(since, until), *_refunds(since, until), *_disputes(since, until)]
    lines = _lines(since, until)
    return here, [_row(line) for line in lines], _arrivals([line for line in lines if line.kind is LineKind.PAYOUT])


def _charges(since: datetime, until: datetime) -> list[Row]:
    query = (
        select(Attempt, Payment.number)
        .join(Attempt.payment)
        .where(Attempt.charge.is_not(None), Attempt.state == AttemptState.SUCCEEDED)
        .where(Attempt.settled_at >= since, Attempt.settled_at < until)
    )
    found = db.session.execute(query).all()
    fees = _fees(since, until + AFTER)
    return [
        _ours(
            Kind.CHARGE,
            attempt.charge or "",
            attempt.captured,
            attempt.settled_at or attempt.begun_at,
            number,
            fees.get(f"fee:{attempt.provider}:{attempt.charge}", NOTHING),
        )
        for attempt, number in found
    ]


def _fees(since: datetime, until: datetime) -> dict[str, Money]:
    """What was booked of charges' fees: never before the charge, and by the next nights at the latest."""
    query = (
        select(Entry.key, func.sum(Transfer.amount))
        .join(Entry.transfers)
        .where(Entry.kind == "fee", Entry.at >= since, Entry.at < until)
        .group_by(Entry.key)
    )
    return {row[0]: as_money(row[1]) for row in db.session.execute(query)}


def _refunds(since: datetime, until: datetime) -> list[Row]:
    told = func.coalesce(Refund.done_at, Refund.asked_at)
    query = (
        select(Refund.reference, Refund.amount, Refund.done_at, Refund.asked_at, Payment.number)
        .join(Refund.payment)
        .join(Attempt, Attempt.id == Refund.attempt_id)
        .where(Attempt.charge.is_not(None), Refund.reference.is_not(None), Refund.state.in_(WITH_PROVIDER))
        .where(told >= since, told < until)
    )
    return [
        _ours(Kind.REFUND, reference or "", NOTHING - amount, done or asked, number)
        for reference, amount, done, asked, number in db.session.execute(query)
    ]


def _disputes(since: datetime, until: datetime) -> list[Row]:
    query = (
        select(Dispute, Payment.number)
        .join(Attempt, Attempt.id == Dispute.attempt_id)
        .join(Attempt.payment)
        .where(Dispute.opened_at >= since, Dispute.opened_at < until)
    )
    found = []
    for dispute, number in db.session.execute(query):
        amount = NOTHING - dispute.amount
        found.append(_ours(Kind.DISPUTE, dispute.reference, amount, dispute.opened_at, number))
        if dispute.state is DisputeState.WON:
            won = dispute.closed_at or dispute.opened_at
            found.append(_ours(Kind.DISPUTE_WON, dispute.reference, dispute.amount, won, number))
    return found


def _ours(kind: Kind, key: str, amount: Money, at: datetime, number: str, fee: Money | None = None) -> Row:
    return Row(Side.HERE, Way.CARD, kind, key, key, amount, day_of(at), fee=fee, about=number)


def _lines(since: datetime, until: datetime) -> list[ProviderLine]:
    """Lines of this time; the payouts that carry them, and all that those carry."""
    within = (ProviderLine.at >= since, ProviderLine.at < until)
    own = select(ProviderLine.source).where(*within, ProviderLine.kind == LineKind.PAYOUT)
    through = union(select(ProviderLine.payout).where(*within, ProviderLine.payout.is_not(None)), own).subquery()
    carried = or_(ProviderLine.payout.in_(select(through)), ProviderLine.source.in_(select(through)))
    query = select(ProviderLine).where(or_(and_(*within), carried))
    return list(db.session.scalars(query.order_by(ProviderLine.id)))


def _row(line: ProviderLine) -> Row:
    to_bank = line.kind in TO_BANK
    own = line.kind is LineKind.PAYOUT
    amount = line.money(-line.net) if to_bank else line.presentment
    if amount is None:
        amount = line.money(line.amount)
    return Row(
        Side.PROVIDER,
        Way.CARD,
        Kind(line.kind.value),
        line.reference,
        line.source or line.reference,
        amount,
        line.arrives_on if own and line.arrives_on else day_of(line.at),
        fee=line.money(line.fee) if line.kind is LineKind.CHARGE and line.currency == DONG else None,
        net=line.money(-line.net if own else line.net),
        through="" if own else line.payout or "",
        says=line.descriptor or line.provider,
        about=line.source,
    )


def _arrivals(payouts: Iterable[ProviderLine]) -> list[Row]:
    """The bank's rows that were found to be payouts."""
    query = (
        select(ProviderLine.source, Arrival.credited, BankTransfer.code, BankTransfer.booked_at)
        .join(ProviderLine, ProviderLine.id == Arrival.line_id)
        .join(Arrival.transfer)
        .where(ProviderLine.id.in_([line.id for line in payouts]))
    )
    return [
        Row(Side.BANK, Way.CARD, Kind.PAYOUT, code, payout, credited, day_of(at), about=code)
        for payout, credited, code, at in db.session.execute(query)
    ]
