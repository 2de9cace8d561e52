"""Enquiries and booking requests, what was said about them, and how many guests a day already has."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice


class BookingState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


TRANSITIONS: dict[BookingState, frozenset[BookingState]] = {
    BookingState.ASKED: frozenset(
        {BookingState.ANSWERED, BookingState.CONFIRMED, BookingState.DECLINED, BookingState.CANCELLED}
    ),
    BookingState.ANSWERED: frozenset(
        {
            BookingState.ASKED,
            BookingState.ANSWERED,
            BookingState.CONFIRMED,
            BookingState.DECLINED,
            BookingState.CANCELLED,
        }
    ),
    BookingState.CONFIRMED: frozenset({BookingState.DECLINED, BookingState.CANCELLED}),
    BookingState.DECLINED: frozenset(),
    BookingState.CANCELLED: frozenset(),
}
OPEN = frozenset({BookingState.ASKED, BookingState.ANSWERED})


class Booking(Model):
    """A guest's request of a service: with dates a booking, without an enquiry. What was asked for is frozen.

    `key` makes sending it twice the same as once. Days run from `starts_on` through `ends_on`, both included.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL) AND (starts_on IS NULL) = (people IS NULL)"
            " AND (starts_on IS NULL) = (variant_id IS NULL)",
            name="dated",
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("people IS NULL OR people BETWEEN 1 AND 500", name="people"),
        CheckConstraint("state <> 'confirmed' OR starts_on IS NOT NULL", name="confirmed"),
        CheckConstraint("(proposed_on IS NULL) = (proposed_until IS NULL)", name="proposal"),
        Index("ix_bookings_producer_id_state", "producer_id", "state"),
        Index("ix_bookings_email", "email"),
    )

    id: Mapped[RowId]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))  # of what was asked under this key
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    listing_slug: Mapped[str] = mapped_column(String(96))
    listing_name: Mapped[str] = mapped_column(String(200))
    listing_name_en: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    unit_price: Mapped[Money | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    people: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))  # E.164
    email: Mapped[str] = mapped_column(String(254))
    message: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[BookingState] = mapped_column(choice(BookingState, "state"))
    state_since: Mapped[datetime]
    asked_at: Mapped[datetime]
    proposed_on: Mapped[date | None]
    proposed_until: Mapped[date | None]

    producer: Mapped[Producer] = related()
    events: Mapped[list["BookingEvent"]] = related(order_by="BookingEvent.id", back_populates="booking")


class BookingEvent(Model):
    """A booking reached a state, or something was said: who, when, which words. Append-only."""

    __tablename__ = "booking_events"
    __table_args__ = (Index("ix_booking_events_booking_id", "booking_id"),)

    id: Mapped[RowId]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    state: Mapped[BookingState] = mapped_column(choice(BookingState, "state"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    by_guest: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)

    booking: Mapped[Booking] = related(back_populates="events")


class BookedDay(Model):
    """How many guests are confirmed on one day of one variant, never more than the day held when it was last asked."""

    __tablename__ = "booked_days"
    __table_args__ = (
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("capacity IS NULL OR people <= capacity", name="capacity"),
    )

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]
    capacity: Mapped[int | None]
