"""Appointments of deals and meetings of campaigns know of each other: nobody is to be in two places at once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import transaction
from marketplace.trade.campaigns.models import MeetingState
from marketplace.trade.campaigns.queries import busy_slots, list_meetings, list_participants, meets_then
from marketplace.trade.campaigns.services import (
    RunStale,
    cancel_campaign,
    cancel_meeting,
    miss_meeting,
    publish_run,
    start_campaign,
)
from marketplace.trade.campaigns.services.meeting import arrive
from marketplace.trade.campaigns.substitutes import list_substitutes
from marketplace.trade.deals.models import Deal, Origin
from marketplace.trade.deals.services import AlreadyMeeting, MeetingFacts, accept_meeting, open_deal, propose_meeting
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.offers.queries import list_supplied
from tests.builders import BY
from tests.conftest import Client
from tests.dealing import nowhere
from tests.meeting import Fair, confirm_all, make_fair, timetable, worked_out
from tests.pages import send, sign_in

HALF = timedelta(minutes=30)


@pytest.fixture
def fair(app: Flask, at: datetime) -> Fair:
    return make_fair(at=at)


def begins(fair: Fair, slot: int) -> datetime:
    return fair.campaign.slots[slot].starts_at


def deal_of(maker: User, buyer: User, at: datetime) -> Deal:
    """The deal of the two about what the maker offers."""
    with transaction():
        return open_deal(
            distributor_id=distributor_of(buyer.actor()).id,
            producer_id=get_own(maker.actor()).id,
            listing_id=list_supplied(by=maker.actor())[0].id,
            origin=Origin.ENQUIRY,
            by=buyer.actor(),
            at=at,
        )


def proposed(maker: User, buyer: User, when: datetime, *, at: datetime, minutes: int = 30) -> tuple[str, str]:
    """A time that the buyer proposed: the deal's code and the appointment's."""
    deal = deal_of(maker, buyer, at)
    facts = MeetingFacts((when,), minutes, False, "Chợ phiên")
    with transaction():
        return deal.code, propose_meeting(code=deal.code, facts=facts, by=buyer.actor(), at=at).code


def agree(codes: tuple[str, str], maker: User, at: datetime) -> None:
    with transaction():
        accept_meeting(code=codes[0], appointment=codes[1], time=0, elsewhere=meets_then, by=maker.actor(), at=at)


def slots_of(fair: Fair, maker: int) -> set[int]:
    rows = list_meetings(fair.campaign.id)
    return {m.slot.number for m in rows if m.producer_participant_id == fair.place_of(fair.makers[maker])}


def test_no_appointment_in_a_slot_that_is_given(fair: Fair, at: datetime) -> None:
    timetable(fair, at=at)
    maker, buyer = fair.makers[0], fair.buyers[0]
    taken = min(slots_of(fair, 0))
    codes = proposed(maker, buyer, begins(fair, taken) - HALF, at=at, minutes=31)
    with pytest.raises(AlreadyMeeting):
        agree(codes, maker, at)
    agree(proposed(maker, buyer, begins(fair, taken) - HALF, at=at), maker, at)  # it ends as the meeting begins
    for meeting in [m for m in list_meetings(fair.campaign.id) if m.slot.number == taken]:
        with transaction():
            cancel_meeting(code=fair.code, meeting=meeting.code, reason="Ốm", by=BY, at=at)
    agree(proposed(maker, buyer, begins(fair, taken), at=at), maker, at)


def test_a_cancelled_campaign_takes_nobodys_time(fair: Fair, at: datetime) -> None:
    timetable(fair, at=at)
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    for slot in range(4):
        agree(proposed(fair.makers[0], fair.buyers[0], begins(fair, slot), at=at), fair.makers[0], at)


def test_the_timetable_is_drawn_around_appointments(fair: Fair, at: datetime) -> None:
    """Lò 0 meets Chợ 0 by appointment in the first two slots: neither is given a meeting in them."""
    agree(proposed(fair.makers[0], fair.buyers[0], begins(fair, 0), at=at, minutes=31), fair.makers[0], at)
    people = list_participants(fair.campaign.id)
    busy = busy_slots(fair.campaign, people)
    ids = {slot.id for slot in fair.campaign.slots[:2]}
    assert busy == {fair.place_of(fair.makers[0]): ids, fair.place_of(fair.buyers[0]): ids}
    timetable(fair, at=at)
    rows = list_meetings(fair.campaign.id)
    assert len(rows) == 4
    engaged = {fair.place_of(fair.makers[0]), fair.place_of(fair.buyers[0])}
    early = [m for m in rows if m.slot.number < 2]
    assert not any({m.producer_participant_id, m.buyer_participant_id} & engaged for m in early)


def test_a_run_from_before_an_appointment_is_stale(fair: Fair, at: datetime) -> None:
    number = worked_out(fair.code, at=at)
    agree(proposed(fair.makers[0], fair.buyers[0], begins(fair, 0), at=at), fair.makers[0], at)
    with pytest.raises(RunStale), transaction():
        publish_run(code=fair.code, number=number, by=BY, at=at)
    assert list_meetings(fair.campaign.id) == []


def test_what_is_confirmed_stays_whatever_was_agreed_besides(fair: Fair, at: datetime) -> None:
    """An appointment from before calendars knew of each other makes no timetable impossible."""
    timetable(fair, at=at)
    confirm_all(fair, at)
    before = {(m.code, m.slot.number) for m in list_meetings(fair.campaign.id)}
    deal, appointment = proposed(fair.makers[0], fair.buyers[0], begins(fair, min(slots_of(fair, 0))), at=at)
    with transaction():
        by = fair.makers[0].actor()
        accept_meeting(code=deal, appointment=appointment, time=0, elsewhere=nowhere, by=by, at=at)
    timetable(fair, at=at + HALF)
    rows = list_meetings(fair.campaign.id)
    assert {(m.code, m.slot.number) for m in rows if m.state is MeetingState.CONFIRMED} == before


def test_no_substitute_is_taken_from_an_appointment(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at, makers=2, buyers=1, most_buyer=1, least=0)
    timetable(fair, at=at)
    (row,) = list_meetings(fair.campaign.id)
    other = next(user for user in fair.makers if fair.place_of(user) != row.producer_participant_id)
    day = fair.campaign.slots[0].starts_at - timedelta(hours=1)
    with transaction():
        start_campaign(code=fair.code, by=BY, at=day)
    for user in (other, fair.buyers[0]):
        with transaction():
            arrive(code=fair.code, participant_id=fair.place_of(user), by=BY, at=day)
    with transaction():
        missed = miss_meeting(code=fair.code, meeting=row.code, absent=row.producer.side, by=BY, at=day)
    assert [each.participant.name for each in list_substitutes(fair.campaign, missed, at=day)] == [
        get_own(other.actor()).name
    ]
    agree(proposed(other, fair.buyers[0], row.slot.starts_at, at=day), other, day)
    assert list_substitutes(fair.campaign, missed, at=day) == []


def test_the_page_tells_why(client: Client, fair: Fair, at: datetime) -> None:
    timetable(fair, at=at)
    deal, appointment = proposed(fair.makers[0], fair.buyers[0], begins(fair, min(slots_of(fair, 0))), at=at)
    sign_in(client, fair.makers[0])
    answer = send(client, f"/producer/deals/{deal}/meet", appointment=appointment, time="0")
    assert "đã có cuộc hẹn hoặc cuộc gặp khác trùng giờ này" in client.get(answer.headers["Location"]).text
