"""A card's bank takes an amount back, and later says whose it is."""

from datetime import datetime

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.services import book
from marketplace.shop.payments.models import Dispute, DisputeState
from marketplace.shop.payments.providers.interface import Contest
from marketplace.shop.payments.queries import find_attempt_by_charge, hold


def learn_dispute(*, provider: str, contest: Contest, at: datetime) -> Dispute | None:
    """Take in what the provider says of a dispute, each effect once; None where the charge is not ours.

    Opened: the amount and the provider's fee leave its books. Won: the amount comes back. Lost: it stays taken, and an
    officer decides with the producer.
    """
    attempt = find_attempt_by_charge(contest.charge)
    if attempt is None:
        return None
    payment = hold(attempt.payment_id)
    known = select(Dispute).where(Dispute.provider == provider, Dispute.reference == contest.reference)
    dispute = db.session.scalar(known.with_for_update(), execution_options={"populate_existing": True})
    number, there = payment.number, money.provider(provider)
    if dispute is None:
        dispute = Dispute(
            provider=provider,
            reference=contest.reference,
            attempt_id=attempt.id,
            amount=contest.amount,
            state=DisputeState.OPEN,
            reason=contest.reason[:80],
            opened_at=at,
        )
        db.session.add(dispute)
        moves = [
            money.Move(money.DISPUTES, there, contest.amount, "dispute"),
            money.Move(money.FEES, there, contest.fee, "fee"),
        ]
        book(key=f"dispute:{contest.reference}", kind="dispute", reference=number, moves=moves, at=at)
        record(by=system("payments"), action="dispute.opened", subject_type=payment.about, subject=number, at=at)
    if not contest.open and dispute.state is DisputeState.OPEN:
        dispute.state = DisputeState.WON if contest.won else DisputeState.LOST
        dispute.closed_at = at
        if contest.won:
            moves = [money.Move(there, money.DISPUTES, contest.amount, "dispute")]
            book(key=f"dispute-won:{contest.reference}", kind="dispute_won", reference=number, moves=moves, at=at)
        action = f"dispute.{dispute.state.value}"
        record(by=system("payments"), action=action, subject_type=payment.about, subject=number, at=at)
    return dispute
