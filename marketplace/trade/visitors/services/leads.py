"""Leads: an exhibitor notes a visitor by the ticket's code; name and phone are shown while the visitor agrees."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.visitors.leading import get_lead, listings_shown
from marketplace.trade.visitors.models import Lead, LeadGoods, Ticket, TicketState
from marketplace.trade.visitors.rules import public_key, read

LONG = 2000


@dataclass(frozen=True)
class LeadFacts:
    """What an exhibitor notes. `goods`: slugs of listings of its own that the visitor asked about."""

    rating: int | None = None
    note: str = ""
    wish: str = ""
    goods: frozenset[str] = frozenset()
    next_action: str = ""
    next_on: date | None = None


def take_lead(*, code: str, typed: str, client_id: str, facts: LeadFacts, seed: bytes, by: Actor, at: datetime) -> Lead:
    """Note the visitor of a ticket that was scanned or typed; the same ticket again is the same lead.

    A visitor who did not agree is noted without name; one who agrees later is, when scanned again, noted with it.
    """
    place = get_own_stand(code, by=by)
    _check(facts)
    shown = read(typed, code, public_key(seed))
    ticket = db.session.scalar(select(Ticket).where(Ticket.edition_id == place.edition_id, Ticket.code == shown.code))
    if ticket is None or ticket.state is TicketState.CANCELLED or (shown.signed and not shown.good):
        raise Invalid({"ticket": N_("Không có vé nào của hội chợ này mang mã ấy.")})
    known = db.session.scalar(select(Lead).where(Lead.application_id == place.id, Lead.ticket_id == ticket.id))
    if known is not None:
        known.consent_version = known.consent_version or ticket.consent_version
        return known
    number = _free_number(client_id)
    lead = Lead(code=f"KH{random_code(8)}", client_id=number, application_id=place.id, ticket_id=ticket.id)
    lead.consent_version, lead.noted_at, lead.noted_by = ticket.consent_version, at, by.name
    _fill(lead, facts)
    db.session.add(lead)
    db.session.flush()
    _wish(lead, facts.goods, by)
    record(by=by, action="lead.noted", subject_type="lead", subject=lead.code, at=at)
    return lead


def change_lead(*, code: str, lead: str, facts: LeadFacts, by: Actor, at: datetime) -> None:
    """Note something else about the visitor."""
    place = get_own_stand(code, by=by)
    _check(facts)
    row = get_lead(place.id, lead, hold=True)
    _fill(row, facts)
    _wish(row, facts.goods, by)
    record(by=by, action="lead.changed", subject_type="lead", subject=lead, at=at)


def _free_number(client_id: str) -> str:
    """The form's own number, or a new one where the form came back from the browser's history with another ticket."""
    typed = client_id[:36]
    used = db.session.scalar(select(Lead.id).where(Lead.client_id == typed)) is not None
    return random_code(26) if used or not typed else typed


def _check(facts: LeadFacts) -> None:
    wrong = {}
    if facts.rating is not None and not 1 <= facts.rating <= 5:
        wrong["rating"] = N_("Từ 1 đến 5.")
    for name in ("note", "wish"):
        if len(getattr(facts, name)) > LONG:
            wrong[name] = N_("Viết ngắn hơn: nhiều nhất 2.000 ký tự.")
    if wrong:
        raise Invalid(wrong)


def _fill(lead: Lead, facts: LeadFacts) -> None:
    lead.rating, lead.note, lead.wish = facts.rating, facts.note.strip(), facts.wish.strip()
    lead.next_action, lead.next_on = facts.next_action.strip()[:200], facts.next_on


def _wish(lead: Lead, slugs: frozenset[str], by: Actor) -> None:
    own = listings_shown(by)
    if not slugs <= own.keys():
        raise Invalid({"goods": N_("Chọn sản phẩm của bạn trong danh sách.")})
    db.session.execute(delete(LeadGoods).where(LeadGoods.lead_id == lead.id))
    db.session.add_all(LeadGoods(lead_id=lead.id, listing_id=own[slug].id) for slug in sorted(slugs))
    db.session.flush()
