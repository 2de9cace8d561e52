"""Tickets are given, refused, paid for, cancelled; invitations are used up; a refusal changes nothing."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.fairs.models import Edition, EditionState, Entry
from marketplace.trade.fairs.services import move
from marketplace.trade.visitors.gates import list_lists
from marketplace.trade.visitors.links import holds_key, ticket_key
from marketplace.trade.visitors.models import (
    ListKind,
    Registration,
    Ticket,
    TicketCount,
    TicketState,
    VisitorKind,
)
from marketplace.trade.visitors.queries import (
    count_by_state,
    count_tickets,
    get_ticket,
    list_invitations,
    list_tickets,
    tickets_left,
)
from marketplace.trade.visitors.services import (
    InvitationBad,
    KeyUsed,
    NoTicketsLeft,
    RegistrationClosed,
    TicketOver,
    VisitorFacts,
    cancel_ticket,
    make_invitation,
    register,
    revoke_invitation,
    take_payment,
)
from tests.builders import BY
from tests.fairing import make_edition
from tests.visiting import invitation, make_ticket, make_visitor

STRANGER = Actor(user_id=1, name="An", role=Role.PRODUCER)
AFTER = datetime(2026, 12, 21, 3, 0, tzinfo=UTC)


def given(edition: Edition) -> int:
    return db.session.scalar(select(TicketCount.given).where(TicketCount.edition_id == edition.id)) or 0


def tickets() -> int:
    return db.session.scalar(select(func.count(Ticket.id))) or 0


def test_three_people_get_three_tickets_once(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    facts = VisitorFacts(
        "  Vàng  An ", "0912 345 678", "An@Example.com", 3, "2025:03388", VisitorKind.TRADE, "en", consent=True
    )
    for _ in range(2):
        with transaction():
            row = register(code=edition.code, key="k", facts=facts, at=at)
    assert (row.name, row.phone, row.email, row.kind) == (
        "Vàng An",
        "+84912345678",
        "an@example.com",
        VisitorKind.TRADE,
    )
    assert [(each.number, each.state, each.consent_version) for each in row.tickets] == [
        (n, TicketState.VALID, 1) for n in (1, 2, 3)
    ]
    assert (tickets(), given(edition), row.first_day) == (3, 3, edition.first_day)
    letter = db.session.scalars(select(OutgoingMail)).one()
    assert (letter.to_address, letter.subject) == ("an@example.com", "Fair tickets: Hội chợ OCOP thử")
    assert all(each.code in letter.text and each.code in letter.html for each in row.tickets)
    assert [(each.name, each.kind, each.daily) for each in list_lists(edition.id)] == [("Cổng", ListKind.GATE, True)]


def test_the_same_key_with_other_words_is_refused(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    with transaction():
        register(code=edition.code, key="k", facts=VisitorFacts("An", "0912345678"), at=at)
    with pytest.raises(KeyUsed), transaction():
        register(code=edition.code, key="k", facts=VisitorFacts("Bình", "0912345678"), at=at)
    assert tickets() == 1


def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    with pytest.raises(Invalid) as refused, transaction():
        facts = VisitorFacts(" ", "12", "không", 11, place="2025:nowhere")
        register(code=edition.code, key="k", facts=facts, at=at)
    assert set(refused.value.fields) == {"name", "phone", "email", "people", "place"}
    with pytest.raises(Invalid) as refused, transaction():
        register(code=edition.code, key="k", facts=VisitorFacts("An"), at=at)
    assert set(refused.value.fields) == {"phone"}
    assert (tickets(), given(edition), db.session.scalar(select(func.count(Registration.id)))) == (0, 0, 0)


def test_no_more_than_there_are(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, most_visitors=3)
    assert tickets_left(edition.id, 3) == 3
    make_visitor(edition, at=at, people=2)
    with pytest.raises(NoTicketsLeft):
        make_visitor(edition, at=at, people=2)
    assert (tickets(), given(edition), tickets_left(edition.id, 3), tickets_left(edition.id, None)) == (2, 2, 1, None)
    last = make_ticket(edition, at=at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=last.code, by=GUEST, at=at)
    assert given(edition) == 2
    make_ticket(edition, at=at)
    assert given(edition) == 3


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.CLOSED])
def test_none_before_it_is_public_or_after(app: Flask, at: datetime, state: EditionState) -> None:
    with pytest.raises(RegistrationClosed):
        make_visitor(make_edition(at=at, state=state), at=at)
    assert tickets() == 0


def test_none_after_the_last_day_or_when_called_off(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    with pytest.raises(RegistrationClosed):
        make_visitor(edition, at=AFTER)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    with pytest.raises(RegistrationClosed):
        make_visitor(edition, at=at)


def test_by_invitation_alone_and_as_often_as_it_says(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, entry=Entry.INVITED)
    other = invitation(make_edition(at=at, title="Hội chợ khác"), at=at)
    code = invitation(edition, at=at, most=3).code
    for wrong in ("", "GM0", other.code):
        with pytest.raises(InvitationBad):
            make_visitor(edition, at=at, invitation=wrong)
    make_visitor(edition, at=at, invitation=code.lower(), people=2)
    with pytest.raises(InvitationBad):
        make_visitor(edition, at=at, invitation=code, people=2)
    assert ([each.used for each in list_invitations(edition.id)], tickets()) == ([2], 2)
    with transaction():
        revoke_invitation(code=edition.code, invitation=code, by=BY, at=at)
    with pytest.raises(InvitationBad):
        make_visitor(edition, at=at, invitation=code)
    with pytest.raises(NotFound), transaction():
        revoke_invitation(code=edition.code, invitation=code, by=BY, at=at)
    assert tickets() == 2


def test_the_office_alone_invites_and_within_bounds(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    with pytest.raises(Forbidden), transaction():
        make_invitation(code=edition.code, whom="A", most=1, by=STRANGER, at=at)
    with pytest.raises(Invalid) as refused, transaction():
        make_invitation(code=edition.code, whom=" ", most=0, by=BY, at=at)
    assert set(refused.value.fields) == {"whom", "most"}
    assert list_invitations(edition.id) == []


def test_a_paid_ticket_waits_for_the_desk(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, ticket_price=Money(20_000))
    ticket = make_ticket(edition, at=at)
    assert ticket.state is TicketState.UNPAID
    with pytest.raises(Forbidden), transaction():
        take_payment(code=edition.code, ticket=ticket.code, by=STRANGER, at=at)
    with transaction():
        take_payment(code=edition.code, ticket=ticket.code, by=BY, at=at)
    with pytest.raises(TicketOver), transaction():
        take_payment(code=edition.code, ticket=ticket.code, by=BY, at=at)
    row = get_ticket(edition.id, ticket.code)
    assert (row.state, row.paid_at, row.paid_to) == (TicketState.VALID, at, BY.name)


def test_a_ticket_is_cancelled_once(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=ticket.code, by=GUEST, at=at)
    with pytest.raises(TicketOver), transaction():
        cancel_ticket(code=edition.code, ticket=ticket.code, by=GUEST, at=at)
    assert (given(edition), count_by_state(edition.id)) == (0, {TicketState.CANCELLED: 1})
    with pytest.raises(NotFound):
        get_ticket(edition.id, "VE0")


def test_tickets_are_found_by_code_name_phone_and_mail(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    an = make_ticket(edition, at=at, name="Vàng An", email="an@example.com", phone="0912345678")
    binh = make_ticket(edition, at=at, name="Lò Bình")
    found = [
        (words, [each.code for each in list_tickets(edition.id, words=words)])
        for words in ("", an.code.lower(), "vàng", "912345", "An@example.com", "%", "không có")
    ]
    assert found[0][1] == [binh.code, an.code]
    assert [codes for _, codes in found[1:5]] == [[an.code]] * 4
    assert found[6][1] == []
    assert count_tickets(edition.id, words="bình") == 1


def test_a_links_key_is_the_tickets_own(app: Flask, at: datetime) -> None:
    assert holds_key("VE1", ticket_key("VE1"))
    assert not any(holds_key("VE1", key) for key in (None, "", "x", ticket_key("VE2")))
