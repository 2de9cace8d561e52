"""Fairs, their editions with zones, sets wanted and quotas, the steps taken, the programme and its releases."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice


class EditionState(StrEnum):
    DRAFT = "draft"  # seen by the office alone
    OPEN = "open"  # producers apply
    SELECTION = "selection"  # applications are judged
    ALLOCATED = "allocated"  # who stands where is known to all
    RUNNING = "running"
    CLOSED = "closed"
    REPORTED = "reported"  # the report is given; nothing of it changes any more
    CANCELLED = "cancelled"


TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.OPEN, EditionState.CANCELLED}),
    EditionState.OPEN: frozenset({EditionState.SELECTION, EditionState.CANCELLED}),
    EditionState.SELECTION: frozenset({EditionState.OPEN, EditionState.ALLOCATED, EditionState.CANCELLED}),
    EditionState.ALLOCATED: frozenset({EditionState.RUNNING, EditionState.CANCELLED}),
    EditionState.RUNNING: frozenset({EditionState.CLOSED}),
    EditionState.CLOSED: frozenset({EditionState.REPORTED}),
    EditionState.REPORTED: frozenset(),
    EditionState.CANCELLED: frozenset(),
}
PUBLIC_STATES = frozenset(EditionState) - {EditionState.DRAFT}
PLANNED = frozenset({EditionState.DRAFT, EditionState.OPEN, EditionState.SELECTION})  # its facts may still change
COMING = frozenset({EditionState.OPEN, EditionState.SELECTION, EditionState.ALLOCATED, EditionState.RUNNING})
PLACED = frozenset({EditionState.ALLOCATED, EditionState.RUNNING, EditionState.CLOSED, EditionState.REPORTED})


class Entry(StrEnum):
    OPEN = "open"  # whoever registers
    INVITED = "invited"  # whoever holds an invitation


class Fair(Model):
    """A series: what comes back year after year under one name."""

    __tablename__ = "fairs"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))


class Edition(Model):
    """One fair held once. `opens` and `closes` are the hours of each of its days, Vietnam's time.

    `answer_days`: how long an offer of a place stands. `ticket_price` of nothing: free. `most_visitors`: tickets in
    all, None where nobody counts them.
    """

    __tablename__ = "fair_editions"
    __table_args__ = (
        UniqueConstraint("fair_id", "number"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("opens < closes", name="hours"),
        CheckConstraint("applications_from < applications_until", name="window"),
        CheckConstraint("answer_days BETWEEN 1 AND 60", name="answer_days"),
        CheckConstraint("least_stars BETWEEN 3 AND 5", name="least_stars"),
        CheckConstraint("ticket_price >= 0", name="ticket_price"),
        CheckConstraint("most_visitors IS NULL OR most_visitors > 0", name="most_visitors"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
        Index("ix_fair_editions_state", "state", "first_day"),
    )

    id: Mapped[RowId]
    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"))
    number: Mapped[int]  # of the series: the first, the second
    code: Mapped[str] = mapped_column(String(16), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    venue: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    opens: Mapped[time]
    closes: Mapped[time]
    state: Mapped[EditionState] = mapped_column(choice(EditionState, "state"))
    applications_from: Mapped[datetime]
    applications_until: Mapped[datetime]
    answer_days: Mapped[int]
    least_stars: Mapped[int] = mapped_column(default=3)
    entry: Mapped[Entry] = mapped_column(choice(Entry, "entry"))
    ticket_price: Mapped[Money]
    most_visitors: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    fair: Mapped[Fair] = related()
    zones: Mapped[list["EditionZone"]] = related(order_by="EditionZone.number", viewonly=True)
    sets: Mapped[list["EditionSet"]] = related(order_by="EditionSet.set_code", viewonly=True)
    quotas: Mapped[list["EditionQuota"]] = related(order_by="EditionQuota.id", viewonly=True)

    def open_to_applications(self, at: datetime) -> bool:
        """Whether producers may apply at an instant."""
        return self.state is EditionState.OPEN and self.applications_from <= at <= self.applications_until


class EditionZone(Model):
    """A part of the fair: a hall's side, a street; booths lie in it and product sets may gather in it."""

    __tablename__ = "fair_zones"
    __table_args__ = (UniqueConstraint("edition_id", "number"), UniqueConstraint("edition_id", "name"))

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")


class EditionSet(Model):
    """A product set that the edition wants; with none, every set is welcome."""

    __tablename__ = "fair_sets"

    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"), primary_key=True, autoincrement=False)
    set_code: Mapped[str] = mapped_column(String(16), primary_key=True)


class EditionQuota(Model):
    """How many exhibitors of a place at most: of a commune, a former district, or all from other provinces."""

    __tablename__ = "fair_quotas"
    __table_args__ = (UniqueConstraint("edition_id", "place"), CheckConstraint("most >= 0", name="most"))

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    place: Mapped[str] = mapped_column(String(20))  # `2025:03388`, `before-2025:106`, or `rules.OUTSIDE`
    most: Mapped[int]


class BudgetLine(Model):
    """What the edition's money is for: so much planned, so much spent."""

    __tablename__ = "fair_budget_lines"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("planned >= 0 AND spent >= 0", name="amounts"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(120))
    planned: Mapped[Money]
    spent: Mapped[Money]


class EditionStep(Model):
    """A step from one state to another. Those concerned read these rows and tell their people."""

    __tablename__ = "fair_steps"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    left: Mapped[EditionState] = mapped_column(choice(EditionState, "left"))
    entered: Mapped[EditionState] = mapped_column(choice(EditionState, "entered"))
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))


class ProgrammeItem(Model):
    """What happens at a time and a place: the office's working copy. `seats`: None where nobody takes a seat."""

    __tablename__ = "fair_programme"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="time"),
        CheckConstraint("seats IS NULL OR seats > 0", name="seats"),
        Index("ix_fair_programme_edition_id", "edition_id", "starts_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120))
    speaker: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int | None]

    edition: Mapped[Edition] = related()


class ProgrammeRelease(Model):
    """The programme as it was given to the public. The newest counts; `changes` tells what differs from the last."""

    __tablename__ = "fair_programme_releases"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # `rules.Session` each
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # `rules.Change` each
    released_at: Mapped[datetime]
    released_by: Mapped[str] = mapped_column(String(200))
