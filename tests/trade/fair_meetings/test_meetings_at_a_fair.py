"""Business meetings at a fair: a draft campaign at the venue, its confirmed exhibitors invited; held ones counted."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.trade.campaigns.models import Campaign, CampaignKind, CampaignState, Side
from marketplace.trade.campaigns.queries import list_meetings, list_participants
from marketplace.trade.campaigns.rules import Hours
from marketplace.trade.campaigns.services import cancel_campaign, hold_meeting, start_campaign
from marketplace.trade.exhibitors.models import ApplicationState
from marketplace.trade.fair_meetings.models import FairCampaign
from marketplace.trade.fair_meetings.queries import list_campaigns, meetings_held
from marketplace.trade.fair_meetings.services import AlreadyPlanned, NobodyExhibits, NotPlannable, open_meetings
from marketplace.trade.fair_reports.queries import report_of
from marketplace.trade.fairs.models import Edition, EditionState
from tests.builders import BY, make_user
from tests.conftest import Client
from tests.exhibiting import make_exhibitor
from tests.fairing import FAIR_DAY, make_edition
from tests.meeting import make_fair, timetable
from tests.pages import send, sign_in


def plan(edition: Edition, *, at: datetime, by: Actor = BY) -> Campaign:
    with transaction():
        return open_meetings(code=edition.code, by=by, at=at)


def in_all() -> int:
    return db.session.scalar(select(func.count()).select_from(Campaign)) or 0


def make_ready(at: datetime, **said: Any) -> Edition:
    """An edition whose places are being given, two exhibitors confirmed, one only offered a place."""
    edition = make_edition(at=at, state=EditionState.SELECTION, **said)
    for name in ("Lò miến", "Xưởng chè"):
        make_exhibitor(edition, name, at=at)
    make_exhibitor(edition, "Trại ong", at=at, state=ApplicationState.OFFERED)
    return edition


def test_a_draft_at_the_venue_with_every_exhibitor(app: Flask, at: datetime) -> None:
    edition = make_ready(at, address="Phường Tân Phong")
    campaign = plan(edition, at=at)
    assert (campaign.state, campaign.kind) == (CampaignState.DRAFT, CampaignKind.ON_SITE)
    assert campaign.place == "Quảng trường Thử, Phường Tân Phong"
    hours = Hours.from_json(campaign.hours)
    assert (hours.first_day, hours.last_day, hours.opens, hours.closes) == (FAIR_DAY, FAIR_DAY, time(8), time(16, 30))
    assert campaign.wishes_until.astimezone(VIETNAM).date() == date(2026, 12, 16)
    invited = list_participants(campaign.id)
    assert [each.side for each in invited] == [Side.PRODUCER, Side.PRODUCER]
    assert {each.producer.name for each in invited if each.producer} == {"Lò miến", "Xưởng chè"}
    assert [each.code for each in list_campaigns(edition.id)] == [campaign.code]
    assert meetings_held(edition.id) == 0


def test_one_at_a_time(app: Flask, at: datetime) -> None:
    edition = make_ready(at)
    first = plan(edition, at=at)
    with pytest.raises(AlreadyPlanned):
        plan(edition, at=at)
    assert in_all() == 1
    with transaction():
        cancel_campaign(code=first.code, reason="Đổi ngày", by=BY, at=at)
    second = plan(edition, at=at)
    assert [each.code for each in list_campaigns(edition.id)] == [second.code, first.code]


def test_when_and_by_whom(app: Flask, at: datetime) -> None:
    edition = make_ready(at)
    with pytest.raises(Forbidden):
        plan(edition, at=at, by=make_user(Role.PRODUCER, at=at).actor())
    with pytest.raises(NobodyExhibits):
        plan(make_edition(at=at), at=at)
    for state in (EditionState.DRAFT, EditionState.RUNNING):
        with pytest.raises(NotPlannable):
            plan(make_edition(at=at, state=state), at=at)
    with pytest.raises(NotPlannable):  # its first day has come
        plan(edition, at=datetime(2026, 12, 18, 8, 0, tzinfo=VIETNAM))
    with pytest.raises(NotFound), transaction():
        open_meetings(code="KHONGCO", by=BY, at=at)
    assert (in_all(), db.session.scalars(select(FairCampaign)).all()) == (0, [])


def test_on_the_eve_answers_are_taken_until_the_first_meeting(app: Flask, at: datetime) -> None:
    campaign = plan(make_ready(at), at=datetime(2026, 12, 17, 8, 0, tzinfo=VIETNAM))
    assert campaign.wishes_until == datetime(2026, 12, 18, 8, 0, tzinfo=VIETNAM)


def test_a_fair_of_the_evening(app: Flask, at: datetime) -> None:
    hours = Hours.from_json(plan(make_ready(at, opens=time(17), closes=time(21)), at=at).hours)
    assert (hours.opens, hours.closes) == (time(17), time(21))


def test_the_report_counts_meetings_held(app: Flask, at: datetime) -> None:
    edition = make_ready(at)
    meet = make_fair(at=at)
    timetable(meet, at=at)
    rows = list_meetings(meet.campaign.id)
    with transaction():
        db.session.add(FairCampaign(campaign_id=meet.campaign.id, edition_id=edition.id))
        start_campaign(code=meet.code, by=BY, at=at + timedelta(days=15))
        for row in rows[:2]:
            hold_meeting(code=meet.code, meeting=row.code, by=BY, at=at + timedelta(days=15))
    assert (len(rows) > 2, meetings_held(edition.id), report_of(edition).meetings) == (True, 2, 2)
    assert meetings_held(make_edition(at=at).id) == 0


def test_from_the_editions_page(client: Client, at: datetime) -> None:
    assert day_of(at) < FAIR_DAY
    edition, nobody = make_ready(at), make_edition(at=at)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{edition.code}"
    assert "Lập đợt gặp giao thương" in client.get(base).text
    answer = send(client, f"{base}/meetings")
    assert "/office/matchmaking/campaigns/KN" in answer.headers["Location"]
    assert "Lò miến" in client.get(answer.headers["Location"]).text
    assert answer.headers["Location"] in client.get(base).text
    again = send(client, f"{base}/meetings")
    assert again.headers["Location"] == base
    assert "chưa xong" in client.get(base).text
    assert send(client, f"/office/fairs/{nobody.code}/meetings").headers["Location"] == f"/office/fairs/{nobody.code}"
    assert in_all() == 1


def test_a_fair_too_short_for_a_meeting(client: Client, at: datetime) -> None:
    edition = make_ready(at, opens=time(19), closes=time(19, 10))
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{edition.code}"
    assert send(client, f"{base}/meetings").headers["Location"] == base
    assert "từ 1 đến 120 lượt" in client.get(base).text
    assert in_all() == 0
