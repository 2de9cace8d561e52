"""The feed: a webhook is kept and answered; what counts is what reading again says; gaps are caught up."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.shop.bank.feed import Feed, FeedDown
from marketplace.shop.bank.jobs import NOTICE, catch_up, handle_notice
from marketplace.shop.bank.models import TransferState
from marketplace.shop.bank.queries import count_all, list_latest, read_until
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import Payment, ProviderEvent
from marketplace.shop.payments.queries import payment_of
from tests.builders import make_offer
from tests.conftest import Client
from tests.money import ACCOUNT, NOWHERE, books, make_prepaid, offer_transfers
from tests.peers.bank_feed.running import BankFeedPeer, bank_feed_peer

SECRET = "feed-secret-of-tests"


@pytest.fixture(scope="module")
def running() -> Iterator[BankFeedPeer]:
    with bank_feed_peer() as peer:
        yield peer


@pytest.fixture
def peer(app: Flask, running: BankFeedPeer) -> Iterator[BankFeedPeer]:
    running.reset()
    offer_transfers(app)
    app.extensions["bank_feed"] = feed_at(running.url)
    yield running
    app.extensions["bank_feed"] = None


def feed_at(url: str, token: str = "feed-token") -> Feed:
    return Feed(url=url, token=token, secret=SECRET, account=ACCOUNT.number)


def prepaid(at: datetime) -> Payment:
    return make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)


def tell(client: Client, body: object, secret: str = SECRET) -> TestResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/payments/bank/webhook", data=raw, headers={"Authorization": f"Apikey {secret}"})


def work(at: datetime) -> int:
    return run_due(at + timedelta(minutes=1), handlers={NOTICE: handle_notice}, lease=timedelta(minutes=1))


def state_of(payment: Payment) -> str:
    return payment_of(payment.number).state.value


def test_what_it_tells_is_read_again_and_then_counts(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime
) -> None:
    payment = prepaid(at)
    amount = payment.amount.amount
    number = peer.came(f"CK {payment.number}", amount, account=ACCOUNT.number, reference="FT1")
    for _ in range(3):
        assert tell(client, {"id": number, "transferAmount": amount}).json == {"success": True}
    assert (count_all(), state_of(payment)) == (0, "awaiting"), "nothing counts before it is read again"
    assert work(at) == 1
    assert (count_all(), state_of(payment)) == (1, "paid")
    assert books() == {"bank": amount, "buyers": amount}
    assert [event.handled_at for event in db.session.scalars(select(ProviderEvent))] == [at + timedelta(minutes=1)]


def test_lies_in_the_webhook_are_not_believed(app: Flask, client: Client, peer: BankFeedPeer, at: datetime) -> None:
    payment = prepaid(at)
    number = peer.came(payment.number, 1_000, account=ACCOUNT.number)
    tell(client, {"id": number, "transferAmount": payment.amount.amount, "content": payment.number})
    tell(client, {"id": 999, "transferAmount": payment.amount.amount, "content": payment.number})
    assert work(at) == 2
    assert (count_all(), state_of(payment), books()["bank"]) == (1, "awaiting", 1_000)


def test_another_account_and_money_out_are_passed_over(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime
) -> None:
    other = peer.came("x", 1_000, account="999")
    out = peer.came("x", 0, account=ACCOUNT.number, amount_out="1000.00")
    for number in (other, out):
        tell(client, {"id": number})
    assert (work(at), count_all()) == (2, 0)
    assert (catch_up(at), read_until(ACCOUNT.number)) == (0, out)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff", {"id": "../1"}, {"id": "9" * 20}, {"id": -1}])
def test_a_body_without_a_number_is_refused(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime, body: object
) -> None:
    assert tell(client, body).status_code == 400
    assert db.session.scalars(select(ProviderEvent)).all() == []


@pytest.mark.parametrize("secret", ["", "feed-secret-of-test", SECRET + "x", "đ"])
def test_whoever_has_not_the_secret_is_refused(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime, secret: str
) -> None:
    headers = {"Authorization": f"Apikey {secret}".encode().decode("latin-1")}
    assert client.post("/payments/bank/webhook", data=b'{"id": 1}', headers=headers).status_code == 401
    assert db.session.scalars(select(ProviderEvent)).all() == []


def test_without_a_feed_there_is_no_webhook(app: Flask, client: Client, at: datetime) -> None:
    assert tell(client, {"id": 1}).status_code == 404
    assert catch_up(at) == 0


def test_a_gap_is_caught_up_whatever_the_webhook_told(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime
) -> None:
    payment = prepaid(at)
    lost = peer.came(payment.number, payment.amount.amount, account=ACCOUNT.number)
    told = peer.came("x", 5_000, account=ACCOUNT.number)
    tell(client, {"id": told})
    work(at)
    assert (count_all(), state_of(payment)) == (1, "awaiting")
    assert (catch_up(at), catch_up(at)) == (1, 0)
    assert (count_all(), state_of(payment), read_until(ACCOUNT.number)) == (2, "paid", told)
    assert lost < told


def test_many_pages_are_read_to_the_end(
    app: Flask, peer: BankFeedPeer, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.shop.bank.feed.A_PAGE", 3)
    monkeypatch.setattr("marketplace.shop.bank.jobs.A_PAGE", 3)
    for n in range(7):
        peer.came("x", 1_000 + n, account=ACCOUNT.number, reference=f"FT{n}")
    assert (catch_up(at), count_all()) == (7, 7)


def test_a_feed_that_is_down_is_asked_again(app: Flask, client: Client, peer: BankFeedPeer, at: datetime) -> None:
    payment = prepaid(at)
    number = peer.came(payment.number, payment.amount.amount, account=ACCOUNT.number)
    tell(client, {"id": number})
    peer.down(2)
    assert (work(at), catch_up(at), count_all()) == (0, 0, 0)
    later = db.session.scalars(select(Job.due_at).where(Job.name == NOTICE)).one()
    assert later > at
    assert (work(later), state_of(payment)) == (1, "paid")


def test_no_answer_and_answers_that_cannot_be_read(app: Flask, peer: BankFeedPeer, at: datetime) -> None:
    with pytest.raises(FeedDown):
        feed_at(NOWHERE).fetch("1")
    with pytest.raises(FeedDown):
        feed_at(peer.url, token="wrong").fetch("1")


def test_a_row_that_cannot_be_read_holds_up_no_other(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime
) -> None:
    """It stands in the trail, for a person to ask the bank; another account's row is nobody's trouble."""
    wrong: list[Any] = [{"amount_in": "1.50"}, {"amount_in": None}, {"transaction_date": "yesterday"}]
    numbers = [peer.came("x", 1, account=ACCOUNT.number, **each) for each in wrong]
    peer.came("x", 1, account="another", amount_in="0.50")
    peer.came("x", 5_000, account=ACCOUNT.number)
    assert (catch_up(at), catch_up(at), count_all()) == (1, 0, 1)
    told = select(AuditEntry.subject).where(AuditEntry.action == "transfer.unreadable").order_by(AuditEntry.id)
    assert db.session.scalars(told).all() == [str(number) for number in numbers]
    tell(client, {"id": numbers[0]})
    assert work(at) == 1
    assert len(db.session.scalars(told).all()) == 4


def test_a_notice_handled_once_and_one_whose_feed_was_taken_off(
    app: Flask, client: Client, peer: BankFeedPeer, at: datetime
) -> None:
    tell(client, {"id": peer.came("x", 1_000, account=ACCOUNT.number)})
    event = db.session.scalars(select(ProviderEvent.id)).one()
    feed, app.extensions["bank_feed"] = app.extensions["bank_feed"], None
    handle_notice({"id": event}, at)
    assert count_all() == 0
    app.extensions["bank_feed"] = feed
    handle_notice({"id": event}, at)
    handle_notice({"id": event}, at)
    assert [each.state for each in list_latest()] == [TransferState.UNKNOWN]
