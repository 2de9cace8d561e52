"""What matching asks of deals: who supplies whom, when they last met, who answers quotations."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.trade.deals.models import (
    Appointment,
    Deal,
    DealPaper,
    MeetingState,
    PaperKind,
    Quotation,
    QuoteState,
    Side,
)

Pair = tuple[int, int]  # a distributor's row and a producer's


def supplying_pairs(distributor_ids: Collection[int], producer_ids: Collection[int], on: date) -> set[Pair]:
    """The pairs among these of whom a confirmed contract runs on a day."""
    query = (
        select(DealPaper, Deal.distributor_id, Deal.producer_id)
        .join(DealPaper.deal)
        .where(
            DealPaper.kind == PaperKind.CONTRACT,
            DealPaper.starts_on <= on,
            DealPaper.ends_on >= on,
            Deal.distributor_id.in_(list(distributor_ids)),
            Deal.producer_id.in_(list(producer_ids)),
        )
    )
    return {(row[1], row[2]) for row in db.session.execute(query) if row[0].runs(on)}


def last_met(distributor_ids: Collection[int], producer_ids: Collection[int]) -> dict[Pair, date]:
    """The day of the last appointment that was held by each pair among these; one that never met is not in it."""
    query = (
        select(Appointment.distributor_id, Appointment.producer_id, func.max(Appointment.starts_at))
        .where(
            Appointment.state == MeetingState.HELD,
            Appointment.distributor_id.in_(list(distributor_ids)),
            Appointment.producer_id.in_(list(producer_ids)),
        )
        .group_by(Appointment.distributor_id, Appointment.producer_id)
    )
    return {(buyer, producer): day_of(at) for buyer, producer, at in db.session.execute(query) if at is not None}


def follow_through(distributor_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each of these: on how many deals it answered a producer's quotation, of those on which it was quoted.

    An answer is an acceptance, a refusal or a counter-offer. One that was never quoted is not in the answer.
    """
    ids = list(distributor_ids)
    quoted = (
        select(Deal.distributor_id, Deal.id)
        .join(Quotation, Quotation.deal_id == Deal.id)
        .where(Deal.distributor_id.in_(ids), Quotation.side == Side.PRODUCER)
        .distinct()
    )
    answers = (
        select(Deal.id)
        .join(Quotation, Quotation.deal_id == Deal.id)
        .where(
            Deal.distributor_id.in_(ids),
            (Quotation.side == Side.BUYER) | Quotation.state.in_((QuoteState.ACCEPTED, QuoteState.DECLINED)),
        )
    )
    answered = set(db.session.scalars(answers))
    found: dict[int, tuple[int, int]] = {}
    for distributor_id, deal_id in db.session.execute(quoted):
        done, asked = found.get(distributor_id, (0, 0))
        found[distributor_id] = (done + (deal_id in answered), asked + 1)
    return found
