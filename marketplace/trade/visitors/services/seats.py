"""Seats at sessions of the released programme: never more than there are, and a queue that moves up by itself."""

from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Conflict, NotFound
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.models import COMING, Edition
from marketplace.trade.fairs.queries import get_edition, released_programme
from marketplace.trade.fairs.rules import Session
from marketplace.trade.visitors import mails
from marketplace.trade.visitors.models import SeatBooking, SeatCount, SeatState, TicketState
from marketplace.trade.visitors.queries import get_ticket, list_seated


class NoSeatHere(Conflict):
    """Nobody books a seat there: it is over, has none to book, or the ticket is not valid."""

    code = "no_seat_here"
    message = N_("Mục này không giữ chỗ được nữa.")


def book_seat(*, code: str, ticket: str, item: str, at: datetime) -> SeatBooking:
    """A seat at a session, or a place in its queue where none is left; the same again is the same booking."""
    edition = get_edition(code)
    row = get_ticket(edition.id, ticket, hold=True)
    session = _session(edition.id, item)
    if row.state is not TicketState.VALID or edition.state not in COMING or session.starts_at <= at:
        raise NoSeatHere
    seats = session.seats
    if seats is None:
        raise NoSeatHere
    mine = (SeatBooking.ticket_id == row.id, SeatBooking.item == item, SeatBooking.state != SeatState.CANCELLED)
    known = db.session.scalar(select(SeatBooking).where(*mine))
    if known is not None:
        return known
    state = SeatState.BOOKED if take_seat(edition.id, item, seats) else SeatState.WAITING
    booking = SeatBooking(edition_id=edition.id, item=item, ticket_id=row.id, state=state, asked_at=at, state_since=at)
    db.session.add(booking)
    db.session.flush()
    return booking


def leave_seat(*, code: str, ticket: str, item: str, at: datetime) -> None:
    """Give a seat, or a place in the queue, back; the first who waits moves up."""
    edition = get_edition(code)
    row = get_ticket(edition.id, ticket, hold=True)
    _leave(edition, row.id, item, at)


def leave_all(edition: Edition, ticket_id: int, *, at: datetime) -> None:
    """A cancelled ticket's seats are others'."""
    mine = (SeatBooking.ticket_id == ticket_id, SeatBooking.state != SeatState.CANCELLED)
    for item in list(db.session.scalars(select(SeatBooking.item).where(*mine).order_by(SeatBooking.item))):
        _leave(edition, ticket_id, item, at)


def move_up(*, edition: Edition, session: Session, at: datetime) -> int:
    """Those who wait get the seats there are, the first to ask first; answers how many moved up."""
    moved = 0
    waiting = [row for row in list_seated(edition.id, [session.code]) if row.state is SeatState.WAITING]
    for row in waiting:
        if not take_seat(edition.id, session.code, session.seats or 0):
            break
        if _step(row.id, SeatState.WAITING, SeatState.BOOKED, at):
            mails.moved_up(row.ticket, session.code, edition=edition, session=session, at=at)
            moved += 1
        else:  # left the queue meanwhile
            _give_back(edition.id, session.code)
    return moved


def take_seat(edition_id: int, item: str, seats: int) -> bool:
    """Take one of a session's seats by one conditional change; False where none is left."""
    first = insert_into(SeatCount).values(edition_id=edition_id, item=item, taken=0, seats=seats)
    db.session.execute(first.on_conflict_do_nothing())
    taking = update(SeatCount).where(SeatCount.edition_id == edition_id, SeatCount.item == item)
    taking = taking.where(SeatCount.taken + 1 <= seats)
    return rows_changed(taking.values(taken=SeatCount.taken + 1, seats=seats)) == 1


def _leave(edition: Edition, ticket_id: int, item: str, at: datetime) -> None:
    mine = (SeatBooking.ticket_id == ticket_id, SeatBooking.item == item, SeatBooking.state != SeatState.CANCELLED)
    row = db.session.execute(select(SeatBooking.id, SeatBooking.state).where(*mine)).first()
    if row is None:
        raise NotFound
    if not _step(row.id, row.state, SeatState.CANCELLED, at):
        raise NoSeatHere
    if row.state is SeatState.BOOKED:
        _give_back(edition.id, item)
        for session in released_programme(edition.id):
            if session.code == item:
                move_up(edition=edition, session=session, at=at)


def _step(booking_id: int, before: SeatState, to: SeatState, at: datetime) -> bool:
    step = update(SeatBooking).where(SeatBooking.id == booking_id, SeatBooking.state == before)
    return rows_changed(step.values(state=to, state_since=at)) == 1


def _give_back(edition_id: int, item: str) -> None:
    back = update(SeatCount).where(SeatCount.edition_id == edition_id, SeatCount.item == item, SeatCount.taken > 0)
    rows_changed(back.values(taken=SeatCount.taken - 1))


def _session(edition_id: int, item: str) -> Session:
    found = next((each for each in released_programme(edition_id) if each.code == item), None)
    if found is None:
        raise NotFound
    return found
