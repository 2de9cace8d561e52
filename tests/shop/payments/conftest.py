"""Cards taken by a peer of Stripe in a process of its own, over HTTP."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from marketplace.shop.payments.providers.stripe_cards import StripeCards
from tests.money import offer_cards
from tests.peers.stripe.receiving import Received, receiver
from tests.peers.stripe.running import StripePeer, stripe_peer


@pytest.fixture(scope="session")
def running_peer() -> Iterator[StripePeer]:
    """The process."""
    with stripe_peer() as peer:
        yield peer


@pytest.fixture
def peer(running_peer: StripePeer, at: datetime) -> StripePeer:
    """A peer that has seen nothing, at the instant of the test."""
    running_peer.reset()
    running_peer.clear_faults()
    running_peer.webhook_faults()
    running_peer.settings(refunds_wait=False, cards_wait=False)
    running_peer.clock(now=int(at.timestamp()))
    return running_peer


@pytest.fixture
def cards(app: Flask, peer: StripePeer) -> StripeCards:
    """The application takes cards there."""
    return offer_cards(app, base=peer.url, key=peer.key, secret=peer.webhook_secret)


@pytest.fixture
def mail_slot(peer: StripePeer) -> Iterator[Received]:
    """Where the peer's webhooks arrive, to be put before the application in any order."""
    with receiver(peer.webhook_secret) as got:
        peer.point_webhooks_at(got.url)
        yield got
