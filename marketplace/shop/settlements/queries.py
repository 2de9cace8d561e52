"""Reading what is on its way to the bank, and what stands on the statement unclaimed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import total
from marketplace.shop.bank.models import BankTransfer, TransferState
from marketplace.shop.orders.models import NOTHING
from marketplace.shop.payments.models import Attempt, Dispute, DisputeState
from marketplace.shop.payments.providers.interface import LineKind, Settlement
from marketplace.shop.payouts.models import Remittance
from marketplace.shop.settlements.models import Arrival, ProviderLine, ProviderMark
from marketplace.shop.settlements.rules import Contents, Credit, Expected

OVERLAP = timedelta(days=14)  # lines of so long ago are read again: they may have been paid out since
TO_BANK = (LineKind.PAYOUT, LineKind.PAYOUT_FAILED)


def read_since(provider: str, at: datetime) -> datetime:
    """From when on a provider's books are to be read: some time before the newest line, or the first attempt."""
    newest = db.session.scalar(select(func.max(ProviderLine.at)).where(ProviderLine.provider == provider))
    first = db.session.scalar(select(func.min(Attempt.begun_at)).where(Attempt.provider == provider))
    return (newest or first or at) - OVERLAP


def marks() -> dict[str, datetime]:
    """When each provider's books were last read to their end."""
    rows = db.session.scalars(select(ProviderMark).order_by(ProviderMark.provider))
    return {row.provider: row.read_at for row in rows}


def disputes_unknown(lines: Iterable[Settlement]) -> list[str]:
    """Disputes that a provider's books tell of and we have not heard of, or not that they were won."""
    told = {line.source: line.kind for line in lines if line.kind in (LineKind.DISPUTE, LineKind.DISPUTE_WON)}
    rows = db.session.execute(select(Dispute.reference, Dispute.state).where(Dispute.reference.in_(sorted(told))))
    states: dict[str, DisputeState] = {row.reference: row.state for row in rows}
    won = {name for name, kind in told.items() if kind is LineKind.DISPUTE_WON}
    return sorted(name for name in told if name not in states or (name in won and states[name] is DisputeState.OPEN))


def contents_of(payout: ProviderLine) -> Contents:
    """What a payout consists of, with what an earlier one brought that failed and was paid out again with it."""
    lines: list[ProviderLine] = []
    asked = [payout.source]
    for source in asked:
        rows = db.session.scalars(_lines_of(payout.provider, source))
        for line in rows:
            if line.kind is LineKind.PAYOUT_FAILED and line.source not in asked:
                asked.append(line.source)
            elif line.kind not in TO_BANK:
                lines.append(line)
    fees = sum(line.fee - (line.amount if line.kind is LineKind.FEE else 0) for line in lines)
    asked_for = total(line.presentment for line in lines if line.presentment is not None)
    return Contents(asked_for, -payout.net, fees, payout.currency)


def _lines_of(provider: str, payout: str) -> Select[ProviderLine]:
    mine = (ProviderLine.provider == provider, ProviderLine.payout == payout)
    return select(ProviderLine).where(*mine).order_by(ProviderLine.id)


def list_payouts_expected() -> list[Expected]:
    """Payouts that the bank has not shown yet, but for those that failed."""
    failed = select(ProviderLine.source).where(ProviderLine.kind == LineKind.PAYOUT_FAILED)
    arrived = select(Arrival.line_id).where(Arrival.line_id.is_not(None))
    rows = db.session.scalars(
        select(ProviderLine)
        .where(ProviderLine.kind == LineKind.PAYOUT, ProviderLine.net < 0)
        .where(ProviderLine.id.not_in(arrived), ProviderLine.source.not_in(failed))
        .order_by(ProviderLine.at, ProviderLine.id)
    )
    return [expected(line) for line in rows]


def expected(line: ProviderLine) -> Expected:
    """A payout as the bank is to show it."""
    return Expected(
        line.source, line.money(-line.net), line.arrives_on or day_of(line.at), line.descriptor or line.provider
    )


def list_remitted() -> list[Expected]:
    """What carriers paid in, as officers noted it, and the statement has not shown yet."""
    seen = select(Arrival.remittance_id).where(Arrival.remittance_id.is_not(None))
    rows = db.session.scalars(select(Remittance).where(Remittance.id.not_in(seen)).order_by(Remittance.id))
    return [Expected(row.code, row.amount, row.received_on, "", row.bank_reference) for row in rows]


def list_credits() -> list[Credit]:
    """Transfers that came and that no order's note names, nothing of them decided yet."""
    rows = db.session.scalars(
        select(BankTransfer)
        .where(BankTransfer.state == TransferState.UNKNOWN, BankTransfer.allocated == NOTHING)
        .order_by(BankTransfer.booked_at, BankTransfer.id)
    )
    return [credit(row) for row in rows]


def credit(row: BankTransfer) -> Credit:
    """A transfer as money that nobody has claimed."""
    numbers = (row.reference, *((row.other_reference,) if row.other_reference else ()))
    return Credit(row.code, row.amount, day_of(row.booked_at), row.note, numbers)
