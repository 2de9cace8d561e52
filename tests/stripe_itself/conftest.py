"""An account at Stripe: the peer's in the ordinary suite, one of Stripe's test mode with `make test-stripe`."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
import stripe

from marketplace.platform.core.clock import now
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.shop.payments.providers.interface import Asked
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from tests.peers.stripe.running import stripe_peer

ITSELF = os.environ.get("STRIPE_ITSELF") == "1"  # set by `make test-stripe` alone: no other run may leave this machine


class Account(NamedTuple):
    """Our adapter, and Stripe's own client for what only a buyer's card does."""

    cards: StripeCards
    client: stripe.StripeClient


def account_of(key: str, base: str) -> Account:
    cards = StripeCards(secret_key=key, webhook_secret="", base=base, least=Money(0), most=Money(10**9), timeout=30)
    return Account(cards, stripe.StripeClient(key, base_addresses={"api": base} if base else {}))


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    if not ITSELF:
        with stripe_peer() as peer:
            yield account_of(peer.key, peer.url)
        return
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    assert key.startswith(("sk_test_", "rk_test_")), "STRIPE_SECRET_KEY must be a key of Stripe's test mode"
    yield account_of(key, "")


@pytest.fixture
def asked() -> Callable[..., Asked]:
    """What the shop asks for: an attempt with a key of its own."""

    def make(amount: int = 150_000, key: str = "") -> Asked:
        return Asked(
            key=key or f"test:{new_token()}",
            amount=Money(amount),
            order_number="2611-TEST01",
            note="2611TEST01",
            email="buyer@example.com",
            language="vi",
            return_url="https://shop.example.com/orders/2611-TEST01/paid",
            cancel_url="https://shop.example.com/orders/2611-TEST01/pay",
            expires_at=now() + timedelta(minutes=31),
        )

    return make
