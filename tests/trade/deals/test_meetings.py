"""Appointments: proposed, accepted, declined, countered, kept or not; nobody twice at once; reminded once; a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.faces.storefront.ics import calendar_file, escaped, folded
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.deals.jobs import watch_deals
from marketplace.trade.deals.models import Appointment, Deal, MeetingState, Side
from marketplace.trade.deals.queries import follow_through, last_met
from marketplace.trade.deals.queries.meetings import is_waiting_meeting, list_appointments, list_own_appointments
from marketplace.trade.deals.services import (
    AlreadyMeeting,
    MeetingFacts,
    NotNow,
    accept_meeting,
    accept_quote,
    cancel_meeting,
    decline_meeting,
    end_deal,
    propose_meeting,
    tell_outcome,
)
from marketplace.trade.deals.services.following import remind_of
from marketplace.trade.deals.services.meeting import check_free
from tests.builders import make_offer, make_producer
from tests.conftest import AT, Client
from tests.dealing import Road, fresh, make_distributor, make_road, nowhere, quote
from tests.pages import sign_in
from tests.trade.deals.test_talking import letters, open_again

HOUR = timedelta(hours=1)
SOON = AT + timedelta(days=2)
FACTS = MeetingFacts((SOON, SOON + timedelta(hours=3)), 60, True, "https://meet.example.vn/a", "Mang mẫu")


def propose(road: Road, *times: datetime, at: datetime = AT, minutes: int = 60, instead_of: str = "") -> str:
    """Times of the buyer's, or the producer's in their place; answers the code."""
    by = road.seller if instead_of else road.buyer
    facts = replace(FACTS, times=times or FACTS.times, minutes=minutes)
    with transaction():
        return propose_meeting(code=road.code, facts=facts, by=by.actor(), at=at, instead_of=instead_of).code


def accept(road: Road, code: str, *, time: int = 0, at: datetime = AT, by_buyer: bool = False) -> None:
    by = road.buyer if by_buyer else road.seller
    with transaction():
        accept_meeting(code=road.code, appointment=code, time=time, elsewhere=nowhere, by=by.actor(), at=at)


def row_of(code: str) -> Appointment:
    db.session.rollback()
    return db.session.scalars(select(Appointment).where(Appointment.code == code)).one()


def beside(road: Road, at: datetime) -> Road:
    """Another deal of the same buyer, with another producer."""
    other = make_producer("Nơi khác", at=at)
    goods = make_offer("Miến khác", at=at, producer=other)
    deal = open_again(Road(road.buyer, road.distributor, road.seller, other, goods, road.deal), road.buyer.actor())
    return Road(road.buyer, road.distributor, road.seller, other, goods, deal)


def test_proposed_and_accepted(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road)
    assert fresh(road.deal).turn is Side.PRODUCER
    for time in (-1, 2):
        with pytest.raises(NotNow):
            accept(road, code, time=time)
    with pytest.raises(NotNow):
        accept(road, code, by_buyer=True)
    accept(road, code, time=1)
    row = row_of(code)
    assert (row.state, row.starts_at, row.ends_at) == (
        MeetingState.ACCEPTED,
        SOON + timedelta(hours=3),
        SOON + timedelta(hours=4),
    )
    with pytest.raises(NotNow):
        accept(road, code)
    with pytest.raises(NotFound):
        accept(road, "XXXXXXXX")
    assert letters()[-1] == (road.buyer.email, f"Thương vụ {road.code}: Có tin về cuộc hẹn với Lò miến.")


def test_unanswered_for_seven_days_it_has_lapsed(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road, at + timedelta(days=30))
    last = at + timedelta(days=7) - timedelta(seconds=1)
    assert (is_waiting_meeting(row_of(code), last), is_waiting_meeting(row_of(code), at + timedelta(days=7))) == (
        True,
        False,
    )
    with pytest.raises(NotNow):
        accept(road, code, at=at + timedelta(days=7))
    assert row_of(code).state is MeetingState.PROPOSED
    accept(road, code, at=last)


def test_a_time_that_is_over_is_not_accepted(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road, at + timedelta(hours=1), at + timedelta(days=1))
    with pytest.raises(NotNow):
        accept(road, code, at=at + timedelta(hours=2))
    accept(road, code, time=1, at=at + timedelta(hours=2))


def test_other_times_in_their_place(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    first = propose(road)
    second = propose(road, SOON + timedelta(days=1), instead_of=first)
    assert (row_of(first).state, row_of(second).sequence) == (MeetingState.COUNTERED, 1)
    with pytest.raises(NotNow):
        propose(road, SOON, instead_of=second)  # its own
    accept(road, second, by_buyer=True)
    with transaction():
        mine = propose_meeting(code=road.code, facts=FACTS, by=road.buyer.actor(), at=at)
    with pytest.raises(Invalid), transaction():
        decline_meeting(code=road.code, appointment=mine.code, reason="", by=road.seller.actor(), at=at)
    with transaction():
        decline_meeting(code=road.code, appointment=mine.code, reason="Bận", by=road.seller.actor(), at=at)
    assert (row_of(mine.code).state, row_of(mine.code).reason) == (MeetingState.DECLINED, "Bận")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"times": ()}, "times"),
        ({"times": tuple(SOON + timedelta(hours=n) for n in range(4))}, "times"),
        ({"times": (AT,)}, "times"),
        ({"times": (AT + timedelta(days=181),)}, "times"),
        ({"minutes": None}, "minutes"),
        ({"minutes": 9}, "minutes"),
        ({"place": " "}, "place"),
        ({"place": "http://x"}, "place"),
    ],
)
def test_what_a_proposal_must_say(app: Flask, at: datetime, change: dict[str, object], field: str) -> None:
    road = make_road(at=at)
    facts = replace(FACTS, **change)  # type: ignore[arg-type] # each case names one field with a value of its kind
    with pytest.raises(Invalid) as refused, transaction():
        propose_meeting(code=road.code, facts=facts, by=road.buyer.actor(), at=at)
    assert list(refused.value.fields) == [field]
    assert db.session.scalar(select(func.count(Appointment.id))) == 0
    with transaction():
        propose_meeting(code=road.code, facts=replace(FACTS, online=False, place="Chợ"), by=road.buyer.actor(), at=at)


def test_nobody_is_twice_at_one_time(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    accept(road, propose(road, SOON))
    overlapping, behind = propose(road, SOON + timedelta(minutes=59)), propose(road, SOON + timedelta(minutes=60))
    with pytest.raises(AlreadyMeeting):
        accept(road, overlapping)
    assert row_of(overlapping).state is MeetingState.PROPOSED
    accept(road, behind)
    other = beside(road, at)
    with transaction():
        mine = propose_meeting(code=other.code, facts=replace(FACTS, times=(SOON,)), by=road.buyer.actor(), at=at).code
    deal = db.session.get_one(Deal, other.deal.id)
    with pytest.raises(AlreadyMeeting):
        check_free(deal, SOON, SOON + timedelta(hours=1), nowhere)
    assert row_of(mine).state is MeetingState.PROPOSED


def test_called_off_it_is_free_again(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road, SOON)
    accept(road, code)
    buyer = road.buyer.actor()
    with pytest.raises(NotNow), transaction():
        cancel_meeting(code=road.code, appointment=code, reason="x", by=buyer, at=SOON)  # it has begun
    with transaction():
        cancel_meeting(code=road.code, appointment=code, reason="Bận", by=buyer, at=at)
    assert (row_of(code).state, row_of(code).sequence) == (MeetingState.CANCELLED, 1)
    accept(road, propose(road, SOON))
    mine = propose(road, SOON + timedelta(days=1))
    with pytest.raises(NotNow), transaction():
        cancel_meeting(code=road.code, appointment=mine, reason="x", by=road.seller.actor(), at=at)
    with transaction():
        cancel_meeting(code=road.code, appointment=mine, reason="x", by=buyer, at=at)


def test_kept_or_not_and_by_whom(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road, SOON)
    accept(road, code)
    for outcome, when in (("held", at), ("gone", SOON)):
        with pytest.raises(NotNow), transaction():
            tell_outcome(code=road.code, appointment=code, outcome=outcome, by=road.buyer.actor(), at=when)
    pair = (road.distributor.id, road.producer.id)
    assert last_met([pair[0]], [pair[1]]) == {}
    with transaction():
        tell_outcome(code=road.code, appointment=code, outcome="held", by=road.buyer.actor(), at=SOON)
    with pytest.raises(NotNow), transaction():
        tell_outcome(code=road.code, appointment=code, outcome="producer_absent", by=road.buyer.actor(), at=SOON)
    assert last_met([pair[0]], [pair[1]]) == {pair: SOON.date()}
    assert last_met([pair[0]], []) == {}
    assert [each.code for each in list_own_appointments(by=road.seller.actor())] == [code]
    assert list_own_appointments(by=make_distributor(at=at)[0].actor()) == []
    assert [each.code for each in list_appointments(fresh(road.deal), by=road.buyer.actor())] == [code]


def reminders() -> list[str]:
    query = select(OutgoingMail.subject).where(OutgoingMail.key.like("meeting:%")).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def test_reminded_a_day_and_an_hour_before_once(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    code = propose(road, SOON)
    accept(road, code)
    assert watch_deals(SOON - timedelta(days=1, seconds=1)) == 0
    for at_ in (SOON - timedelta(days=1), SOON - timedelta(hours=9), SOON - timedelta(hours=1), SOON):
        watch_deals(at_)
        watch_deals(at_)
    assert reminders() == [
        "Ngày mai bạn gặp Lò miến",
        "Ngày mai bạn gặp Siêu thị Thử",
        "Một giờ nữa bạn gặp Lò miến",
        "Một giờ nữa bạn gặp Siêu thị Thử",
    ]
    with transaction():
        assert remind_of(code=code, deal_code=road.code, at=SOON) == 0
        assert remind_of(code="XXXXXXXX", deal_code=road.code, at=at) == 0


def test_who_answers_quotations(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    other = beside(road, at)
    assert follow_through([road.distributor.id]) == {}
    quote(road, at=at)
    assert follow_through([road.distributor.id]) == {road.distributor.id: (0, 1)}
    quote(road, (100, 30_000), at=at, after=1, by=road.buyer)
    assert follow_through([road.distributor.id]) == {road.distributor.id: (1, 1)}
    quote(road, at=at, after=2)
    with transaction():
        accept_quote(code=road.code, number=3, by=road.buyer.actor(), at=at)
    assert follow_through([road.distributor.id]) == {road.distributor.id: (1, 1)}
    assert other.code != road.code


def test_a_calendar_file_by_the_standard() -> None:
    text = calendar_file(
        uid="A@x",
        sequence=2,
        stamp=AT,
        starts=datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        ends=datetime(2026, 11, 25, 10, 0, tzinfo=UTC),
        summary="Gặp Lò miến; bàn giá, mẫu\\bao bì",
        place="Chợ\nphiên",
        about="Miến dong " * 20,
        cancelled=True,
    )
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    for line in (
        "UID:A@x",
        "SEQUENCE:2",
        "DTSTAMP:20261123T050000Z",
        "DTSTART:20261125T090000Z",
        "DTEND:20261125T100000Z",
        "SUMMARY:Gặp Lò miến\\; bàn giá\\, mẫu\\\\bao bì",
        "LOCATION:Chợ\\nphiên",
        "DESCRIPTION:" + "Miến dong " * 20,
        "STATUS:CANCELLED",
        "METHOD:CANCEL",
    ):
        assert f"{line}\r\n" in whole, line
    assert "DESCRIPTION" not in calendar_file(
        uid="A@x", sequence=0, stamp=AT, starts=AT, ends=AT, summary="x", place="y"
    )
    assert escaped("a\r\nb\rc\x07") == "a\\nb\\nc"
    assert folded("ă" * 40) == "ă" * 37 + "\r\n " + "ă" * 3


def test_words_of_what_has_lapsed(app: Flask, client: Client, at: datetime) -> None:
    """A quotation past its day and times unanswered for a week say so, and offer no answer."""
    road = make_road(at=at - timedelta(days=30))
    quote(road, at=at - timedelta(days=30))
    propose(road, at + timedelta(days=3), at=at - timedelta(days=8))
    sign_in(client, road.seller)
    page = client.get(f"/producer/deals/{road.code}").text
    assert "quá 7 ngày không trả lời" in page
    assert f'action="/producer/deals/{road.code}/meet"' not in page


def test_an_ended_deal_calls_its_appointments_off(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    accepted, waiting, begun = propose(road, SOON), propose(road, SOON + timedelta(days=1)), propose(road, at + HOUR)
    accept(road, accepted)
    accept(road, begun)
    with transaction():
        end_deal(code=road.code, reason="Thôi", by=road.buyer.actor(), at=at + 2 * HOUR)
    states = [row_of(code).state for code in (accepted, waiting, begun)]
    assert states == [MeetingState.CANCELLED, MeetingState.CANCELLED, MeetingState.ACCEPTED]
    watch_deals(SOON - HOUR)
    assert reminders() == []
