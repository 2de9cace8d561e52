"""A producer accepts the same hour of many buyers at once: one appointment stands; with the guard off, several."""

from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.shop.catalog.models import Variant
from marketplace.trade.deals.models import Appointment, MeetingState, Origin
from marketplace.trade.deals.services import MeetingFacts, accept_meeting, open_deal, propose_meeting
from marketplace.trade.deals.services import meeting as services
from tests.builders import make_offer, make_producer, make_user
from tests.conftest import AT
from tests.dealing import make_distributor, nowhere
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together

BUYERS = 12
SOON = AT + timedelta(days=2)


def asked_by(buyers: int, goods: Variant, *, apart: int) -> list[tuple[str, str]]:
    """So many buyers propose each an hour, so many minutes apart: (deal, appointment)."""
    producer_id = db.session.scalar(select(Producer.id)) or 0
    asked = []
    for n in range(buyers):
        user, distributor = make_distributor(at=AT)
        with transaction():
            deal = open_deal(
                distributor_id=distributor.id,
                producer_id=producer_id,
                listing_id=goods.listing_id,
                origin=Origin.ENQUIRY,
                by=user.actor(),
                at=AT,
            )
        facts = MeetingFacts((SOON + timedelta(minutes=n * apart),), 30, False, "Chợ phiên")
        with transaction():
            row = propose_meeting(code=deal.code, facts=facts, by=user.actor(), at=AT)
        asked.append((deal.code, row.code))
    return asked


@pytest.mark.parametrize("guarded", [True, False])
def test_an_hour_is_given_once(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop.app_context():
        seller = make_user(Role.PRODUCER, at=AT)
        goods = make_offer(at=AT, producer=make_producer("Lò miến", at=AT, user=seller))
        asked = asked_by(BUYERS, goods, apart=1)
        by = seller.actor()
    if not guarded:
        monkeypatch.setattr(services, "check_free", lambda *_: None)

    def take(n: int) -> bool:
        sleep(0.01)
        try:
            with transaction():
                accept_meeting(code=asked[n][0], appointment=asked[n][1], time=0, elsewhere=nowhere, by=by, at=AT)
        except Refusal:
            return False
        return True

    taken = together(shop, take, BUYERS)
    assert taken == 1 if guarded else taken > 1
    with shop.app_context():
        accepted = select(func.count(Appointment.id)).where(Appointment.state == MeetingState.ACCEPTED)
        assert db.session.scalar(accepted) == taken


@pytest.mark.parametrize("held", [True, False])
def test_looking_alone_is_not_enough(shop: Flask, held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both calendars are not held, two who look at once both find the hour free (PostgreSQL)."""
    if shop.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not held:
        pytest.skip("SQLite has one writer at a time: looking is holding")
    check = services.check_free

    def look(*facts: object) -> None:
        check(*facts)  # type: ignore[arg-type] # passed on as it came
        sleep(0.2)

    monkeypatch.setattr(services, "check_free", look)
    if not held:
        monkeypatch.setattr(services, "hold_parties", lambda _deal: None)
    with shop.app_context():
        seller = make_user(Role.PRODUCER, at=AT)
        goods = make_offer(at=AT, producer=make_producer("Lò miến", at=AT, user=seller))
        asked = asked_by(6, goods, apart=0)
        by = seller.actor()

    def take(n: int) -> bool:
        try:
            with transaction():
                accept_meeting(code=asked[n][0], appointment=asked[n][1], time=0, elsewhere=nowhere, by=by, at=AT)
        except Refusal:
            return False
        return True

    taken = together(shop, take, 6)
    assert taken == 1 if held else taken > 1
