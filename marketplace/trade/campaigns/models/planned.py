"""Campaigns, who takes part and when they are there, and what the office says of pairs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.trade.distributors.models import Distributor


class CampaignKind(StrEnum):
    ONLINE = "online"  # each meeting in a room of its own below the campaign's link
    ON_SITE = "on_site"  # at tables, as on a day at a fair


class CampaignState(StrEnum):
    DRAFT = "draft"  # seen by the office alone
    OPEN = "open"  # invitations, wishes, times; no timetable is visible
    PUBLISHED = "published"  # the timetable is out and being confirmed
    RUNNING = "running"  # the day itself
    CLOSED = "closed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.OPEN, CampaignState.CANCELLED}),
    CampaignState.OPEN: frozenset({CampaignState.PUBLISHED, CampaignState.CANCELLED}),
    CampaignState.PUBLISHED: frozenset({CampaignState.PUBLISHED, CampaignState.RUNNING, CampaignState.CANCELLED}),
    CampaignState.RUNNING: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset(),
    CampaignState.CANCELLED: frozenset(),
}
TIMETABLED = frozenset({CampaignState.PUBLISHED, CampaignState.RUNNING, CampaignState.CLOSED})
CHANGEABLE = frozenset({CampaignState.OPEN, CampaignState.PUBLISHED})


class Side(StrEnum):
    PRODUCER = "producer"
    BUYER = "buyer"


class Answer(StrEnum):
    INVITED = "invited"
    COMING = "coming"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Campaign(Model):
    """A campaign. `least`: meetings that each producer should get; `most_*`: the most that one may have."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("least >= 0 AND least <= most_producer", name="least"),
        CheckConstraint("most_producer BETWEEN 1 AND 60 AND most_buyer BETWEEN 1 AND 60", name="most"),
        CheckConstraint("tables BETWEEN 1 AND 400", name="tables"),
        Index("ix_campaigns_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[CampaignKind] = mapped_column(choice(CampaignKind, "kind"))
    state: Mapped[CampaignState] = mapped_column(choice(CampaignState, "state"))
    place: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    least: Mapped[int]
    most_producer: Mapped[int]
    most_buyer: Mapped[int]
    tables: Mapped[int]
    wishes_until: Mapped[datetime]
    confirm_until: Mapped[datetime | None]
    hours: Mapped[dict[str, Any]] = mapped_column(JSON)  # `rules.Hours`, as typed; its slots are laid from them
    weights_number: Mapped[int]  # the version of the weights it began with
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    slots: Mapped[list["CampaignSlot"]] = related(order_by="CampaignSlot.number", viewonly=True)

    def room_of(self, meeting: str) -> str:
        """Where the two of a meeting (its code) see each other online; nothing where people meet at tables."""
        return f"{self.place.rstrip('/')}/{meeting}" if self.kind is CampaignKind.ONLINE else ""


class CampaignSlot(Model):
    """A time at which meetings are held; what lies between slots is break."""

    __tablename__ = "campaign_slots"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        UniqueConstraint("campaign_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="time"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    number: Mapped[int]  # from 0, by time
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    @property
    def day(self) -> date:
        """The day in Vietnam."""
        return day_of(self.starts_at)


class Participant(Model):
    """A producer or a distributor invited to a campaign."""

    __tablename__ = "campaign_participants"
    __table_args__ = (
        CheckConstraint(
            "(side = 'producer') = (producer_id IS NOT NULL) AND (side = 'buyer') = (distributor_id IS NOT NULL)",
            name="one_party",
        ),
        CheckConstraint("most IS NULL OR most BETWEEN 1 AND 60", name="most"),
        UniqueConstraint("campaign_id", "producer_id"),
        UniqueConstraint("campaign_id", "distributor_id"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    answer: Mapped[Answer] = mapped_column(choice(Answer, "answer"))
    most: Mapped[int | None]  # as it wishes itself, below the campaign's
    reason: Mapped[str] = mapped_column(String(300), default="")  # of declining or withdrawing
    answered_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]

    producer: Mapped[Producer | None] = related()
    distributor: Mapped[Distributor | None] = related()
    campaign: Mapped[Campaign] = related()

    @property
    def name(self) -> str:
        """The party's name; its producer, or distributor and organisation, are loaded."""
        if self.producer is not None:
            return self.producer.name
        return self.distributor.organisation.name if self.distributor is not None else ""

    @property
    def organisation_id(self) -> int:
        """Whose it is."""
        party = self.producer or self.distributor
        return party.organisation_id if party is not None else 0


class Absence(Model):
    """A slot in which a participant cannot come."""

    __tablename__ = "campaign_absences"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_participants.id"), primary_key=True, autoincrement=False
    )
    slot_id: Mapped[int] = mapped_column(ForeignKey("campaign_slots.id"), primary_key=True, autoincrement=False)


class Ruling(StrEnum):
    MUST = "must"  # before every other pair, after the floors
    NEVER = "never"


class PairRule(Model):
    """What the office says of a pair of a campaign, whatever their scores."""

    __tablename__ = "campaign_pair_rules"
    __table_args__ = (Index("ix_campaign_pair_rules_campaign_id", "campaign_id"),)

    producer_participant_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_participants.id"), primary_key=True, autoincrement=False
    )
    buyer_participant_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_participants.id"), primary_key=True, autoincrement=False
    )
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    ruling: Mapped[Ruling] = mapped_column(choice(Ruling, "ruling"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    said_by: Mapped[str] = mapped_column(String(200))
    said_at: Mapped[datetime]

    producer: Mapped[Participant] = related(foreign_keys=[producer_participant_id])
    buyer: Mapped[Participant] = related(foreign_keys=[buyer_participant_id])
