"""The peer beside localstripe, somebody else's idea of the same server: where both are right they say the same.

localstripe 1.15 takes refunds beyond the amount, fails on capturing what was cancelled, ignores idempotency keys and
knows no Checkout: none of that is asked here. It listens on every interface by itself, so it is started on loopback.
"""

import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from tests.peers.stripe.receiving import receiver
from tests.peers.stripe.running import StripePeer

SERVE = "import sys; from aiohttp import web; from localstripe.server import app; "
SERVE += "web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)"
KEY, SECRET = "sk_test_12345", "whsec_beside"
VND: dict[str, Any] = {"amount": 150_000, "currency": "vnd"}
VISA: dict[str, Any] = {**VND, "payment_method": "pm_card_visa", "confirm": True}


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    """Its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)])
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    process.kill()
    process.wait(timeout=10)


@pytest.fixture
def both(localstripe: str, peer: StripePeer) -> tuple[stripe.StripeClient, stripe.StripeClient]:
    """The same client of each."""
    other = stripe.StripeClient(KEY, base_addresses={"api": localstripe}, max_network_retries=0)
    return stripe.StripeClient(peer.key, base_addresses={"api": peer.url}, max_network_retries=0), other


def said(deed: Callable[[stripe.StripeClient], Any], client: stripe.StripeClient) -> tuple[Any, ...]:
    """What the client got: the facts that we read of an object, or how it was refused."""
    try:
        found = deed(client)
    except stripe.StripeError as error:
        return type(error).__name__, error.http_status
    names = ("object", "amount", "currency", "status", "capture_method")
    return tuple(getattr(found, name) for name in names if hasattr(found, name))


def created(client: stripe.StripeClient, **more: Any) -> stripe.PaymentIntent:
    asked: Any = VISA | more
    return client.v1.payment_intents.create(asked)


def captured(client: stripe.StripeClient) -> stripe.PaymentIntent:
    return client.v1.payment_intents.capture(created(client, capture_method="manual").id)


def cancelled(client: stripe.StripeClient) -> stripe.PaymentIntent:
    asked: Any = VND
    return client.v1.payment_intents.cancel(client.v1.payment_intents.create(asked).id)


def without_amount(client: stripe.StripeClient) -> stripe.PaymentIntent:
    asked: Any = {"currency": "vnd"}
    return client.v1.payment_intents.create(asked)


def given_back(client: stripe.StripeClient) -> stripe.Refund:
    return client.v1.refunds.create({"payment_intent": created(client).id, "amount": 40_000})


DEEDS: dict[str, Callable[[stripe.StripeClient], Any]] = {
    "paid": created,
    "held": lambda client: created(client, capture_method="manual"),
    "captured": captured,
    "cancelled": cancelled,
    "asked again": lambda client: client.v1.payment_intents.retrieve(created(client).id),
    "given back in part": given_back,
    "unknown": lambda client: client.v1.payment_intents.retrieve("pi_unknown"),
    "cancelled too late": lambda client: client.v1.payment_intents.cancel(created(client).id),
    "no amount": without_amount,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_both_say_the_same(both: tuple[stripe.StripeClient, stripe.StripeClient], deed: str) -> None:
    ours, theirs = (said(DEEDS[deed], client) for client in both)
    assert ours == theirs


def test_both_sign_what_the_client_takes(
    both: tuple[stripe.StripeClient, stripe.StripeClient], peer: StripePeer, localstripe: str
) -> None:
    """The same event of the same deed, each checked by the client's own function."""
    for client in both:
        with receiver(SECRET if client is both[1] else peer.webhook_secret) as got:
            if client is both[0]:
                peer.point_webhooks_at(got.url)
            else:
                data = urllib.parse.urlencode({"url": got.url, "secret": SECRET}).encode()
                urllib.request.urlopen(f"{localstripe}/_config/webhooks/shop", data, timeout=10).close()
            name = created(client).id
            for _ in range(100):
                told = [event.data.object["id"] for event in got.events if event.type == "payment_intent.succeeded"]
                if name in told:
                    break
                time.sleep(0.1)
            assert got.refused == []
            assert told.count(name) == 1
