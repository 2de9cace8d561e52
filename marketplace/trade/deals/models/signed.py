"""Samples, memoranda and contracts, deliveries outside the marketplace, appointments."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.trade.deals.models.roads import Deal
from marketplace.trade.deals.rules import Side


class Sample(Model):
    """Goods sent to be tried, and what the buyer said of them."""

    __tablename__ = "deal_samples"
    __table_args__ = (
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("rating IS NULL OR received_on IS NOT NULL", name="received"),
        Index("ix_deal_samples_deal_id", "deal_id"),
    )

    id: Mapped[RowId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    what: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(80))
    tracking_number: Mapped[str] = mapped_column(String(60), default="")
    sent_on: Mapped[date]
    received_on: Mapped[date | None]
    rating: Mapped[int | None]
    taste: Mapped[str] = mapped_column(String(500), default="")
    packaging: Mapped[str] = mapped_column(String(500), default="")
    label: Mapped[str] = mapped_column(String(500), default="")
    price: Mapped[str] = mapped_column(String(500), default="")


class PaperKind(StrEnum):
    MEMORANDUM = "memorandum"
    CONTRACT = "contract"


class DealPaper(Model):
    """A memorandum or a contract: written down by one side, in force once the other has confirmed it.

    `volumes` is what a contract takes each month of the year, January first, in the offer's unit; it is added to what
    the offer (`offer_id`) has promised while the contract runs.
    """

    __tablename__ = "deal_papers"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint("ended_on IS NULL OR confirmed_at IS NOT NULL", name="ended"),
        Index("ix_deal_papers_deal_id", "deal_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind, "kind"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]
    value: Mapped[Money]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    volumes: Mapped[list[int]] = mapped_column(JSON, default=list)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("wholesale_offers.id", ondelete="SET NULL"))
    written_by: Mapped[Side] = mapped_column(choice(Side, "written_by"))
    written_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]  # before its term
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    released_at: Mapped[datetime | None]  # when its volumes were taken back from the offer

    deal: Mapped[Deal] = related()

    def runs(self, on: date) -> bool:
        """Whether it is in force on a day."""
        last = self.ends_on if self.ended_on is None else min(self.ends_on, self.ended_on)
        return self.confirmed_at is not None and self.starts_on <= on <= last


class Delivery(Model):
    """Goods delivered on a deal outside the marketplace's orders."""

    __tablename__ = "deal_deliveries"
    __table_args__ = (
        CheckConstraint("value > 0", name="value"),
        Index("ix_deal_deliveries_deal_id", "deal_id"),
    )

    id: Mapped[RowId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    delivered_on: Mapped[date]
    value: Mapped[Money]
    note: Mapped[str] = mapped_column(String(500), default="")
    written_by: Mapped[Side] = mapped_column(choice(Side, "written_by"))
    written_at: Mapped[datetime]


class MeetingState(StrEnum):
    PROPOSED = "proposed"  # unanswered for seven days it has lapsed, which nothing writes
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COUNTERED = "countered"  # other times were proposed in its place
    CANCELLED = "cancelled"
    HELD = "held"
    BUYER_ABSENT = "buyer_absent"
    PRODUCER_ABSENT = "producer_absent"


class Appointment(Model):
    """A meeting of the two parties of a deal: up to three times proposed, one of them accepted."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 480", name="minutes"),
        CheckConstraint("starts_at IS NULL OR ends_at > starts_at", name="time"),
        CheckConstraint(
            "(starts_at IS NOT NULL) OR state IN ('proposed', 'declined', 'countered', 'cancelled')", name="accepted"
        ),
        Index("ix_appointments_distributor_id", "distributor_id", "starts_at"),
        Index("ix_appointments_producer_id", "producer_id", "starts_at"),
        Index("ix_appointments_state", "state", "starts_at"),
        Index("ix_appointments_deal_id", "deal_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    proposed_by: Mapped[Side] = mapped_column(choice(Side, "proposed_by"))
    proposed_at: Mapped[datetime]
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState, "state"))
    times: Mapped[list[str]] = mapped_column(JSON)  # ISO instants, UTC
    minutes: Mapped[int]
    online: Mapped[bool]
    place: Mapped[str] = mapped_column(String(300))  # a link, or where
    note: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)  # of the calendar's entry
    reason: Mapped[str] = mapped_column(String(500), default="")
    day_told_at: Mapped[datetime | None]  # when both were reminded, a day before
    hour_told_at: Mapped[datetime | None]  # and an hour before

    deal: Mapped[Deal] = related()

    @property
    def slots(self) -> list[datetime]:
        """The proposed times."""
        return [datetime.fromisoformat(each) for each in self.times]
