"""Leads: an exhibitor's own, with the name only while the visitor agrees."""

from datetime import date, datetime
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.fairs.models import Edition
from marketplace.trade.visitors.leading import count_leads, get_lead, list_leads, listings_shown, named
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import Lead
from marketplace.trade.visitors.services import LeadFacts, cancel_ticket, change_lead, set_consent, take_lead
from tests.builders import make_listing, make_producer, make_product, make_user
from tests.fairing import make_edition
from tests.visiting import make_exhibitor, make_ticket, signed


class Stand(NamedTuple):
    edition: Edition
    user: User
    place: Application
    listing: str


@pytest.fixture
def stand(app: Flask, at: datetime) -> Stand:
    edition, user = make_edition(at=at), make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò miến", at=at, user=user)
    listing, _ = make_listing(make_product(producer, at=at), at=at)
    return Stand(edition, user, make_exhibitor(edition, producer, at=at), listing.slug)


def note(stand: Stand, text: str, at: datetime, facts: LeadFacts | None = None, client_id: str = "") -> Lead:
    known = {"code": stand.edition.code, "typed": text, "client_id": client_id or text[-30:]}
    with transaction():
        facts = facts or LeadFacts()
        row = take_lead(**known, facts=facts, seed=ticket_seed(), by=stand.user.actor(), at=at)
    return get_lead(stand.place.id, row.code)


def test_a_visitor_who_agreed_is_noted_by_name_once(stand: Stand, at: datetime) -> None:
    ticket = make_ticket(stand.edition, at=at, name="Vàng An", consent=True)
    facts = LeadFacts(5, "ghi chú", "200 gói", frozenset({stand.listing}), "Gọi lại", date(2026, 12, 21))
    lead = note(stand, signed(stand.edition, ticket), at, facts)
    who = named(lead)
    assert who is not None
    assert (who.name, lead.rating, lead.note, lead.wish, lead.next_action) == (
        "Vàng An",
        5,
        "ghi chú",
        "200 gói",
        "Gọi lại",
    )
    assert [each.listing.slug for each in lead.goods] == [stand.listing]
    assert note(stand, ticket.code, at, client_id="khac").id == lead.id
    assert (count_leads(stand.place.id), lead.next_on) == (1, date(2026, 12, 21))


def test_without_consent_no_name_until_it_is_given_and_noted_again(stand: Stand, at: datetime) -> None:
    ticket = make_ticket(stand.edition, at=at)
    lead = note(stand, ticket.code, at)
    assert (lead.consent_version, named(lead)) == (None, None)
    with transaction():
        set_consent(code=stand.edition.code, ticket=ticket.code, given=True, at=at)
    assert named(get_lead(stand.place.id, lead.code)) is None
    assert named(note(stand, ticket.code, at)) is not None
    with transaction():
        set_consent(code=stand.edition.code, ticket=ticket.code, given=False, at=at)
    assert named(list_leads(stand.place.id)[0]) is None


def test_a_ticket_that_is_none_is_refused(stand: Stand, at: datetime) -> None:
    ticket, gone = make_ticket(stand.edition, at=at), make_ticket(stand.edition, at=at)
    foreign = make_ticket(make_edition(at=at, title="Hội chợ khác"), at=at)
    with transaction():
        cancel_ticket(code=stand.edition.code, ticket=gone.code, by=GUEST, at=at)
    forged = signed(stand.edition, ticket)[:-4] + "AAAA"
    for text in ("VE0", gone.code, foreign.code, forged, ""):
        with pytest.raises(Invalid) as refused:
            note(stand, text, at)
        assert set(refused.value.fields) == {"ticket"}
    assert db.session.scalar(select(func.count(Lead.id))) == 0


def test_a_form_that_comes_back_with_another_ticket_notes_another_visitor(stand: Stand, at: datetime) -> None:
    tickets = [make_ticket(stand.edition, at=at) for _ in range(3)]
    leads = [note(stand, ticket.code, at, client_id="cùng-một-trang") for ticket in tickets]
    assert [lead.ticket_id for lead in leads] == [ticket.id for ticket in tickets]
    assert len({lead.client_id for lead in leads}) == count_leads(stand.place.id) == 3


def test_what_is_noted_is_checked_and_changed(stand: Stand, at: datetime) -> None:
    lead = note(stand, make_ticket(stand.edition, at=at).code, at)
    for facts, field in (
        (LeadFacts(rating=6), "rating"),
        (LeadFacts(note="x" * 2001), "note"),
        (LeadFacts(goods=frozenset({"khong-co"})), "goods"),
    ):
        with pytest.raises(Invalid) as refused, transaction():
            change_lead(code=stand.edition.code, lead=lead.code, facts=facts, by=stand.user.actor(), at=at)
        assert set(refused.value.fields) == {field}
    facts = LeadFacts(3, " a ", "b", frozenset({stand.listing}))
    with transaction():
        change_lead(code=stand.edition.code, lead=lead.code, facts=facts, by=stand.user.actor(), at=at)
    row = get_lead(stand.place.id, lead.code)
    assert (row.rating, row.note, [each.listing.slug for each in row.goods]) == (3, "a", [stand.listing])


def test_leads_are_the_confirmed_exhibitors_own(stand: Stand, at: datetime) -> None:
    lead = note(stand, make_ticket(stand.edition, at=at).code, at)
    for state in (ApplicationState.SUBMITTED, ApplicationState.CONFIRMED):
        user = make_user(Role.PRODUCER, at=at)
        place = make_exhibitor(stand.edition, make_producer(f"Nơi {state}", at=at, user=user), at=at, state=state)
        other = Stand(stand.edition, user, place, "")
        assert listings_shown(user.actor()) == {}
        with pytest.raises(NotFound):
            get_lead(place.id, lead.code)
        if state is ApplicationState.SUBMITTED:
            with pytest.raises(NotFound):
                note(other, lead.ticket.code, at)
        else:
            assert note(other, lead.ticket.code, at, client_id="x").id != lead.id
    with pytest.raises(NotFound):
        note(Stand(stand.edition, make_user(Role.PRODUCER, at=at), stand.place, ""), lead.ticket.code, at)
