"""Runs of a campaign's timetable, meetings and their seats."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.trade.campaigns.models.planned import Campaign, CampaignSlot, Participant, Side


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
    released_at: Mapped[datetime | None]  # when it was called off because it was not confirmed in time
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
