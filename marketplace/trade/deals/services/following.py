"""What the worker does on deals: each of it once, however often it is asked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, held
from marketplace.trade.deals import mails
from marketplace.trade.deals.models import Appointment, Deal, DealEvent, DealPaper, EventKind, MeetingState, Side
from marketplace.trade.deals.queries import get_deal
from marketplace.trade.deals.queries.signed import orders_of
from marketplace.trade.deals.rules import Stage
from marketplace.trade.deals.services.signing import release
from marketplace.trade.deals.services.steps import step

AN_HOUR = timedelta(hours=1)


def remind_of(*, code: str, deal_code: str, at: datetime) -> int:
    """Write to both sides of an accepted appointment a day before, and an hour before; answers how many were told."""
    query = select(Appointment).where(Appointment.code == code, Appointment.state == MeetingState.ACCEPTED)
    row = db.session.scalar(held(query, Appointment))
    if row is None or row.starts_at is None or row.starts_at <= at:
        return 0
    near = row.starts_at - at <= AN_HOUR
    if row.hour_told_at is not None or (not near and row.day_told_at is not None):
        return 0
    if near:
        row.hour_told_at = at
    else:
        row.day_told_at = at
    deal = get_deal(deal_code, by=system("deals"))
    for side in (Side.BUYER, Side.PRODUCER):
        mails.meeting_near(deal, row, to=side, near=near, at=at)
    return 1


def catch_up(*, code: str, by: Actor, at: datetime) -> int:
    """Write down on a deal the orders placed at its prices, and those that arrived; answers how many were new."""
    deal = get_deal(code, by=by, hold=True)
    news = unwritten([code]).get(code, []) if deal.open else []
    for kind, number in news:
        if kind is EventKind.ORDERED:
            step(deal, kind, Side.BUYER, by=by, at=at, words=number, turn=Side.PRODUCER, tell=False)
        else:
            reached = Stage.REPEATING if deal.stage in (Stage.DELIVERING, Stage.REPEATING) else Stage.DELIVERING
            step(deal, kind, Side.PRODUCER, by=by, at=at, words=number, reached=reached, tell=False)
    return len(news)


def unwritten(codes: Collection[str]) -> dict[str, list[tuple[EventKind, str]]]:
    """What is not written down yet on these deals: orders placed at their prices, and arrived, the oldest first.

    A deal without news is not in the answer.
    """
    kinds = (EventKind.ORDERED, EventKind.DELIVERED)
    query = select(Deal.code, DealEvent.kind, DealEvent.words).join(DealEvent, DealEvent.deal_id == Deal.id)
    query = query.where(Deal.code.in_(list(codes)), DealEvent.kind.in_(kinds))
    known = {tuple(row) for row in db.session.execute(query)}
    found: dict[str, list[tuple[EventKind, str]]] = {}
    for code, orders in orders_of(codes).items():
        for order in reversed(orders):
            for kind in kinds[: 1 + order.arrived]:
                if (code, kind, order.number) not in known:
                    found.setdefault(code, []).append((kind, order.number))
    return found


def release_over(*, paper_id: int, at: datetime) -> int:
    """Take the volumes of a contract whose term is over back from its offer."""
    row = db.session.get_one(DealPaper, paper_id)
    release(row, at=at)
    return 1
