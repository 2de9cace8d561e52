"""The hours of a campaign: kept as typed; those of campaigns from before that are read back from their slots."""

import json
from datetime import UTC, date, time

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from marketplace.app import create_app
from marketplace.platform.core.db import db
from marketplace.trade.campaigns.rules import Hours, slots_of
from tests.databases import KINDS, new_database, settings_for
from tests.meeting import hours

LONG = hours(closes=time(16, 30), minutes=20, pause=5, breaks=((time(11, 30), time(13, 30)),))


def test_hours_are_written_and_read() -> None:
    assert Hours.from_json(json.loads(json.dumps(LONG.to_json()))) == LONG
    assert Hours.from_json(hours().to_json()) == hours()


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest) -> Flask:
    return create_app(settings_for(new_database(request.param, "hours"), f"hours-{request.param}"))


def test_campaigns_from_before_get_the_hours_their_slots_tell(old: Flask) -> None:
    campaign = (
        "INSERT INTO campaigns (id, code, title, kind, state, place, note, least, most_producer, most_buyer, tables,"
        " wishes_until, weights_number, created_at, created_by) VALUES (1, 'KN1', 'Cũ', 'online', 'draft', '', '', 1,"
        " 3, 3, 2, '2026-12-06 00:00:00+00', 0, '2026-11-01 00:00:00+00', 'x')"
    )
    slot = "INSERT INTO campaign_slots (campaign_id, number, starts_at, ends_at) VALUES (1, :n, :a, :b)"
    with old.app_context():
        upgrade(revision="0025_outcomes")
        with db.engine.begin() as connection:
            connection.execute(text(campaign))
            for n, times in enumerate(slots_of(LONG)):
                a, b = (at.astimezone(UTC).replace(tzinfo=None) for at in times)
                connection.execute(text(slot), {"n": n, "a": a, "b": b})
        upgrade()
        with db.engine.connect() as connection:
            kept = connection.execute(text("SELECT hours FROM campaigns")).scalar_one()
        db.engine.dispose()
    read = Hours.from_json(json.loads(kept) if isinstance(kept, str) else kept)
    assert (read.first_day, read.opens, read.minutes, read.pause) == (date(2026, 12, 8), time(8), 20, 5)
    assert [starts for starts, _ends in slots_of(read)] == [starts for starts, _ends in slots_of(LONG)]
