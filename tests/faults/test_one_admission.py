"""The same tickets at two gates at once: each goes in once. The last tickets, the last seats: never one too many.

Each guard is also taken away, and the fault shows.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.trade.visitors.gates import list_double, list_lists
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import (
    Admission,
    Outcome,
    Scan,
    SeatBooking,
    SeatState,
    Ticket,
)
from marketplace.trade.visitors.services import Seen, book_seat, registering, scan_all, scanning, seats
from tests.conftest import AT
from tests.fairing import make_edition, release, session_facts
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.visiting import NOON, make_ticket, make_visitor, signed

GATES, TICKETS = 4, 12
pytestmark = pytest.mark.race


@pytest.mark.parametrize("guarded", [True, False])
def test_a_ticket_goes_in_once(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Four gates send the same tickets, each in an order of its own, as phones do that were offline."""
    with shop.app_context():
        edition = make_edition(at=AT)
        texts = [signed(edition, make_ticket(edition, at=AT)) for _ in range(TICKETS)]
    if not guarded:
        monkeypatch.setattr(scanning, "take_admission", lambda *_: True)

    def send(gate: int) -> bool:
        order = texts[gate:] + texts[:gate]
        seen = [Seen(str(uuid4()), text, NOON + timedelta(seconds=gate), True, True) for text in order]
        with transaction():
            scan_all(
                list_lists(edition.id)[0], seen, device=f"Máy {gate}", seed=ticket_seed(), at=NOON + timedelta(hours=1)
            )
        return True

    assert together(shop, send, GATES, processes=GATES) == GATES
    with shop.app_context():
        admitted = db.session.scalar(select(func.count(Scan.id)).where(Scan.result == Outcome.OK))
        rows = db.session.scalar(select(func.count()).select_from(Admission))
        assert (admitted, rows) == ((TICKETS, TICKETS) if guarded else (TICKETS * GATES, 0))
        assert len(list_double(edition.id)) == (TICKETS * (GATES - 1) if guarded else 0)
        if guarded:  # whoever sent first, the earliest by the gates' clocks is the time
            times = set(db.session.scalars(select(Admission.scanned_at)))
            assert times == {NOON}


@pytest.mark.parametrize("guarded", [True, False])
def test_no_more_tickets_than_there_are(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    with shop.app_context():
        edition = make_edition(at=AT, most_visitors=5)
    if not guarded:
        monkeypatch.setattr(registering, "count_given", lambda *_: True)

    def ask(_n: int) -> bool:
        try:
            make_visitor(edition, at=AT)
        except Refusal:
            return False
        return True

    asked = 16
    assert together(shop, ask, asked, processes=8) == (5 if guarded else asked)
    with shop.app_context():
        assert db.session.scalar(select(func.count(Ticket.id))) == (5 if guarded else asked)


@pytest.mark.parametrize("guarded", [True, False])
def test_no_more_seats_than_there_are(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    with shop.app_context():
        edition = make_edition(at=AT)
        item = release(edition.code, session_facts(seats=3), at=AT)[0]
        tickets = [make_ticket(edition, at=AT).code for _ in range(12)]
    if not guarded:
        monkeypatch.setattr(seats, "take_seat", lambda *_: True)

    def book(n: int) -> bool:
        with transaction():
            row = book_seat(code=edition.code, ticket=tickets[n], item=item, at=AT)
        return row.state is SeatState.BOOKED

    assert together(shop, book, len(tickets), processes=6) == (3 if guarded else 12)
    with shop.app_context():
        seated = select(func.count(SeatBooking.id)).where(SeatBooking.state == SeatState.BOOKED)
        assert db.session.scalar(seated) == (3 if guarded else 12)
