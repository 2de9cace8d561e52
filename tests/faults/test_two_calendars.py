"""A timetable is published while an appointment in one of its slots is accepted: one of the two stands, never both."""

from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from threading import BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.trade.campaigns.models import Meeting
from marketplace.trade.campaigns.queries import meets_then
from marketplace.trade.campaigns.services import publish_run
from marketplace.trade.campaigns.services import timetable as publishing
from marketplace.trade.campaigns.snapshots import take_snapshot
from marketplace.trade.deals.models import Appointment, MeetingState
from marketplace.trade.deals.services import accept_meeting
from marketplace.trade.deals.services import meeting as accepting
from tests.builders import BY
from tests.conftest import AT
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.meeting import make_fair, worked_out
from tests.trade.campaigns.test_two_calendars import proposed


@pytest.mark.parametrize("guarded", [True, False])
def test_a_slot_and_an_hour_are_given_once(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the guard off, that both calendars are held, each finds the time free and both are given (PostgreSQL)."""
    if shop.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not guarded:
        pytest.skip("SQLite has one writer at a time: looking is holding")
    check, look = accepting.check_free, take_snapshot
    looked = get_context("fork").Barrier(2)

    def wait_for_the_other() -> None:
        """Both have looked before either writes; who holds the calendars waits in vain, a while."""
        with suppress(BrokenBarrierError):
            looked.wait(1 if guarded else 30)

    def check_long(*facts: object) -> None:
        check(*facts)  # type: ignore[arg-type] # passed on as it came
        wait_for_the_other()

    def look_long(*facts: object, **more: object) -> object:
        found = look(*facts, **more)  # type: ignore[arg-type] # passed on as it came
        wait_for_the_other()
        return found

    with shop.app_context():
        fair = make_fair(at=AT, makers=1, buyers=1)
        number = worked_out(fair.code, at=AT)
        (maker,), (buyer,) = fair.makers, fair.buyers
        code, whole_day = fair.code, fair.campaign.slots[0].starts_at
        deal, appointment = proposed(maker, buyer, whole_day, at=AT, minutes=120)  # in every slot of the campaign
        by = maker.actor()
    monkeypatch.setattr(accepting, "check_free", check_long)
    monkeypatch.setattr(publishing, "take_snapshot", look_long)
    if not guarded:
        for module in (accepting, publishing):
            monkeypatch.setattr(module, "hold_calendars", lambda *_: None)

    def give(n: int) -> bool:
        try:
            with transaction():
                if n:
                    accept_meeting(code=deal, appointment=appointment, time=0, elsewhere=meets_then, by=by, at=AT)
                else:
                    publish_run(code=code, number=number, by=BY, at=AT + timedelta(seconds=1))
        except Refusal:
            return False
        return True

    given = together(shop, give, 2, processes=2)
    assert given == (1 if guarded else 2)
    with shop.app_context():
        accepted = select(func.count(Appointment.id)).where(Appointment.state == MeetingState.ACCEPTED)
        assert (db.session.scalar(accepted) or 0) + (db.session.scalar(select(func.count(Meeting.id))) or 0) == given
