"""What was done to reach people, with its papers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile

MOST_PEOPLE = 10_000_000


class ActivityKind(StrEnum):
    BROADCAST = "broadcast"
    ARTICLE = "article"
    TRAINING = "training"
    MEETING = "meeting"
    OTHER = "other"


class Activity(Model):
    """One thing a unit did on a day. What was entered by mistake is withdrawn with the reason, never deleted."""

    __tablename__ = "outreach_activities"
    __table_args__ = (
        CheckConstraint(f"people BETWEEN 0 AND {MOST_PEOPLE}", name="people"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why = '')", name="withdrawn_with_reason"),
        Index("ix_outreach_activities_held_on", "held_on"),
        Index("ix_outreach_activities_unit_id", "unit_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))  # who held it
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str] = mapped_column(String(200))
    people: Mapped[int]  # reached, as its holder counted or estimated
    note: Mapped[str] = mapped_column(Text, default="")
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")

    unit: Mapped[AdministrativeUnit] = related()


class ActivityFile(Model):
    """A paper of an activity: a list of those present, a cutting, a photograph."""

    __tablename__ = "outreach_files"
    __table_args__ = (Index("ix_outreach_files_activity_id", "activity_id"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("kept_files.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("outreach_activities.id"))
    added_at: Mapped[datetime]

    file: Mapped[KeptFile] = related()
