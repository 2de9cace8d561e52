"""Cards taken by a peer of Stripe: one that settles in dong, one in dollars."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.peers.stripe.running import StripePeer, stripe_peer
from tests.shop.payments.conftest import cards, peer, running_peer

__all__ = ["cards", "peer", "running_peer"]  # fixtures


@pytest.fixture(scope="session")
def running_in_dollars() -> Iterator[StripePeer]:
    """The process of an account that settles in dollars."""
    with stripe_peer(options=("--settlement", "usd")) as peer:
        yield peer


@pytest.fixture
def dollars(running_in_dollars: StripePeer, at: datetime) -> StripePeer:
    """That peer, having seen nothing, at the instant of the test."""
    running_in_dollars.reset()
    running_in_dollars.clock(now=int(at.timestamp()))
    return running_in_dollars
