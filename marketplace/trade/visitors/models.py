"""Registrations and tickets, invitations, entry and its scans, seats at sessions, leads, letters that were written."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.fairs.models import Edition


class VisitorKind(StrEnum):
    BUYER = "buyer"  # comes to look and buy
    TRADE = "trade"  # buys for a business
    PRESS = "press"


class TicketState(StrEnum):
    VALID = "valid"
    UNPAID = "unpaid"  # until the desk takes the money
    CANCELLED = "cancelled"


class ListKind(StrEnum):
    GATE = "gate"
    SESSION = "session"


class Outcome(StrEnum):
    """What came of a scan."""

    OK = "ok"
    DOUBLE = "double"
    FORGED = "forged"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    UNKNOWN = "unknown"
    OUTSIDE_HOURS = "outside_hours"
    WRONG_EDITION = "wrong_edition"


class SeatState(StrEnum):
    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class TicketCount(Model):
    """How many tickets of an edition are out: the row by which no more are given than there may be."""

    __tablename__ = "fair_ticket_counts"
    __table_args__ = (CheckConstraint("given >= 0 AND (most IS NULL OR given <= most)", name="given"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"), primary_key=True, autoincrement=False)
    given: Mapped[int]
    most: Mapped[int | None]  # as it was when the last one was given


class Invitation(Model):
    """A code that lets so many people register where entry is by invitation."""

    __tablename__ = "fair_invitations"
    __table_args__ = (
        CheckConstraint("most BETWEEN 1 AND 10000", name="most"),
        CheckConstraint("used BETWEEN 0 AND most", name="used"),
        Index("ix_fair_invitations_edition_id", "edition_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    whom: Mapped[str] = mapped_column(String(120))
    most: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]


class Registration(Model):
    """Who asked for tickets, how to reach them; `first_day` and `last_day` are the days that they were told."""

    __tablename__ = "fair_registrations"
    __table_args__ = (
        CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),
        Index("ix_fair_registrations_edition_id", "edition_id"),
    )

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("fair_invitations.id"))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    email: Mapped[str | None] = mapped_column(String(254))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))  # a commune or a province
    kind: Mapped[VisitorKind] = mapped_column(choice(VisitorKind, "kind"))
    language: Mapped[str] = mapped_column(String(2))
    first_day: Mapped[date]
    last_day: Mapped[date]
    registered_at: Mapped[datetime]

    edition: Mapped[Edition] = related()
    place: Mapped[AdministrativeUnit | None] = related()
    tickets: Mapped[list["Ticket"]] = related(order_by="Ticket.number", viewonly=True)


class Ticket(Model):
    """One person's entry. `consent_version`: which words on leads its holder agreed to, None where not or no more."""

    __tablename__ = "fair_tickets"
    __table_args__ = (
        UniqueConstraint("registration_id", "number"),
        Index("ix_fair_tickets_edition_id_state", "edition_id", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("fair_registrations.id"))
    number: Mapped[int]  # of its registration, from 1
    state: Mapped[TicketState] = mapped_column(choice(TicketState, "state"))
    state_since: Mapped[datetime]
    consent_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    paid_to: Mapped[str] = mapped_column(String(200), default="")

    registration: Mapped[Registration] = related()


class TicketCharge(Model):
    """A ticket that a charge is for. `settled_at`: its money did what it was paid for, or was given back at once;
    `returned_at`: given back later, the ticket being cancelled or the fair called off.
    """

    __tablename__ = "fair_ticket_charges"
    __table_args__ = (CheckConstraint("returned_at IS NULL OR settled_at IS NOT NULL", name="returned"),)

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id"), primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("fair_tickets.id"), primary_key=True, autoincrement=False, index=True
    )
    settled_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]


class CheckinList(Model):
    """Where people are let in: a gate, a session. A ticket goes in once for each list, or once a day for each."""

    __tablename__ = "fair_checkin_lists"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        CheckConstraint("ends_at IS NULL OR starts_at IS NULL OR starts_at < ends_at", name="time"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ListKind] = mapped_column(choice(ListKind, "kind"))
    daily: Mapped[bool]
    starts_at: Mapped[datetime | None]  # None: the edition's days and hours
    ends_at: Mapped[datetime | None]

    edition: Mapped[Edition] = related()


