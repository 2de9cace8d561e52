"""Tills and workers killed at random instants, in checkout and while they handle webhooks and refunds.

`FAULT_ROUNDS=long` (as `make faults` sets it) kills 500 times on each database, otherwise 12 times.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.books.queries import verify
from marketplace.shop.books.rules import History
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.payments.models import Attempt
from marketplace.shop.payments.queries import payment_of
from tests.databases import KINDS
from tests.faults.card_shop import LONG, card_shop, jobs_left
from tests.faults.careless_cards import fresh_keys
from tests.faults.till import RARE, REFUNDS, SESSIONS, STOCK, Till
from tests.peers.stripe.running import StripePeer, stripe_peer

KILLS = 500 if LONG else 12
MOMENTS = {"placing", "placed", "jobs", f"caught at {SESSIONS}", f"caught at {REFUNDS}"}
LATER = [timedelta(minutes=5 + 5 * n) for n in range(4)]  # attempts are quiet for two minutes, jobs wait one and more


@pytest.fixture
def peer() -> Iterator[StripePeer]:
    with stripe_peer() as running:
        yield running


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, peer: StripePeer) -> Iterator[Flask]:
    with card_shop(request.param, "till", peer, worker_lease=1) as app:
        yield app


def restart(till: Till) -> None:
    """The buyers get their answers, and the worker sweeps as it does every minute."""
    till.finish()
    with till.app.app_context():
        for later in LATER:
            for topic in ("payments", "jobs"):
                till.app.extensions["sweeps"][topic](now() + later)
        assert jobs_left() == 0


def captured(peer: StripePeer) -> "Counter[str]":
    """How often the provider took money, by order."""
    return Counter(each["metadata"]["order"] for each in peer.effects()["charge"] if each["captured"])


def test_nobody_is_charged_twice_and_nothing_is_lost(shop: Flask, peer: StripePeer) -> None:
    till = Till(shop, peer)
    till.kill(KILLS, until=MOMENTS)
    restart(till)
    sold = [each.number for each in till.checkouts if each.number]
    refused = [each.key for each in till.checkouts if each.refused]
    assert captured(peer) == dict.fromkeys(sold, 1)
    assert Counter(each["client_reference_id"] for each in peer.effects()["checkout.session"]) == captured(peer)
    with shop.app_context():
        total = {number: payment_of(number).amount.amount for number in sold}
        stands = {number: how_it_stands(number) for number in sold}
        assert stands == {n: ("paid", total[n], total[n] * (n in till.cancelled)) for n in sold}
        back = [(each["metadata"]["refund"], each["amount"]) for each in peer.effects()["refund"]]
        assert sorted(amount for _, amount in back) == sorted(total[number] for number in till.cancelled)
        assert len(back) == len(dict(back)), "each once"
        letters = Counter(
            db.session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.startswith("order-paid:")))
        )
        assert letters == {f"order-paid:{number}": 1 for number in sold}
        history = History(frozenset(sold), frozenset(refused))
        assert [finding for finding in verify(at=now(), history=history) if finding.faults] == []
        assert stock(till) == STOCK + RARE - 1 - len(sold) + len(till.cancelled)
        assert refused
        assert till.cancelled


def how_it_stands(number: str) -> tuple[str, int, int]:
    payment = payment_of(number)
    return payment.state.value, payment.captured.amount, payment.refunded.amount


def stock(till: Till) -> int:
    return sum(on_hand([till.goods.id, till.rare.id]).values())


def test_with_a_fresh_key_for_each_call_somebody_pays_twice(shop: Flask, peer: StripePeer) -> None:
    """The control: the same kills, but a call that is made again is a new one to the provider.

    It leaves a session of which the books know nothing. With a hosted page the buyer must come upon both pages to pay
    twice; here every page that is open is paid, since that is what the guard must hold against.
    """
    till = Till(shop, peer, unguarded=fresh_keys)
    till.kill(5, until={f"caught at {SESSIONS}"})
    restart(till)
    with shop.app_context():
        known = set(db.session.scalars(select(Attempt.reference)))
        orphans = [each["id"] for each in peer.effects()["checkout.session"] if each["id"] not in known]
        assert orphans
        assert max(captured(peer).values()) > 1
        ours = db.session.scalar(select(func.count()).where(Attempt.charge.is_not(None))) or 0
        assert ours < captured(peer).total(), "and the books do not know of it"
