"""Reading entry: lists, devices, scans, what a device keeps for when there is no network."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.ids import token_hash
from marketplace.trade.fairs.models import Edition
from marketplace.trade.visitors.models import (
    Admission,
    CheckinDevice,
    CheckinList,
    Outcome,
    Scan,
    Ticket,
    TicketState,
)
from marketplace.trade.visitors.rules import Hours, mark

SHOWN = 50


def list_lists(edition_id: int) -> list[CheckinList]:
    """An edition's lists, the oldest first."""
    query = select(CheckinList).where(CheckinList.edition_id == edition_id).order_by(CheckinList.id)
    return list(db.session.scalars(query.options(joinedload(CheckinList.edition))))


def get_list(edition_id: int, code: str) -> CheckinList:
    """An edition's list, or NotFound."""
    query = select(CheckinList).options(joinedload(CheckinList.edition))
    found = db.session.scalar(query.where(CheckinList.edition_id == edition_id, CheckinList.code == code))
    if found is None:
        raise NotFound
    return found


def list_devices(edition_id: int) -> list[CheckinDevice]:
    """An edition's devices with their lists, the latest first."""
    query = select(CheckinDevice).join(CheckinDevice.list).options(joinedload(CheckinDevice.list))
    return list(db.session.scalars(query.where(CheckinList.edition_id == edition_id).order_by(CheckinDevice.id.desc())))


def get_device(token: str, *, hold: bool = False) -> CheckinDevice:
    """The device of a link that was not revoked, with its list and edition, or NotFound."""
    whole = joinedload(CheckinDevice.list).joinedload(CheckinList.edition)
    query = select(CheckinDevice).options(whole)
    query = query.where(CheckinDevice.token == token_hash(token), CheckinDevice.revoked_at.is_(None))
    found = db.session.scalar(held(query, CheckinDevice) if hold else query)
    if found is None:
        raise NotFound
    return found


def hours_of(row: CheckinList) -> Hours:
    """When a list lets people in; its edition is loaded."""
    edition = row.edition
    days = (edition.first_day, edition.last_day, edition.opens, edition.closes)
    return Hours(*days, row.starts_at, row.ends_at)


def admission_day(row: CheckinList, on: date) -> date:
    """The day that an admission counts for: the day itself, or for a list that is not daily the edition's first."""
    return on if row.daily else row.edition.first_day


def find_tickets(codes: Collection[str]) -> dict[str, tuple[Ticket, str]]:
    """Tickets by code, each with its edition's code, whatever the edition."""
    query = select(Ticket, Edition.code).join(Edition, Edition.id == Ticket.edition_id).where(Ticket.code.in_(codes))
    return {row[0].code: (row[0], row[1]) for row in db.session.execute(query)}


def find_scans(client_ids: Collection[str]) -> dict[str, Scan]:
    """Scans that came before, by the device's own number of them."""
    return {row.client_id: row for row in db.session.scalars(select(Scan).where(Scan.client_id.in_(client_ids)))}


def list_double(edition_id: int) -> list[Scan]:
    """Whoever two doors let in: scans of devices that opened the door though the ticket was in already."""
    query = select(Scan).join(Scan.list).where(CheckinList.edition_id == edition_id)
    query = query.where(Scan.result == Outcome.DOUBLE, Scan.let_in)
    whole = (joinedload(Scan.ticket), joinedload(Scan.against), joinedload(Scan.list))
    return list(db.session.scalars(query.options(*whole).order_by(Scan.id.desc()).limit(SHOWN)))


def list_refused(edition_id: int) -> list[Scan]:
    """The latest scans that were refused."""
    query = select(Scan).join(Scan.list).where(CheckinList.edition_id == edition_id, Scan.result != Outcome.OK)
    whole = (joinedload(Scan.ticket), joinedload(Scan.list))
    return list(db.session.scalars(query.options(*whole).order_by(Scan.id.desc()).limit(SHOWN)))


@dataclass(frozen=True)
class Kept:
    """What a device keeps: marks of tickets by standing, of those that went in already, and their version."""

    valid: list[str]
    unpaid: list[str]
    cancelled: list[str]
    inside: list[str]

    @property
    def version(self) -> str:
        """The same for the same marks."""
        text = "|".join(",".join(each) for each in (self.valid, self.unpaid, self.cancelled, self.inside))
        return sha256(text.encode()).hexdigest()[:32]


def kept_by_device(row: CheckinList, on: date) -> Kept:
    """The marks for a list on a day, each sorted."""
    marks: dict[TicketState, list[str]] = {state: [] for state in TicketState}
    edition = row.edition
    for code, state in db.session.execute(select(Ticket.code, Ticket.state).where(Ticket.edition_id == edition.id)):
        marks[state].append(mark(edition.code, code))
    went = select(Ticket.code).join(Admission, Admission.ticket_id == Ticket.id)
    went = went.where(Admission.list_id == row.id, Admission.day == admission_day(row, on))
    inside = [mark(edition.code, code) for code in db.session.scalars(went)]
    return Kept(
        sorted(marks[TicketState.VALID]),
        sorted(marks[TicketState.UNPAID]),
        sorted(marks[TicketState.CANCELLED]),
        sorted(inside),
    )
