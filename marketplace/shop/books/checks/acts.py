"""Work, letters and the trail: I6, I11."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from marketplace.platform.audit.jobs import broken_positions, unsealed_before
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.books.rules import Fault, differ
from marketplace.shop.ledger.models import CommissionRate, Entry
from marketplace.shop.orders.models import Order, OrderPart, PartEvent, PartState
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import Attempt, AttemptState, Payment, ProviderEvent, Refund, RefundState
from marketplace.shop.payments.services.refunds import REFUND
from marketplace.shop.payouts.models import PayoutBatch, Remittance
from marketplace.shop.settlements.models import Arrival, ProviderLine

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def done_once(at: datetime) -> list[Fault]:
    """I6: what was to be done was done, and each effect is in the ledger once (its keys are unique there)."""
    unfinished = (Job.finished_at.is_(None), Job.failed_at.is_(None), Job.due_at < at - HOUR)
    asked = Job.created_at < at - HOUR  # work of long ago may be asked for today, as when a province is loaded
    claimed = (Job.claimed_until.is_(None)) | (Job.claimed_until < at - HOUR)
    unsent = (OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None), OutgoingMail.due_at < at - DAY)
    unseen = (ProviderEvent.handled_at.is_(None), ProviderEvent.received_at < at - HOUR)
    return [
        *_named(select(Job.key).where(Job.failed_at.is_not(None)), "job_failed"),
        *_named(select(Job.key).where(*unfinished, asked, claimed), "job_late"),
        *_named(select(OutgoingMail.key).where(*unsent), "letter_late"),
        *_named(select(ProviderEvent.event_id).where(*unseen), "event_late"),
        *_effects(),
    ]


def _effects() -> list[Fault]:
    jobs = set(db.session.scalars(select(Job.key).where(Job.name == REFUND)))
    asked = list(db.session.scalars(select(Refund.code).where(Refund.state == RefundState.ASKED)))
    found = [Fault(code, "refund_without_job") for code in sorted(asked) if f"{REFUND}:{code}" not in jobs]
    promised = {f"refund-promised:{code}" for code in db.session.scalars(select(Refund.code))}
    gone = {f"refund-done:{code}" for code in db.session.scalars(_in_state(RefundState.DONE))}
    charged = {
        f"received:{provider}:{charge}"
        for provider, charge in db.session.execute(
            select(Attempt.provider, Attempt.charge).where(
                Attempt.state == AttemptState.SUCCEEDED, Attempt.charge.is_not(None)
            )
        )
    }
    kinds = ("payment", "refund", "refund_promised", "payout_arrived", "remittance_seen")
    there = set(db.session.scalars(select(Entry.key).where(Entry.kind.in_(kinds))))
    wanted = promised | gone | charged | _arrived()
    return found + [Fault(key, "effect_missing") for key in sorted(wanted - there)]


def _arrived() -> set[str]:
    """What the bank has shown of providers' payouts and of what carriers paid in."""
    payouts = select(ProviderLine.provider, ProviderLine.source).join(Arrival, Arrival.line_id == ProviderLine.id)
    paid_in = select(Remittance.code).join(Arrival, Arrival.remittance_id == Remittance.id)
    found = {f"arrived:{provider}:{source}" for provider, source in db.session.execute(payouts)}
    return found | {f"remittance-seen:{code}" for code in db.session.scalars(paid_in)}


def _in_state(state: RefundState) -> Any:
    return select(Refund.code).where(Refund.state == state)


def trail() -> list[Fault]:
    """I11: the trail's chain holds, and every act of staff stands in it once."""
    found = [Fault(str(position), "trail_broken") for position in broken_positions()]
    found += [Fault(str(row), "trail_seal_lost") for row in unsealed_before()]
    done: Counter[tuple[str, str]] = Counter()
    done.update(
        (f"order_part.{state.value}", part_number(number, position))
        for number, position, state in db.session.execute(
            select(Order.number, OrderPart.position, PartEvent.state)
            .join(OrderPart, OrderPart.id == PartEvent.part_id)
            .join(Order, Order.id == OrderPart.order_id)
            .where(PartEvent.actor_id.is_not(None), PartEvent.state != PartState.PLACED)
        )
    )
    refunds = select(Payment.number).join(Refund, Refund.payment_id == Payment.id)
    done.update(("refund.asked", number) for number in db.session.scalars(refunds))
    done.update(("payout.made", code) for code in db.session.scalars(select(PayoutBatch.code)))
    approved = select(PayoutBatch.code).where(PayoutBatch.approved_at.is_not(None))
    done.update(("payout.approved", code) for code in db.session.scalars(approved))
    done.update(("remittance.noted", code) for code in db.session.scalars(select(Remittance.code)))
    rates = db.session.scalar(select(func.count(CommissionRate.id))) or 0
    done.update({("commission.set", "commission"): rates})
    return found + _unrecorded(done)


def _unrecorded(done: "Counter[tuple[str, str]]") -> list[Fault]:
    actions = sorted({action for action, _ in done})
    query = select(AuditEntry.action, AuditEntry.subject, func.count()).where(AuditEntry.action.in_(actions))
    rows = db.session.execute(query.group_by(AuditEntry.action, AuditEntry.subject))
    noted = {(action, subject): n for action, subject, n in rows}
    return [
        differ(f"{action} {subject}", "act_unrecorded", times, noted.get((action, subject), 0))
        for (action, subject), times in sorted(done.items())
        if times != noted.get((action, subject), 0)
    ]


def _named(query: Any, what: str) -> list[Fault]:
    return [Fault(str(where), what) for where in sorted(db.session.scalars(query))]
