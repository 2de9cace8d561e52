"""Mandates that producers give to cooperatives, and their consent to officers who help them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice


class MandateState(StrEnum):
    GIVEN = "given"
    ACCEPTED = "accepted"  # from now on the cooperative may act
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by who gave it
    LAID_DOWN = "laid_down"  # by the cooperative


TRANSITIONS: dict[MandateState, frozenset[MandateState]] = {
    MandateState.GIVEN: frozenset({MandateState.ACCEPTED, MandateState.DECLINED, MandateState.WITHDRAWN}),
    MandateState.ACCEPTED: frozenset({MandateState.WITHDRAWN, MandateState.LAID_DOWN}),
    MandateState.DECLINED: frozenset(),
    MandateState.WITHDRAWN: frozenset(),
    MandateState.LAID_DOWN: frozenset(),
}
OPEN = frozenset({MandateState.GIVEN, MandateState.ACCEPTED})
_OPEN = text("state IN ('given', 'accepted')")


class Mandate(Model):
    """A producer lets a cooperative work its desk. One open mandate a pair; ended ones stay as they were."""

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("producer_id <> holder_id", name="two_producers"),
        CheckConstraint("(state IN ('given', 'accepted')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted"),
        Index("uq_mandates_open", "producer_id", "holder_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_mandates_holder_id", "holder_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    state: Mapped[MandateState] = mapped_column(choice(MandateState, "state"))
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(120))
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str] = mapped_column(String(120), default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(120), default="")

    producer: Mapped[Producer] = related(foreign_keys=[producer_id])
    holder: Mapped[Producer] = related(foreign_keys=[holder_id])


class OfficeConsent(Model):
    """A producer lets the officers of its area work its desk: said at its desk, or on paper that an officer names."""

    __tablename__ = "office_consents"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by = '')", name="ended"),
        Index(
            "uq_office_consents_open",
            "producer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[RowId]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id", ondelete="CASCADE"))
    paper: Mapped[str] = mapped_column(String(200), default="")  # where it lies and of which day; empty: said here
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(120), default="")
