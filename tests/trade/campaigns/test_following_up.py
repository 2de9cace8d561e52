"""From a held meeting on to a deal, when what the two met for is not open any more."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.services import move_listing
from marketplace.trade.campaigns.queries import list_meetings
from marketplace.trade.campaigns.services import NothingLeft, follow_up, hold_meeting, start_campaign
from marketplace.trade.deals.models import Deal
from marketplace.trade.demands.queries import list_own
from marketplace.trade.demands.services import pause_demand
from tests.builders import BY, make_user
from tests.conftest import Client
from tests.meeting import Fair, make_fair, timetable
from tests.pages import send, sign_in

DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def held(app: Flask, at: datetime) -> Fair:
    """A campaign of one pair, who have met."""
    fair = make_fair(at=at, makers=1, buyers=1)
    timetable(fair, at=at)
    with transaction():
        start_campaign(code=fair.code, by=BY, at=DAY)
        hold_meeting(code=fair.code, meeting=meeting_of(fair), by=BY, at=DAY)
    return fair


def meeting_of(fair: Fair) -> str:
    return list_meetings(fair.campaign.id)[0].code


def follow(fair: Fair, by: Actor) -> Deal:
    with transaction():
        return follow_up(code=fair.code, meeting=meeting_of(fair), by=by, at=DAY)


def pause_what_was_wanted(fair: Fair, at: datetime) -> None:
    buyer = fair.buyers[0].actor()
    with transaction():
        pause_demand(code=list_own(by=buyer)[0].code, by=buyer, at=at)


def take_off_sale(at: datetime) -> None:
    with transaction():
        move_listing(slug=db.session.scalars(select(Listing.slug)).one(), to=ListingState.PAUSED, by=BY, at=at)


def test_the_goods_alone(held: Fair, at: datetime) -> None:
    pause_what_was_wanted(held, at)
    deal = follow(held, held.makers[0].actor())
    assert (deal.listing_id is None, deal.demand_id) == (False, None)


def test_the_demand_alone(held: Fair, at: datetime) -> None:
    take_off_sale(at)
    deal = follow(held, held.buyers[0].actor())
    assert (deal.listing_id, deal.demand_id is None) == (None, False)


def test_the_deal_that_is_open_stays_the_one(held: Fair, at: datetime) -> None:
    opened = follow(held, BY).code
    take_off_sale(at)
    assert follow(held, held.makers[0].actor()).code == opened
    pause_what_was_wanted(held, at)
    assert follow(held, held.buyers[0].actor()).code == opened


def test_nothing_is_left(client: Client, held: Fair, at: datetime) -> None:
    """Said in words on the page that asked, on every desk."""
    pause_what_was_wanted(held, at)
    take_off_sale(at)
    with pytest.raises(NothingLeft):
        follow(held, BY)
    meeting, officer = meeting_of(held), make_user(Role.PROVINCE_OFFICER, at=at)
    desks = (
        (held.makers[0], "/producer/campaigns", ""),
        (held.buyers[0], "/distributor/campaigns", ""),
        (officer, "/office/matchmaking/campaigns", f"/meetings/{meeting}"),
    )
    for user, desk, end in desks:
        sign_in(client, user)
        answer = send(client, f"{desk}/{held.code}/meetings/{meeting}/deal")
        back = f"{desk}/{held.code}{end}"
        assert answer.headers["Location"] == back
        assert "hiện đều không còn mở nên chưa đi tiếp được" in client.get(back).text
    assert db.session.scalar(select(func.count(Deal.id))) == 0
