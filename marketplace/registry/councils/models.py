"""Councils, members, sittings, score sheets, results, appeals."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile
from marketplace.registry.dossiers.models import Dossier
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rulesets.rules import AuthorityLevel


class Seat(StrEnum):
    """What a member is in the council."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class SittingState(StrEnum):
    PLANNED = "planned"  # the table is laid: dossiers are put on it and taken off
    OPEN = "open"  # members score
    CLOSED = "closed"  # averages are drawn; nothing changes any more


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Council(Model):
    """A council by the decision that set it up. Districts had theirs until June 2025."""

    __tablename__ = "councils"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))  # whose officers keep it
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[AuthorityLevel] = mapped_column(choice(AuthorityLevel, "level"))
    decision_number: Mapped[str] = mapped_column(String(64))
    established_on: Mapped[date]
    created_at: Mapped[datetime]
    members: Mapped[list["CouncilMember"]] = related(order_by="CouncilMember.id", viewonly=True)

    @property
    def seated(self) -> list["CouncilMember"]:
        """Who has a seat today."""
        return [member for member in self.members if member.left_at is None]

    @property
    def chaired(self) -> bool:
        """Whether somebody has the chairman's seat: without one no sitting opens."""
        return any(member.seat is Seat.CHAIR for member in self.seated)


class CouncilMember(Model):
    """A person in a council, from whichever department. Who has left keeps what they scored."""

    __tablename__ = "council_members"
    __table_args__ = (UniqueConstraint("council_id", "user_id"), Index("ix_council_members_user_id", "user_id"))

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("councils.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(200))
    seat: Mapped[Seat] = mapped_column(choice(Seat, "seat"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    user: Mapped[User] = related()


class Sitting(Model):
    """A day on which a council scores dossiers of a round."""

    __tablename__ = "council_sittings"
    __table_args__ = (
        UniqueConstraint("round_id", "council_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("councils.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_rounds.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    state: Mapped[SittingState] = mapped_column(choice(SittingState, "state"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(120), default="")
    # as it closed: {"missing": {member: [dossiers without their sheet]}, "left": {member: day}}, by their codes
    absences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    council: Mapped[Council] = related()
    round: Mapped[EvaluationRound] = related()


class TableEntry(Model):
    """A dossier on a sitting's table, and, once the sitting is closed, what its scores came to."""

    __tablename__ = "council_table"
    __table_args__ = (
        CheckConstraint("(average IS NULL) = (stars IS NULL)", name="result"),
        CheckConstraint("average IS NULL OR (average >= 0 AND average <= 100)", name="average"),
        Index("ix_council_table_dossier_id", "dossier_id"),
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("council_sittings.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    position: Mapped[int]
    average: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    by_band: Mapped[int | None]
    by_minimum: Mapped[int | None]
    stars: Mapped[int | None]
    potential_five: Mapped[bool] = mapped_column(default=False)
    failing: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of minimum criteria not met

    dossier: Mapped[Dossier] = related()


class ScoreSheet(Model):
    """One member's sheet for one dossier of a sitting: signed, it counts; reopened, not, until the sitting closes."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("sitting_id", "dossier_id", "member_id"),)

    id: Mapped[RowId]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("council_sittings.id"))
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"))
    points: Mapped[dict[str, Any]] = mapped_column(JSON)  # line to points, as text so that no digit is lost
    met: Mapped[list[str]] = mapped_column(JSON)  # codes of the minimum criteria found met
    comment: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("kept_files.id"))  # the paper sheet
    entered_by: Mapped[str] = mapped_column(String(120))  # the member, or the officer who copied the paper sheet
    changed_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    member: Mapped[CouncilMember] = related()
    scan: Mapped[KeptFile | None] = related()

    @property
    def mark(self) -> str:
        """What somebody has seen who saw this sheet: another one once points, criteria, comment, signature differ."""
        told = [sorted(self.points.items()), self.met, self.comment, self.signed_at is not None]
        return sha256(json.dumps(told).encode()).hexdigest()[:16]


class Appeal(Model):
    """A producer's objection to an outcome; one open at a time."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state = 'open' OR answer <> ''", name="answer"),
        Index("ix_appeals_dossier_id", "dossier_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(choice(AppealState, "state"))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(120), default="")

    dossier: Mapped[Dossier] = related()
