"""One peer of Stripe for the tests of it, emptied before each."""

from collections.abc import Iterator

import pytest
import stripe

from tests.peers.stripe.receiving import Received, receiver
from tests.peers.stripe.running import StripePeer, stripe_peer


@pytest.fixture(scope="session")
def running() -> Iterator[StripePeer]:
    """The process."""
    with stripe_peer() as peer:
        yield peer


@pytest.fixture
def peer(running: StripePeer) -> StripePeer:
    """A peer that has seen nothing."""
    running.reset()
    return running


@pytest.fixture
def client(peer: StripePeer) -> stripe.StripeClient:
    """The real client; it does not try again by itself."""
    return client_of(peer)


def client_of(peer: StripePeer, *, retries: int = 0, key: str | None = None) -> stripe.StripeClient:
    """A client of this peer."""
    return stripe.StripeClient(key or peer.key, base_addresses={"api": peer.url}, max_network_retries=retries)


@pytest.fixture
def shop(peer: StripePeer) -> Iterator[Received]:
    """A shop that listens."""
    with receiver(peer.webhook_secret) as got:
        peer.point_webhooks_at(got.url)
        yield got
