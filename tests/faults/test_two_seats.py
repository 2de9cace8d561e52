"""Two officers put one substitute into two places of a slot at once: one does; without the seats' keys both do."""

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.trade.campaigns.models import Meeting, MeetingState, Side
from marketplace.trade.campaigns.queries import list_meetings
from marketplace.trade.campaigns.services import (
    arrive,
    invite,
    meeting,
    miss_meeting,
    publish_run,
    put_in,
    start_campaign,
)
from tests.builders import BY
from tests.conftest import AT
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.meeting import come, hours, make_fair, make_maker, worked_out

DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


@pytest.mark.race
@pytest.mark.parametrize("guarded", [True, False])
def test_nobody_sits_in_two_places(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    with shop.app_context():
        one_slot = hours(closes=time(8, 30), first_day=date(2026, 12, 8))
        fair = make_fair(at=AT, hours=one_slot, most_producer=1, most_buyer=1)
        number = worked_out(fair.code, at=AT)
        with transaction():
            publish_run(code=fair.code, number=number, by=BY, at=AT)
        spare = make_maker("Lò dự bị", at=AT)
        with transaction():
            invite(code=fair.code, producers=[get_own(spare.actor()).slug], distributors=[], by=BY, at=AT)
        come(fair, spare, at=AT)
        missed = [row.code for row in list_meetings(fair.campaign.id)]
        with transaction():
            start_campaign(code=fair.code, by=BY, at=DAY)
            for code in missed:
                miss_meeting(code=fair.code, meeting=code, absent=Side.PRODUCER, by=BY, at=DAY)
            arrive(code=fair.code, participant_id=fair.place_of(spare), by=BY, at=DAY)
        substitute = fair.place_of(spare)
    if not guarded:
        monkeypatch.setattr(meeting, "take_seats", lambda _row: None)

    def place(n: int) -> bool:
        try:
            with transaction():
                put_in(code=fair.code, meeting=missed[n], participant_id=substitute, by=BY, at=DAY)
        except Refusal:
            return False
        return True

    assert together(shop, place, 2, processes=2) == (1 if guarded else 2)
    with shop.app_context():
        confirmed = select(func.count(Meeting.id)).where(Meeting.state == MeetingState.CONFIRMED)
        assert db.session.scalar(confirmed) == (1 if guarded else 2)
