"""Letters to visitors, in the language they registered in. Who gave no e-mail address gets none."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.queries import released_programme
from marketplace.trade.fairs.rules import Change, Session
from marketplace.trade.visitors.links import ticket_address
from marketplace.trade.visitors.models import Registration, Ticket, TicketState


def _links(registration: Registration) -> list[tuple[str, str]]:
    """The live tickets' codes and addresses."""
    slug = registration.edition.slug
    live = [each for each in registration.tickets if each.state is not TicketState.CANCELLED]
    return [(each.code, ticket_address(slug, each.code)) for each in live]


def _send(what: str, registration: Registration, template: str, at: datetime, **facts: object) -> None:
    if registration.email is None:
        return
    known = {"edition": registration.edition, "registration": registration, "tickets": _links(registration)}
    letter = compose(template, registration.language, **known, **facts)
    post(key=f"visitor:{registration.id}:{what}", to=registration.email, letter=letter, at=at, secret=True)


def tickets_given(registration: Registration, *, at: datetime) -> None:
    """Here are your tickets."""
    _send("tickets", registration, "fair-tickets", at)


def tomorrow(registration: Registration, *, at: datetime) -> None:
    """The fair begins tomorrow."""
    _send("tomorrow", registration, "fair-tomorrow", at)


def cancelled(registration: Registration, *, reason: str, at: datetime) -> None:
    """The fair does not take place."""
    _send("cancelled", registration, "fair-cancelled", at, reason=reason)


def moved(registration: Registration, *, at: datetime) -> None:
    """The fair has other days than you were told."""
    days = f"{registration.edition.first_day}:{registration.edition.last_day}"
    _send(f"moved:{days}", registration, "fair-moved", at)


def sessions_changed(registration: Registration, changes: Sequence[Change], number: int, *, at: datetime) -> None:
    """What you have a seat in has changed in the programme."""
    sessions: dict[str, Session] = {each.code: each for each in released_programme(registration.edition_id)}
    told = [(change, sessions.get(change.code)) for change in changes]
    _send(f"release:{number}", registration, "fair-sessions", at, changes=told)


def moved_up(ticket: Ticket, item: str, *, edition: Edition, session: Session, at: datetime) -> None:
    """A seat has become free, and is yours. The ticket's registration is loaded."""
    registration = ticket.registration
    if registration.email is None:
        return
    address = ticket_address(edition.slug, ticket.code)
    facts = {"edition": edition, "registration": registration, "session": session, "address": address}
    letter = compose("fair-seat", registration.language, **facts)
    key = f"visitor:{registration.id}:seat:{ticket.code}:{item}:{at.isoformat()}"
    post(key=key, to=registration.email, letter=letter, at=at, secret=True)
