"""Tickets are given, paid for at the desk, cancelled; their holders agree to leads, or no longer."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import update

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.people.places.queries import list_units
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code, token_hash
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import COMING, Edition, Entry
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors import mails
from marketplace.trade.visitors.models import Registration, Ticket, TicketCount, TicketState, VisitorKind
from marketplace.trade.visitors.queries import find_by_key, get_ticket, was_admitted
from marketplace.trade.visitors.rules import CONSENT_VERSION, MOST_TICKETS
from marketplace.trade.visitors.services.doors import ensure_gate
from marketplace.trade.visitors.services.inviting import use_invitation
from marketplace.trade.visitors.services.paying import let_go_of
from marketplace.trade.visitors.services.seats import leave_all
from marketplace.trade.visitors.services.steps import TicketOver, step


class RegistrationClosed(Conflict):
    """The edition takes no visitors: it is over, or called off."""

    code = "registration_closed"
    message = N_("Hội chợ này không nhận đăng ký vé nữa.")


class NoTicketsLeft(Conflict):
    """So many tickets are no longer there."""

    code = "no_tickets_left"
    message = N_("Không còn đủ vé cho số người này.")


class InvitationBad(Conflict):
    """Entry is by invitation, and this code is none, or was used as often as it may be."""

    code = "invitation_bad"
    message = N_("Mã mời không đúng, hoặc đã dùng hết số lần.")


class KeyUsed(Conflict):
    """This form was sent before with other content."""

    code = "ticket_key_used"
    message = N_("Biểu mẫu này đã gửi với nội dung khác. Hãy tải lại trang rồi gửi lại.")


@dataclass(frozen=True)
class VisitorFacts:
    """What a visitor says. `place`: a commune's or province's mark such as `2025:03388`, or nothing."""

    name: str
    phone: str = ""
    email: str = ""
    people: int = 1
    place: str = ""
    kind: VisitorKind = VisitorKind.BUYER
    language: str = "vi"
    consent: bool = False
    invitation: str = ""


def register(*, code: str, key: str, facts: VisitorFacts, at: datetime) -> Registration:
    """Give a ticket for each person, all or none; the same key again is the same registration.

    Raises Invalid by field, RegistrationClosed, InvitationBad, NoTicketsLeft, KeyUsed.
    """
    fingerprint = sha256(json.dumps(asdict(facts), default=str, sort_keys=True).encode()).hexdigest()
    known = find_by_key(token_hash(key))
    if known is not None:
        if known.fingerprint != fingerprint:
            raise KeyUsed
        return known
    edition = get_edition(code)
    if edition.state not in COMING or day_of(at) > edition.last_day:
        raise RegistrationClosed
    row = _registration(edition, facts)
    if edition.entry is Entry.INVITED:
        row.invitation_id = use_invitation(edition.id, facts.invitation, facts.people)
        if row.invitation_id is None:
            raise InvitationBad
    if not count_given(edition.id, facts.people, edition.most_visitors):
        raise NoTicketsLeft
    row.key, row.fingerprint, row.registered_at = token_hash(key), fingerprint, at
    db.session.add(row)
    db.session.flush()
    _give(edition, row, facts, at)
    ensure_gate(edition.id)
    found = find_by_key(row.key)
    assert found is not None
    mails.tickets_given(found, at=at)
    return found


def _registration(edition: Edition, facts: VisitorFacts) -> Registration:
    wrong: dict[str, str] = {}
    read: dict[str, str | None] = {"phone": None, "email": None}
    for name, reader in (("phone", read_phone), ("email", read_email)):
        typed = getattr(facts, name).strip()
        try:
            read[name] = reader(typed) if typed else None
        except Invalid as invalid:
            wrong |= invalid.fields
    if not facts.phone.strip() and not facts.email.strip():
        wrong["phone"] = N_("Ghi số điện thoại hoặc địa chỉ thư.")
    if not nfc(facts.name):
        wrong["name"] = N_("Ghi họ tên.")
    if not 1 <= facts.people <= MOST_TICKETS:
        wrong["people"] = N_("Từ 1 đến 10 người một lần đăng ký.")
    places = list_units([facts.place]) if facts.place else []
    if facts.place and not places:
        wrong["place"] = N_("Chọn một nơi trong danh sách.")
    if wrong:
        raise Invalid(wrong)
    return Registration(
        edition_id=edition.id,
        name=nfc(facts.name)[:120],
        phone=read["phone"],
        email=read["email"],
        place_id=places[0].id if places else None,
        kind=facts.kind,
        language=facts.language,
        first_day=edition.first_day,
        last_day=edition.last_day,
    )


def _give(edition: Edition, row: Registration, facts: VisitorFacts, at: datetime) -> None:
    for number in range(1, facts.people + 1):
        ticket = Ticket(
            code=f"VE{random_code(10)}",
            edition_id=edition.id,
            registration_id=row.id,
            number=number,
            state=TicketState.UNPAID if edition.ticket_price else TicketState.VALID,
            state_since=at,
        )
        if facts.consent:
            ticket.consent_version, ticket.consented_at = CONSENT_VERSION, at
        db.session.add(ticket)
    db.session.flush()


def count_given(edition_id: int, people: int, most: int | None) -> bool:
    """Take so many tickets of those there may be, by one conditional change; False where they are not there."""
    first = insert_into(TicketCount).values(edition_id=edition_id, given=0, most=None)
    db.session.execute(first.on_conflict_do_nothing())
    taking = update(TicketCount).where(TicketCount.edition_id == edition_id)
    if most is not None:
        taking = taking.where(TicketCount.given + people <= most)
    return rows_changed(taking.values(given=TicketCount.given + people, most=most)) == 1


def cancel_ticket(*, code: str, ticket: str, by: Actor, at: datetime) -> None:
    """The ticket is worth nothing any more, its seats are others'; what was paid online for it goes back.

    Whether `by` holds its link, the view has asked. Raises TicketOver for one that has been let in.
    """
    edition = get_edition(code)
    row = get_ticket(edition.id, ticket, hold=True)
    if was_admitted(row.id):
        raise TicketOver
    step(row, TicketState.CANCELLED, (TicketState.VALID, TicketState.UNPAID), at=at)
    back = update(TicketCount).where(TicketCount.edition_id == edition.id, TicketCount.given > 0)
    rows_changed(back.values(given=TicketCount.given - 1))
    leave_all(edition, row.id, at=at)
    let_go_of(row, by=by, at=at)
    record(by=by, action="ticket.cancelled", subject_type="ticket", subject=ticket, at=at)


def take_payment(*, code: str, ticket: str, by: Actor, at: datetime) -> None:
    """The desk has the money: the ticket lets its holder in."""
    if not RUN_FAIRS.held_by(by):
        raise Forbidden
    row = get_ticket(get_edition(code).id, ticket, hold=True)
    step(row, TicketState.VALID, (TicketState.UNPAID,), at=at)
    paid = update(Ticket).where(Ticket.id == row.id)
    rows_changed(paid.values(paid_at=at, paid_to=by.name))
    let_go_of(row, by=by, at=at)
    record(by=by, action="ticket.paid", subject_type="ticket", subject=ticket, at=at)


def set_consent(*, code: str, ticket: str, given: bool, at: datetime) -> None:
    """The holder lets exhibitors see name and phone, or no longer: from now on no lead shows them."""
    row = get_ticket(get_edition(code).id, ticket, hold=True)
    row.consent_version = CONSENT_VERSION if given else None
    row.consented_at = at if given else None