class CheckinDevice(Model):
    """A phone at a gate: whoever holds its link lets people in there, until it is revoked."""

    __tablename__ = "fair_checkin_devices"
    __table_args__ = (Index("ix_fair_checkin_devices_list_id", "list_id"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("fair_checkin_lists.id"))
    name: Mapped[str] = mapped_column(String(80))
    token: Mapped[str] = mapped_column(String(64), unique=True)  # its hash
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]

    list: Mapped[CheckinList] = related()


class Scan(Model):
    """One look at a ticket, whatever came of it; never changed, but that a device may tell later it let somebody in.

    `let_in`: the device opened the door. `against_id`: the scan whose admission stood when this one came.
    """

    __tablename__ = "fair_scans"
    __table_args__ = (
        Index("ix_fair_scans_list_id_scanned_at", "list_id", "scanned_at"),
        Index("ix_fair_scans_ticket_id", "ticket_id"),
    )

    id: Mapped[RowId]
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("fair_checkin_lists.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("fair_tickets.id"))
    typed: Mapped[str] = mapped_column(String(200))
    device: Mapped[str] = mapped_column(String(80))
    scanned_at: Mapped[datetime]  # by the device's clock, never after `received_at`
    received_at: Mapped[datetime]
    result: Mapped[Outcome] = mapped_column(choice(Outcome, "result"))
    offline: Mapped[bool]
    let_in: Mapped[bool]
    against_id: Mapped[int | None] = mapped_column(ForeignKey("fair_scans.id"))

    list: Mapped[CheckinList] = related()
    ticket: Mapped[Ticket | None] = related()
    against: Mapped["Scan | None"] = related(remote_side="Scan.id")


class Admission(Model):
    """A ticket went in: by this key the database itself admits once. Its time is the earliest scan's that let it in.

    `day`: the day in Vietnam; for a list that is not daily, the edition's first.
    """

    __tablename__ = "fair_admissions"

    list_id: Mapped[int] = mapped_column(ForeignKey("fair_checkin_lists.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("fair_tickets.id"), primary_key=True, autoincrement=False)
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("fair_scans.id"))
    scanned_at: Mapped[datetime]
    came_on: Mapped[date]  # the day itself, also for a list that is not daily
    hour: Mapped[int]  # in Vietnam


class SeatCount(Model):
    """How many seats of a session are taken; `seats` as the programme said when the last one was."""

    __tablename__ = "fair_seat_counts"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= seats", name="taken"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"), primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)
    taken: Mapped[int]
    seats: Mapped[int]


class SeatBooking(Model):
    """A ticket's seat at a session of the released programme, or its place in the queue for one (by id)."""

    __tablename__ = "fair_seat_bookings"
    __table_args__ = (
        Index(
            "uq_fair_seat_bookings_item_ticket_id",
            "item",
            "ticket_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("ix_fair_seat_bookings_edition_id", "edition_id", "item", "state"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    item: Mapped[str] = mapped_column(String(16))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("fair_tickets.id"))
    state: Mapped[SeatState] = mapped_column(choice(SeatState, "state"))
    asked_at: Mapped[datetime]
    state_since: Mapped[datetime]

    ticket: Mapped[Ticket] = related()


class Lead(Model):
    """A visitor whom an exhibitor noted. Name and phone stand in the registration alone, shown while agreed to.

    `consent_version`: what the visitor had agreed to when it was noted; None: name and phone are not shown.
    """

    __tablename__ = "fair_leads"
    __table_args__ = (
        UniqueConstraint("application_id", "ticket_id"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("fair_tickets.id"))
    consent_version: Mapped[int | None]
    rating: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[str] = mapped_column(Text, default="")
    next_action: Mapped[str] = mapped_column(String(200), default="")
    next_on: Mapped[date | None]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(200))

    application: Mapped[Application] = related()
    ticket: Mapped[Ticket] = related()
    goods: Mapped[list["LeadGoods"]] = related(order_by="LeadGoods.listing_id", viewonly=True)


class LeadGoods(Model):
    """What the visitor asked about."""

    __tablename__ = "fair_lead_goods"

    lead_id: Mapped[int] = mapped_column(ForeignKey("fair_leads.id"), primary_key=True, autoincrement=False)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)

    listing: Mapped[Listing] = related()


class VisitorLetter(Model):
    """A letter that a registration was written: `tomorrow`, `cancelled`, `moved …`, `release 3`. Each once."""

    __tablename__ = "fair_visitor_letters"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("fair_registrations.id"), primary_key=True, autoincrement=False
    )
    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    written_at: Mapped[datetime]
