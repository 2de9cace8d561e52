"""Campaigns, who takes part and when they are there, runs of the timetable, meetings and their seats."""

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
    ONLINE = "online"  # each meeting has its own link
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


class RunState(StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    PUBLISHED = "published"


UNDER_WAY = frozenset({RunState.ASKED, RunState.RUNNING})


class MeetingState(StrEnum):
    TENTATIVE = "tentative"  # published, not confirmed by both
    CONFIRMED = "confirmed"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


MEETING_TRANSITIONS: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.TENTATIVE: frozenset(
        {MeetingState.CONFIRMED, MeetingState.HELD, MeetingState.NO_SHOW, MeetingState.CANCELLED}
    ),
    MeetingState.CONFIRMED: frozenset({MeetingState.HELD, MeetingState.NO_SHOW, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset(),
    MeetingState.NO_SHOW: frozenset(),
    MeetingState.CANCELLED: frozenset({MeetingState.TENTATIVE}),  # a later run brings the two together again
}
LIVE = frozenset({MeetingState.TENTATIVE, MeetingState.CONFIRMED, MeetingState.HELD, MeetingState.NO_SHOW})


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
    weights_number: Mapped[int]  # the version of the weights it began with
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    slots: Mapped[list["CampaignSlot"]] = related(order_by="CampaignSlot.number", viewonly=True)


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


class MatchRun(Model):
    """One working out of the timetable: its whole input, what came of it, how good that is known to be.

    Nothing of it is seen outside the office until it is published.
    """

    __tablename__ = "match_runs"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint("state NOT IN ('done', 'published') OR result IS NOT NULL", name="result"),
    )

    id: Mapped[RowId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(choice(RunState, "state"))
    stage: Mapped[str] = mapped_column(String(32), default="")
    stop_asked: Mapped[bool] = mapped_column(default=False)
    limit_seconds: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), default="")
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # `snapshots.Snapshot`
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # `timetables.Timetable`
    error: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = related()

    @property
    def busy(self) -> bool:
        """Whether it waits or is being worked out."""
        return self.state in UNDER_WAY


class Meeting(Model):
    """A producer and a buyer who meet in a campaign, once. `explained` keeps the match it was made for."""

    __tablename__ = "campaign_meetings"
    __table_args__ = (
        UniqueConstraint("producer_participant_id", "buyer_participant_id"),
        CheckConstraint("(state = 'no_show') = (absent IS NOT NULL)", name="absent_of_no_show"),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="cancelled_with_reason"),
        CheckConstraint(
            "state <> 'confirmed' OR (producer_confirmed_at IS NOT NULL AND buyer_confirmed_at IS NOT NULL)",
            name="confirmed_by_both",
        ),
        Index("ix_campaign_meetings_campaign_id_state", "campaign_id", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    producer_participant_id: Mapped[int] = mapped_column(ForeignKey("campaign_participants.id"))
    buyer_participant_id: Mapped[int] = mapped_column(ForeignKey("campaign_participants.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("campaign_slots.id"))
    table: Mapped[int] = mapped_column("table_number")  # from 0
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState, "state"))
    demand_code: Mapped[str] = mapped_column(String(16), default="")
    offer_code: Mapped[str] = mapped_column(String(16), default="")
    explained: Mapped[dict[str, Any]] = mapped_column(JSON)
    producer_confirmed_at: Mapped[datetime | None]
    buyer_confirmed_at: Mapped[datetime | None]
    absent: Mapped[Side | None] = mapped_column(choice(Side, "absent"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")  # what was said there, by the office
    sequence: Mapped[int] = mapped_column(default=0)  # of its calendar entry: raised with each change
    changed_at: Mapped[datetime]

    producer: Mapped[Participant] = related(foreign_keys=[producer_participant_id])
    buyer: Mapped[Participant] = related(foreign_keys=[buyer_participant_id])
    slot: Mapped[CampaignSlot] = related()
    campaign: Mapped[Campaign] = related()


class MeetingSeat(Model):
    """That a participant sits in a meeting in a slot: the key keeps one from being in two. Gone when cancelled."""

    __tablename__ = "meeting_seats"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("campaign_participants.id"), primary_key=True, autoincrement=False
    )
    slot_id: Mapped[int] = mapped_column(ForeignKey("campaign_slots.id"), primary_key=True, autoincrement=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("campaign_meetings.id"), index=True)


class TableSeat(Model):
    """That a table is taken in a slot: the key keeps it from two meetings. Gone when the meeting is cancelled."""

    __tablename__ = "table_seats"

    slot_id: Mapped[int] = mapped_column(ForeignKey("campaign_slots.id"), primary_key=True, autoincrement=False)
    table: Mapped[int] = mapped_column("table_number", primary_key=True, autoincrement=False)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("campaign_meetings.id"), unique=True)
