"""A dispute may be told of before the payment that it is about: it is not lost."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.shop.payments.jobs import handle_event
from marketplace.shop.payments.models import DisputeState
from marketplace.shop.payments.paying import pay
from marketplace.shop.payments.queries import list_disputes, payment_of
from marketplace.shop.payments.services import begin_attempt
from marketplace.shop.payments.services.events import EVENT, store_event
from tests.builders import make_offer
from tests.money import books, make_prepaid
from tests.peers.teller import Teller, down, offer_teller


@pytest.fixture
def teller(app: Flask, at: datetime) -> Teller:
    return offer_teller(app, at)


def disputed(teller: Teller, at: datetime) -> str:
    """An order paid at the provider and disputed there, of which only the dispute is told; beside one just begun."""
    beside = make_prepaid((make_offer(at=at), 1), at=at)
    with transaction():
        begin_attempt(payment_id=beside.id, provider="teller", at=at)
    number = make_prepaid((make_offer(at=at), 1), at=at).number
    charge = teller.pay(pay(number, at).reference or "")
    teller.dispute(charge)
    letter = teller.letters[-1]
    notice = teller.verify_webhook(letter.body, letter.headers)
    assert notice is not None
    assert notice.subject == "dispute"
    with transaction():
        store_event(provider="teller", notice=notice, body="", at=at)
    return number


def work(at: datetime) -> None:
    run_due(at, handlers={EVENT: handle_event}, lease=timedelta(minutes=1))


def test_the_dispute_comes_first(teller: Teller, at: datetime) -> None:
    number = disputed(teller, at)
    soon = at + timedelta(seconds=5)
    work(soon)
    assert payment_of(number).state.value == "paid"
    assert [each.state for each in list_disputes()] == [DisputeState.OPEN]
    assert books()["provider:teller"] == teller.stands.amount


def test_the_dispute_comes_first_and_the_provider_falls_silent(teller: Teller, at: datetime) -> None:
    """Then its letter waits, too."""
    disputed(teller, at)

    def silent(when: str, call: str) -> None:
        if call == "fetch":
            down(when, call)

    before, teller.meets = teller.meets, silent
    soon = at + timedelta(seconds=5)
    work(soon)
    assert list_disputes() == []
    assert None in db.session.scalars(select(Job.finished_at).where(Job.name == EVENT)).all()
    teller.meets = before
    work(soon + timedelta(minutes=2))
    assert len(list_disputes()) == 1


def test_a_dispute_of_what_is_not_ours_is_seen_to(teller: Teller, at: datetime) -> None:
    pay(make_prepaid((make_offer(at=at), 1), at=at).number, at)
    elsewhere = teller.pages["pg_1"].reference
    charge = teller.pay(elsewhere)
    teller.pages.pop(elsewhere)
    contest = teller.dispute(charge)
    letter = teller.letter("dispute", "dispute.opened", contest or "")
    notice = teller.verify_webhook(letter.body, letter.headers)
    assert notice is not None
    with transaction():
        store_event(provider="teller", notice=notice, body="", at=at)
    work(at + timedelta(seconds=5))
    assert list_disputes() == []
    assert db.session.scalars(select(Job.finished_at).where(Job.name == EVENT)).all() == [at + timedelta(seconds=5)]
