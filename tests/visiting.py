"""Builders of visitors: tickets as people ask for them, a gate, a device, scans, an exhibitor at a fair."""

from datetime import UTC, datetime
from uuid import uuid4

from flask import current_app
from sqlalchemy import select

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.fairs.models import Edition
from marketplace.trade.visitors.gates import list_lists
from marketplace.trade.visitors.links import ticket_seed, ticket_text
from marketplace.trade.visitors.models import CheckinList, Invitation, Outcome, Registration, Scan, Ticket
from marketplace.trade.visitors.services import (
    Seen,
    VisitorFacts,
    ensure_gate,
    make_device,
    make_invitation,
    register,
    scan_all,
)
from tests.builders import BY

NOON = datetime(2026, 12, 18, 5, 0, tzinfo=UTC)  # noon of the fair's first day in Vietnam
TICKET_TYPED = {"name": "An", "phone": "0912345678", "email": "", "people": "1", "kind": "buyer"}


def make_visitor(edition: Edition, *, at: datetime, name: str = "An", **said: object) -> Registration:
    """Somebody with tickets."""
    usual: dict[str, object] = {"email": f"{uuid4().hex[:8]}@example.com", **said}
    with transaction():
        return register(code=edition.code, key=uuid4().hex, facts=VisitorFacts(name=name, **usual), at=at)  # type: ignore[arg-type] # a builder's facts


def make_ticket(edition: Edition, *, at: datetime, **said: object) -> Ticket:
    """One ticket."""
    return make_visitor(edition, at=at, **said).tickets[0]  # type: ignore[arg-type] # a builder's facts


def gate_of(edition: Edition) -> CheckinList:
    """The edition's first list, made where there is none."""
    with transaction():
        ensure_gate(edition.id)
    return list_lists(edition.id)[0]


def device_at(edition: Edition, *, at: datetime, name: str = "Cổng 1") -> str:
    """The secret of a new device's link."""
    with transaction():
        return make_device(code=edition.code, at_list=gate_of_within(edition), name=name, by=BY, at=at)[1]


def gate_of_within(edition: Edition) -> str:
    """The first list's code, inside an open block."""
    ensure_gate(edition.id)
    return db.session.scalars(select(CheckinList.code).where(CheckinList.edition_id == edition.id)).first() or ""


def signed(edition: Edition, ticket: Ticket) -> str:
    """What its QR code says."""
    return ticket_text(edition.code, ticket.code)


def look(
    edition: Edition,
    text: str,
    *,
    at: datetime = NOON,
    scanned_at: datetime | None = None,
    device: str = "Cổng 1",
    offline: bool = False,
    let_in: bool = False,
    client_id: str = "",
) -> Scan:
    """Scan it at the gate."""
    with transaction():
        row = next(each for each in list_lists(edition.id))
        seen = Seen(client_id or str(uuid4()), text, scanned_at or at, offline, let_in)
        return scan_all(row, [seen], device=device, seed=ticket_seed(), at=at)[0]


def outcome(edition: Edition, text: str, *, at: datetime = NOON) -> Outcome:
    """What comes of scanning it."""
    return look(edition, text, at=at).result


def invitation(edition: Edition, *, at: datetime, most: int = 1) -> Invitation:
    """An invitation for so many."""
    with transaction():
        return make_invitation(code=edition.code, whom="Sở Công Thương", most=most, by=BY, at=at)


def make_exhibitor(
    edition: Edition, producer: Producer, *, at: datetime, state: ApplicationState = ApplicationState.CONFIRMED
) -> Application:
    """An application of the producer's that stands so."""
    row = Application(code=f"DK{uuid4().hex[:8]}", edition_id=edition.id, producer_id=producer.id, state=state)
    row.created_at = at
    with transaction():
        db.session.add(row)
    return row


def site() -> str:
    """The site's absolute address."""
    return str(current_app.config["SETTINGS"].site_url)
