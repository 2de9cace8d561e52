"""Reading registrations, tickets, invitations, seats."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import read_code
from marketplace.shop.payments.models import Payment, PaymentState
from marketplace.shop.payments.queries import with_due
from marketplace.trade.visitors.models import (
    Admission,
    Invitation,
    Registration,
    SeatBooking,
    SeatCount,
    SeatState,
    Ticket,
    TicketCharge,
    TicketCount,
    TicketState,
)


def find_by_key(key: str) -> Registration | None:
    """The registration that this form made, by the key's hash."""
    query = select(Registration).options(selectinload(Registration.tickets), joinedload(Registration.edition))
    return db.session.scalar(query.where(Registration.key == key))


def get_ticket(edition_id: int, code: str, *, hold: bool = False) -> Ticket:
    """An edition's ticket with its registration and that one's tickets, or NotFound."""
    whole = joinedload(Ticket.registration).options(
        selectinload(Registration.tickets), joinedload(Registration.edition)
    )
    query = select(Ticket).options(whole).where(Ticket.edition_id == edition_id, Ticket.code == code)
    found = db.session.scalar(held(query, Ticket) if hold else query)
    if found is None:
        raise NotFound
    return found


def hold_tickets(registration_id: int) -> list[Ticket]:
    """A registration's tickets, held until the block ends, in their order."""
    query = select(Ticket).where(Ticket.registration_id == registration_id).order_by(Ticket.id)
    return list(db.session.scalars(held(query, Ticket)))


def was_admitted(ticket_id: int) -> bool:
    """Whether a ticket has been let in anywhere."""
    return db.session.scalar(select(Admission.ticket_id).where(Admission.ticket_id == ticket_id).limit(1)) is not None


def paid_but_unsettled(registration_id: int) -> bool:
    """Whether a charge for tickets of this registration is paid, and the worker has not yet let them in."""
    query = select(TicketCharge.ticket_id).join(Payment, Payment.charge_id == TicketCharge.charge_id)
    query = query.join(Ticket, Ticket.id == TicketCharge.ticket_id).where(Payment.state == PaymentState.PAID)
    mine = query.where(Ticket.registration_id == registration_id, TicketCharge.settled_at.is_(None))
    return db.session.scalar(mine.limit(1)) is not None


def awaited_of(registration_id: int) -> Payment | None:
    """The payment under way for tickets of this registration."""
    query = select(Payment).join(TicketCharge, TicketCharge.charge_id == Payment.charge_id)
    query = query.join(Ticket, Ticket.id == TicketCharge.ticket_id).where(Payment.state == PaymentState.AWAITING)
    mine = query.where(Ticket.registration_id == registration_id).options(*with_due())
    return db.session.scalars(mine.order_by(Payment.id.desc()).limit(1)).first()


def _searched(edition_id: int, words: str) -> Select[Ticket]:
    query = select(Ticket).join(Ticket.registration).where(Ticket.edition_id == edition_id)
    typed = nfc(words)
    if typed:
        like = f"%{typed.replace('%', '').replace('_', '')}%"
        same = [Ticket.code == read_code(typed), Registration.name.ilike(like), Registration.phone.like(like)]
        query = query.where(or_(*same, Registration.email == typed.lower()))
    return query


def list_tickets(edition_id: int, *, words: str = "", page: int = 1, per_page: int = 50) -> list[Ticket]:
    """An edition's tickets, the latest first; `words`: a code, or of a name, a phone number, an e-mail address."""
    query = _searched(edition_id, words).options(joinedload(Ticket.registration))
    query = query.order_by(Ticket.id.desc()).limit(per_page).offset((page - 1) * per_page)
    return list(db.session.scalars(query))


def count_tickets(edition_id: int, *, words: str = "") -> int:
    """How many tickets those are."""
    found = _searched(edition_id, words).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def count_by_state(edition_id: int) -> dict[TicketState, int]:
    """How many tickets stand where; a state nobody is in is not in the answer."""
    query = select(Ticket.state, func.count()).where(Ticket.edition_id == edition_id).group_by(Ticket.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def tickets_left(edition_id: int, most: int | None) -> int | None:
    """How many more tickets may be given; None where nobody counts."""
    if most is None:
        return None
    given = db.session.scalar(select(TicketCount.given).where(TicketCount.edition_id == edition_id)) or 0
    return max(0, most - given)


def list_invitations(edition_id: int) -> list[Invitation]:
    """Its invitations, the latest first."""
    query = select(Invitation).where(Invitation.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(Invitation.id.desc())))


def list_seats(ticket_id: int) -> dict[str, SeatBooking]:
    """A ticket's seats and places in queues by the session's code."""
    query = select(SeatBooking).where(SeatBooking.ticket_id == ticket_id, SeatBooking.state != SeatState.CANCELLED)
    return {row.item: row for row in db.session.scalars(query.order_by(SeatBooking.id))}


def seats_taken(edition_id: int) -> dict[str, int]:
    """How many seats are taken by the session's code."""
    rows = db.session.execute(select(SeatCount.item, SeatCount.taken).where(SeatCount.edition_id == edition_id))
    return {row[0]: row[1] for row in rows}


def list_seated(edition_id: int, items: Collection[str]) -> list[SeatBooking]:
    """Whoever has a seat, or waits for one, in these sessions."""
    query = select(SeatBooking).options(joinedload(SeatBooking.ticket).joinedload(Ticket.registration))
    query = query.where(SeatBooking.edition_id == edition_id, SeatBooking.item.in_(items))
    return list(db.session.scalars(query.where(SeatBooking.state != SeatState.CANCELLED).order_by(SeatBooking.id)))


def visits_by_hour(list_id: int, day: date) -> dict[int, int]:
    """How many went in, by hour in Vietnam."""
    query = select(Admission.hour, func.count()).where(Admission.list_id == list_id, Admission.came_on == day)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Admission.hour).order_by(Admission.hour))}


def visits_by_day(list_id: int) -> dict[date, int]:
    """How many went in, by day."""
    query = select(Admission.came_on, func.count()).where(Admission.list_id == list_id).group_by(Admission.came_on)
    return {row[0]: row[1] for row in db.session.execute(query.order_by(Admission.came_on))}
