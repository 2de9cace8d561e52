"""Reading bookings."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.bookings.models import OPEN, BookedDay, Booking, BookingState
from marketplace.shop.bookings.policies import ANSWER_OWN


def get_booking(number: str, *, hold: bool = False) -> Booking:
    """A booking with its producer and events; whose it is, is the policy's question. `hold`: see `get_own_booking`."""
    query = select(Booking).where(Booking.number == number)
    query = query.options(joinedload(Booking.producer), selectinload(Booking.events))
    booking = db.session.scalar(query.with_for_update(of=Booking) if hold else query)
    if booking is None:
        raise NotFound
    return booking


def get_own_booking(number: str, *, by: Actor, hold: bool = False) -> Booking:
    """A booking of the actor's own producer, or NotFound. `hold` keeps it from others until the block ends."""
    query = _own(by).options(selectinload(Booking.events)).where(Booking.number == number)
    booking = db.session.scalar(query.with_for_update(of=Booking) if hold else query)
    if booking is None or not ANSWER_OWN.held_by(by):
        raise NotFound
    return booking


def list_own_bookings(*, by: Actor, state: BookingState | None = None, limit: int = 100) -> list[Booking]:
    """The actor's own producer's bookings: those that wait first, the newest of the others after them."""
    query = _own(by).order_by(Booking.state.not_in(OPEN), Booking.state_since.desc(), Booking.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Booking.state == state)
    return list(db.session.scalars(query))


def count_own_bookings(*, by: Actor) -> dict[BookingState, int]:
    """How many of the actor's own bookings are in each state."""
    query = (
        select(Booking.state, func.count())
        .join(Booking.producer)
        .where(Producer.organisation_id == by.organisation_id)
        .group_by(Booking.state)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def find_by_key(key: str) -> Booking | None:
    """The booking that was asked under this key, if any."""
    return db.session.scalar(select(Booking).where(Booking.key == key))


def count_open(*, email: str, listing_id: int) -> int:
    """How many requests of this address for this listing wait for an end."""
    query = select(func.count(Booking.id)).where(
        Booking.email == email, Booking.listing_id == listing_id, Booking.state.in_(OPEN)
    )
    return db.session.scalar(query) or 0


def people_on(variant_id: int, days: Iterable[date]) -> dict[date, int]:
    """How many guests are confirmed on each of these days; a day nobody has is not in the answer."""
    query = select(BookedDay.day, BookedDay.people).where(
        BookedDay.variant_id == variant_id, BookedDay.day.in_(list(days)), BookedDay.people > 0
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _own(by: Actor) -> Select[Booking]:
    return (
        select(Booking)
        .join(Booking.producer)
        .options(contains_eager(Booking.producer))
        .where(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    )
