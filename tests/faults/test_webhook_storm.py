"""A storm of webhooks over HTTP: two in five sent before, shuffled, forged and too old ones among them.

`FAULT_ROUNDS=long` (as `make faults` sets it) sends more than 5,000 on each database, otherwise more than 600. The
web server is our own in two processes, 32 senders send at once, then three workers do what came of it together.
"""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.books.queries import verify
from marketplace.shop.ledger.models import Entry
from marketplace.shop.payments.models import Dispute, ProviderEvent
from marketplace.shop.payments.providers.stripe_cards import SUBJECTS
from marketplace.shop.payments.queries import payment_of
from tests.databases import KINDS
from tests.faults.card_day import REFUND, Fate, Sold, trade
from tests.faults.card_shop import LONG, card_shop, drain
from tests.faults.careless_storm import all_is_news, believing
from tests.faults.letters import claim, send_all, storm
from tests.faults.web_server import web_server
from tests.money import books
from tests.peers.stripe.receiving import receiver
from tests.peers.stripe.running import StripePeer, stripe_peer

ORDERS = 406 if LONG else 49
SENDERS = 32


@pytest.fixture
def peer() -> Iterator[StripePeer]:
    with stripe_peer(options=("--senders", "8")) as running:
        yield running


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, peer: StripePeer) -> Iterator[Flask]:
    with card_shop(request.param, "storm", peer) as app:
        yield app


def told(app: Flask, peer: StripePeer, orders: int) -> tuple[list[Sold], list[bytes]]:
    """A day's trade, and every webhook that it made, as the peer writes them."""
    with receiver(peer.webhook_secret) as got:
        peer.point_webhooks_at(got.url)
        sold = trade(app, peer, orders)
        peer.deliveries(timeout=60)
        return sold, list(dict.fromkeys(body for body, _ in got.raw))


def of_interest(body: bytes) -> bool:
    return str(json.loads(body)["type"]).startswith(tuple(SUBJECTS))


def how_it_stands(sold: Sold) -> tuple[Fate, str, int, int]:
    payment = payment_of(sold.number)
    return sold.fate, payment.state.value, payment.captured.amount, payment.refunded.amount


def expected(sold: Sold, total: int) -> tuple[Fate, str, int, int]:
    if sold.fate is Fate.EXPIRED:
        return sold.fate, "awaiting", 0, 0
    back = {Fate.GIVEN_BACK: 2 * REFUND.amount, Fate.CANCELLED: total}
    return sold.fate, "paid", total, back.get(sold.fate, 0)


def balance_at(peer: StripePeer, ours: set[str]) -> int:
    """What the peer's own books say it holds for the shop's orders."""
    effects = peer.effects()
    charges = {each["id"] for each in effects["charge"] if each["metadata"].get("order") in ours}
    sources = charges | {each["id"] for each in effects["refund"] if each["charge"] in charges}
    sources |= {each["id"] for each in effects["dispute"] if each["charge"] in charges}
    return sum(line["net"] for line in effects["balance_transaction"] if line["source"] in sources)


def test_each_effect_of_a_storm_exists_once(shop: Flask, peer: StripePeer) -> None:
    sold, bodies = told(shop, peer, ORDERS)
    expired = next(body for body in bodies if b'"checkout.session.expired"' in body)
    claims = [claim(expired.replace(b"session.expired", b"session.completed"), f"evt_claim{n}") for n in range(9)]
    letters = storm(bodies, claims=claims, seed=len(bodies))
    bad = sum(letter.manner != "good" for letter in letters)
    assert len(letters) >= (5_000 if LONG else 600)
    again = len(letters) - bad - len(bodies)
    assert again >= len(letters) * 2 // 5
    assert bad >= len(letters) // 10
    with web_server(shop) as port:
        answers = send_all(letters, port=port, secret=peer.webhook_secret, senders=SENDERS)
    assert answers == {("good", 200): len(letters) - bad, ("bad", 400): bad}
    with shop.app_context():
        rows = db.session.execute(select(ProviderEvent.event_id, ProviderEvent.body))
        stored = {row.event_id: row.body for row in rows}
        assert stored == {json.loads(body)["id"]: body.decode() for body in bodies if of_interest(body)}
    drain(shop, "jobs")
    drain(shop, "payments", "jobs")
    with shop.app_context():
        effects_are_right(sold, peer)


def effects_are_right(sold: list[Sold], peer: StripePeer) -> None:
    """Books, letters, trail and the peer's own books tell of each order once."""
    assert times(ProviderEvent.event_id, ProviderEvent.handled_at.is_(None)) == {}
    assert db.session.scalar(select(func.max(Job.attempts))) == 1, "no worker stumbled over another"
    total = payment_of(sold[0].number).amount.amount
    assert [how_it_stands(each) for each in sold] == [expected(each, total) for each in sold]
    paid = [each.number for each in sold if each.fate is not Fate.EXPIRED]
    assert times(Entry.reference, Entry.kind == "payment") == dict.fromkeys(paid, 1)
    assert times(Entry.reference, Entry.kind == "fee") == dict.fromkeys(paid, 1)
    assert times(AuditEntry.subject, AuditEntry.action == "payment.paid") == dict.fromkeys(paid, 1)
    letters = times(OutgoingMail.key, OutgoingMail.key.startswith("order-paid:"))
    assert letters == {f"order-paid:{number}": 1 for number in paid}
    gone = Counter({each.number: 2 for each in sold if each.fate is Fate.GIVEN_BACK})
    gone.update(each.number for each in sold if each.fate is Fate.CANCELLED)
    assert times(Entry.reference, Entry.kind == "refund") == gone
    decided = Counter(each.fate for each in sold)
    assert times(Dispute.state) == {"won": decided[Fate.WON], "lost": decided[Fate.LOST]}
    assert books()["provider:stripe"] == balance_at(peer, {each.number for each in sold})
    assert [finding for finding in verify(at=now()) if finding.faults] == []


def times(column: object, *where: object) -> dict[str, int]:
    """How often each value of a column is there."""
    query = select(column, func.count()).where(*where).group_by(column)  # type: ignore[call-overload]  # any column
    return {str(value): number for value, number in db.session.execute(query)}


def test_without_the_guards_the_same_money_counts_twice(
    shop: Flask, peer: StripePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold, bodies = told(shop, peer, 14)
    letters = storm(bodies, claims=(), seed=14)
    with web_server(shop, unguarded=all_is_news) as port:
        send_all(letters, port=port, secret=peer.webhook_secret, senders=SENDERS)
    monkeypatch.setattr("marketplace.shop.payments.jobs.handle_event", believing)
    drain(create_app(shop.config["SETTINGS"]), "jobs")
    with shop.app_context():
        total = payment_of(sold[0].number).amount.amount
        stored = db.session.scalar(select(func.count()).select_from(ProviderEvent)) or 0
        captured = [payment_of(each.number).captured.amount for each in sold]
    assert stored == sum(letter.manner == "good" and of_interest(letter.body) for letter in letters)
    assert stored > sum(map(of_interest, bodies))
    assert max(captured) > total
