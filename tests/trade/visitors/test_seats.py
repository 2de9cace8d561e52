"""Seats: never over, a queue that moves up when one leaves, when a ticket is cancelled, when seats are added."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services import drop_item, move, put_item, release_programme
from marketplace.trade.visitors.jobs import watch
from marketplace.trade.visitors.models import SeatBooking, SeatState, Ticket
from marketplace.trade.visitors.queries import list_seats, seats_taken
from marketplace.trade.visitors.services import book_seat, cancel_ticket, leave_seat, seats
from marketplace.trade.visitors.services.seats import NoSeatHere
from tests.builders import BY
from tests.fairing import OPENING, make_edition, release, session_facts
from tests.visiting import make_ticket


def hall(at: datetime, seats: int | None = 1) -> tuple[Edition, str]:
    """An edition with one session."""
    edition = make_edition(at=at)
    return edition, release(edition.code, session_facts(seats=seats), at=at)[0]


def book(edition: Edition, ticket: Ticket, item: str, at: datetime) -> SeatState:
    with transaction():
        return book_seat(code=edition.code, ticket=ticket.code, item=item, at=at).state


def standing(ticket: Ticket, item: str) -> SeatState | None:
    row = list_seats(ticket.id).get(item)
    return row.state if row else None


def subjects() -> list[str]:
    return [
        text for text in db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)) if "Vé" not in text
    ]


def test_the_second_waits_and_moves_up_when_the_first_leaves(app: Flask, at: datetime) -> None:
    edition, item = hall(at)
    first, second, third = (make_ticket(edition, at=at) for _ in range(3))
    states = [book(edition, each, item, at) for each in (first, first, second, third)]
    assert states == [SeatState.BOOKED, SeatState.BOOKED, SeatState.WAITING, SeatState.WAITING]
    assert db.session.scalar(select(func.count(SeatBooking.id))) == 3
    with transaction():
        leave_seat(code=edition.code, ticket=first.code, item=item, at=at)
    assert [standing(each, item) for each in (first, second, third)] == [None, SeatState.BOOKED, SeatState.WAITING]
    assert (seats_taken(edition.id), subjects()) == ({item: 1}, ["Đã có chỗ: Khai mạc"])
    with transaction():
        cancel_ticket(code=edition.code, ticket=second.code, by=GUEST, at=at)
    assert standing(third, item) is SeatState.BOOKED
    with pytest.raises(NotFound), transaction():
        leave_seat(code=edition.code, ticket=first.code, item=item, at=at)
    assert book(edition, first, item, at) is SeatState.WAITING
    with transaction():
        leave_seat(code=edition.code, ticket=first.code, item=item, at=at)
    assert seats_taken(edition.id) == {item: 1}


def test_seats_that_are_added_go_to_those_who_wait(app: Flask, at: datetime) -> None:
    edition, item = hall(at)
    tickets = [make_ticket(edition, at=at) for _ in range(4)]
    for each in tickets:
        book(edition, each, item, at)
    assert watch(at) == 0
    with transaction():
        put_item(code=edition.code, facts=session_facts(seats=3), item=item, by=BY, at=at)
        release_programme(code=edition.code, by=BY, at=at)
    assert watch(at) == 2 + 4  # two move up, four are told that the session changed
    states = [standing(each, item) for each in tickets]
    assert states == [SeatState.BOOKED] * 3 + [SeatState.WAITING]
    assert (seats_taken(edition.id), watch(at)) == ({item: 3}, 0)


@pytest.mark.parametrize("seats", [None, 5])
def test_where_nobody_books(app: Flask, at: datetime, seats: int | None) -> None:
    edition, item = hall(at, seats)
    ticket, gone = make_ticket(edition, at=at), make_ticket(edition, at=at)
    when = OPENING if seats else at
    with pytest.raises(NoSeatHere):
        book(edition, ticket, item, when)  # none to book, or it has begun
    with pytest.raises(NotFound):
        book(edition, ticket, "TR0", at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=gone.code, by=GUEST, at=at)
    with pytest.raises(NoSeatHere):
        book(edition, gone, item, at)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    with pytest.raises(NoSeatHere):
        book(edition, ticket, item, at)
    assert db.session.scalar(select(func.count(SeatBooking.id))) == 0


def test_a_changed_session_is_told_once_to_those_with_a_seat(app: Flask, at: datetime) -> None:
    edition, item = hall(at, 5)
    seated, other = make_ticket(edition, at=at), make_ticket(edition, at=at)
    book(edition, seated, item, at)
    assert watch(at) == 0
    with transaction():
        later = session_facts(seats=5, starts_at=OPENING + timedelta(minutes=30))
        put_item(code=edition.code, facts=later, item=item, by=BY, at=at)
        put_item(code=edition.code, facts=session_facts(title="Mới"), by=BY, at=at)
        release_programme(code=edition.code, by=BY, at=at)
    assert [watch(at), watch(at)] == [1, 0]
    told = db.session.scalars(select(OutgoingMail).where(OutgoingMail.subject.like("Chương trình thay đổi%"))).one()
    assert ("Khai mạc" in told.text, "Mới" in told.text, "9:30" in told.text) == (True, False, True)
    assert other.id not in {row.ticket_id for row in db.session.scalars(select(SeatBooking))}


def test_a_dropped_session_is_told(app: Flask, at: datetime) -> None:
    edition, item = hall(at, 5)
    seated = make_ticket(edition, at=at)
    book(edition, seated, item, at)
    with transaction():
        drop_item(code=edition.code, item=item, by=BY, at=at)
        put_item(code=edition.code, facts=session_facts(title="Khác"), by=BY, at=at)
        release_programme(code=edition.code, by=BY, at=at)
    assert watch(at) == 1
    with transaction():
        leave_seat(code=edition.code, ticket=seated.code, item=item, at=at)
    assert seats_taken(edition.id) == {item: 0}


def test_whoever_left_the_queue_meanwhile_takes_no_seat(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who waited is gone between being read and being moved up: the seat stays free, the rest is refused."""
    edition, item = hall(at)
    first, second = make_ticket(edition, at=at), make_ticket(edition, at=at, email="", phone="0912345678")
    for each in (first, second):
        book(edition, each, item, at)
    steps = seats._step
    monkeypatch.setattr(seats, "_step", lambda *said: said[1] is SeatState.BOOKED and steps(*said))
    with transaction():
        leave_seat(code=edition.code, ticket=first.code, item=item, at=at)
    assert (standing(second, item), seats_taken(edition.id)) == (SeatState.WAITING, {item: 0})
    with pytest.raises(NoSeatHere), transaction():
        leave_seat(code=edition.code, ticket=second.code, item=item, at=at)
    monkeypatch.undo()
    assert watch(at) == 1  # without an address nobody is written to, and the seat is theirs all the same
    assert (standing(second, item), subjects()) == (SeatState.BOOKED, [])
