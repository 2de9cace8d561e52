"""The window in which meetings are confirmed: over once it is over, and what was not confirmed is let go of."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.campaigns.jobs import release, watch
from marketplace.trade.campaigns.models import Meeting, MeetingSeat, MeetingState, TableSeat
from marketplace.trade.campaigns.queries import list_meetings, list_unconfirmed
from marketplace.trade.campaigns.services import (
    WindowClosed,
    confirm_meeting,
    invite,
    release_meeting,
    start_campaign,
)
from marketplace.trade.distributors.queries import get_own as distributor_of
from tests.builders import BY
from tests.conftest import Client
from tests.meeting import Fair, come, make_buyer, make_fair, timetable
from tests.pages import send, sign_in

WORKER = system("worker")
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def out(app: Flask, at: datetime) -> Fair:
    """Two makers and two buyers, each to meet both; Lò 0 and Chợ 0 have confirmed, Lò 1 alone its own with Chợ 1."""
    fair = make_fair(at=at)
    timetable(fair, at=at)
    for a, b, sides in ((0, 0, (fair.makers[0], fair.buyers[0])), (1, 1, (fair.makers[1],))):
        for user in sides:
            with transaction():
                confirm_meeting(code=fair.code, meeting=of(fair, a, b).code, by=user.actor(), at=at)
    return fair


def of(fair: Fair, a: int, b: int) -> Meeting:
    """The meeting of a maker and a buyer."""
    every = list_meetings(fair.campaign.id, all_states=True)
    return next(m for m in every if (m.producer.name, m.buyer.name) == (f"Lò {a}", f"Chợ {b}"))


def until(fair: Fair) -> datetime:
    end = fair.campaign.confirm_until
    assert end is not None
    return end


def seats() -> int:
    return (db.session.scalar(select(func.count()).select_from(MeetingSeat)) or 0) + (
        db.session.scalar(select(func.count()).select_from(TableSeat)) or 0
    )


def test_nobody_confirms_after_the_window(out: Fair) -> None:
    meeting = of(out, 1, 1).code
    with pytest.raises(WindowClosed), transaction():
        confirm_meeting(code=out.code, meeting=meeting, by=out.buyers[1].actor(), at=until(out) + A_SECOND)
    assert (of(out, 1, 1).state, of(out, 1, 1).buyer_confirmed_at) == (MeetingState.TENTATIVE, None)
    with transaction():
        confirm_meeting(code=out.code, meeting=meeting, by=out.buyers[1].actor(), at=until(out))
    assert of(out, 1, 1).state is MeetingState.CONFIRMED


def test_what_was_not_confirmed_is_let_go_of_and_both_are_told(out: Fair) -> None:
    first = db.session.scalar(select(func.max(OutgoingMail.id))) or 0
    assert release(until(out)) == 0
    late = until(out) + A_SECOND
    assert (watch(late), watch(late)) == (3, 0)
    assert [of(out, a, b).state.value for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))] == ["confirmed", *["cancelled"] * 3]
    assert {of(out, a, b).reason for a, b in ((0, 1), (1, 0), (1, 1))} == {"không được cả hai bên chốt trong hạn"}
    assert seats() == 3
    told = db.session.execute(select(OutgoingMail.to_address, OutgoingMail.subject).where(OutgoingMail.id > first))
    assert sorted(told) == sorted(
        (user.email, f"Cuộc gặp với {other} bị hủy")
        for user, others in (
            (out.makers[0], ("Chợ 1",)),
            (out.makers[1], ("Chợ 0", "Chợ 1")),
            (out.buyers[0], ("Lò 1",)),
            (out.buyers[1], ("Lò 0", "Lò 1")),
        )
        for other in others
    )


def test_a_second_run_keeps_the_confirmed_and_brings_the_released_together_no_more(out: Fair, at: datetime) -> None:
    late = until(out) + A_SECOND
    release(late)
    newcomer = make_buyer("Chợ 2", at=at)
    with transaction():
        shop = distributor_of(newcomer.actor()).organisation.slug
        invite(code=out.code, producers=[], distributors=[shop], by=BY, at=late)
    come(out, newcomer, at=late)
    timetable(out, at=late)
    assert sorted((m.producer.name, m.buyer.name, m.state.value) for m in list_meetings(out.campaign.id)) == [
        ("Lò 0", "Chợ 0", "confirmed"),
        ("Lò 0", "Chợ 2", "tentative"),
        ("Lò 1", "Chợ 2", "tentative"),
    ]
    assert until(out) > late + timedelta(days=2)


def test_what_changed_meanwhile_is_not_let_go_of(out: Fair, at: datetime) -> None:
    late = until(out) + A_SECOND
    found = list_unconfirmed(late)
    assert len(found) == 3
    timetable(out, at=late)  # published anew before the worker comes to it
    with transaction():
        assert release_meeting(code=out.code, meeting=found[0][1], by=WORKER, at=late + A_SECOND) == 0
    with transaction():
        start_campaign(code=out.code, by=BY, at=out.campaign.slots[0].starts_at)
    end = until(out) + A_SECOND
    assert list_unconfirmed(end) == []
    with transaction():
        assert release_meeting(code=out.code, meeting=found[0][1], by=WORKER, at=end) == 0
        assert release_meeting(code=out.code, meeting=of(out, 0, 0).code, by=WORKER, at=end) == 0
    assert len(list_meetings(out.campaign.id)) == 4


def test_the_window_ends_when_the_first_meeting_begins(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at, makers=1, buyers=1)
    begins = fair.campaign.slots[0].starts_at
    timetable(fair, at=begins - timedelta(hours=2))
    assert until(fair) == begins


def test_the_pages_say_that_it_is_over(app: Flask, client: Client, out: Fair) -> None:
    with transaction():  # as if it had been published four days ago
        campaign = out.campaign
        campaign.confirm_until = campaign.created_at - timedelta(days=1)
    sign_in(client, out.buyers[1])
    path = f"/distributor/campaigns/{out.code}"
    page = client.get(path).text
    assert ("Đã hết hạn chốt." in page, "Chốt cuộc này" in page) == (True, False)
    refused = send(client, f"{path}/meetings/{of(out, 1, 1).code}/confirm")
    assert "Đã hết hạn chốt. Cuộc chưa chốt được nhả ra" in client.get(refused.headers["Location"]).text
