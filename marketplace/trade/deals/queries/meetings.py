"""Reading appointments: of a deal, of a party, what overlaps, and what is near."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.trade.deals.models import Appointment, Deal, MeetingState
from marketplace.trade.deals.policies import reads_within
from marketplace.trade.distributors.models import Distributor

ANSWERABLE_FOR = timedelta(days=7)


def is_waiting_meeting(row: Appointment, at: datetime) -> bool:
    """Whether its proposal may still be answered."""
    return row.state is MeetingState.PROPOSED and row.proposed_at > at - ANSWERABLE_FOR


def get_appointment(deal_id: int, code: str, *, hold: bool = False) -> Appointment:
    """An appointment of a deal, or NotFound (ask first whether the deal is open to the actor)."""
    query = select(Appointment).where(Appointment.deal_id == deal_id, Appointment.code == code)
    found: Appointment | None = db.session.scalar(held(query, Appointment) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_appointments(deal: Deal, *, by: Actor) -> list[Appointment]:
    """A deal's appointments, newest first; nothing to whom they are not open."""
    if not reads_within(by, deal):
        return []
    query = select(Appointment).where(Appointment.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(Appointment.id.desc())))


def list_own_appointments(*, by: Actor) -> list[Appointment]:
    """Every appointment of the acting party with its deal, the one that was proposed last first; at most 200."""
    if by.organisation_id is None:
        return []
    query = (
        select(Appointment)
        .join(Appointment.deal)
        .join(Deal.distributor)
        .join(Deal.producer)
        .where(
            or_(
                Distributor.organisation_id == by.organisation_id,
                Producer.organisation_id == by.organisation_id,
            )
        )
        .options(
            contains_eager(Appointment.deal).options(
                contains_eager(Deal.distributor).joinedload(Distributor.organisation),
                contains_eager(Deal.producer),
                joinedload(Deal.listing),
                joinedload(Deal.demand),
            )
        )
    )
    return list(db.session.scalars(query.order_by(Appointment.id.desc()).limit(200)))


def overlapping(deal: Deal, starts: datetime, ends: datetime) -> bool:
    """Whether one of the two parties has an accepted appointment within this time."""
    return bool(taken_times([deal.distributor_id], [deal.producer_id], starts, ends))


def taken_times(
    distributor_ids: Collection[int], producer_ids: Collection[int], starts: datetime, ends: datetime
) -> list[Appointment]:
    """The accepted appointments of any of these parties that lie, in whole or in part, within this time."""
    query = select(Appointment).where(
        or_(Appointment.distributor_id.in_(list(distributor_ids)), Appointment.producer_id.in_(list(producer_ids))),
        Appointment.state == MeetingState.ACCEPTED,
        Appointment.starts_at < ends,
        Appointment.ends_at > starts,
    )
    return list(db.session.scalars(query.order_by(Appointment.id)))


def list_near(at: datetime, within: timedelta) -> list[Appointment]:
    """Accepted appointments that begin after the instant and within so long, with their deals."""
    query = (
        select(Appointment)
        .where(
            Appointment.state == MeetingState.ACCEPTED, Appointment.starts_at > at, Appointment.starts_at <= at + within
        )
        .options(
            joinedload(Appointment.deal).options(
                joinedload(Deal.distributor).joinedload(Distributor.organisation), joinedload(Deal.producer)
            )
        )
    )
    return list(db.session.scalars(query.order_by(Appointment.id)))
