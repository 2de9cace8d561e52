"""Idempotency keys and faults of the peer: what a client may meet, and what has happened on the other side."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.peers.conftest import client_of
from tests.peers.selling import open_session, paid_intent
from tests.peers.stripe import running
from tests.peers.stripe.receiving import receiver
from tests.peers.stripe.running import StripePeer

Buy = Callable[[], stripe.PaymentIntent]
REPLAYED = "Idempotent-Replayed"


def buying(client: stripe.StripeClient, *, key: str = "pay:1:v1", amount: int = 150_000, method: str = "") -> Buy:
    """The same call each time, with the same key."""
    params: Any = {
        "amount": amount,
        "currency": "vnd",
        "payment_method": method or "pm_card_visa",
        "confirm": True,
    }
    return lambda: client.v1.payment_intents.create(params, {"idempotency_key": key})


def headers(answer: Any) -> Any:
    return answer.last_response.headers


def charged(peer: StripePeer) -> int:
    return len(peer.effects()["charge"])


def test_the_same_key_answers_the_same(client: stripe.StripeClient, peer: StripePeer) -> None:
    buy = buying(client)
    first, again = buy(), buy()
    assert again.to_dict() == first.to_dict()
    assert REPLAYED not in headers(first)
    assert headers(again)[REPLAYED] == "true"
    assert headers(again)["Original-Request"] == headers(first)["Request-Id"]
    assert charged(peer) == 1
    assert buying(client, key="pay:2:v1")().id != first.id
    assert charged(peer) == 2


def test_a_replay_tells_what_was_not_what_is(client: stripe.StripeClient) -> None:
    buy = buying(client)
    intent = buy()
    client.v1.refunds.create({"payment_intent": intent.id})
    assert buy().status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_the_same_key_for_something_else_is_refused(client: stripe.StripeClient, peer: StripePeer) -> None:
    buying(client)()
    with pytest.raises(stripe.IdempotencyError) as refused:
        buying(client, amount=150_001)()
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create({"amount": 1}, {"idempotency_key": "pay:1:v1"})
    assert charged(peer) == 1


def test_a_refused_card_is_remembered(client: stripe.StripeClient, peer: StripePeer) -> None:
    buy = buying(client, method="pm_card_visa_chargeDeclined")
    for replayed in (None, "true"):
        with pytest.raises(stripe.CardError) as declined:
            buy()
        assert declined.value.headers
        assert declined.value.headers.get(REPLAYED) == replayed
    assert charged(peer) == 1


def test_a_call_that_was_not_valid_is_not(client: stripe.StripeClient, peer: StripePeer) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        buying(client, amount=1)()
    assert buying(client)().status == "succeeded"
    assert charged(peer) == 1


def test_a_key_lasts_a_day(client: stripe.StripeClient, peer: StripePeer) -> None:
    buy = buying(client)
    first = buy()
    peer.clock(ahead=86_300)
    assert buy().id == first.id
    peer.clock(ahead=200)
    assert buy().id != first.id, "a new request: why a call is never repeated after a day"
    assert charged(peer) == 2


def test_a_key_under_way_is_a_conflict(client: stripe.StripeClient, peer: StripePeer) -> None:
    peer.fault("slow", path="/v1/payment_intents", seconds=30)
    got: list[str] = []
    first = threading.Thread(target=lambda: got.append(buying(client)().id))
    first.start()
    until = time.monotonic() + 10
    while not peer.waiting() and time.monotonic() < until:
        time.sleep(0.01)  # until the slow one has come in
    second = buying(client_of(peer))
    with pytest.raises(stripe.StripeError) as conflict:
        second()
    assert conflict.value.error
    assert (conflict.value.http_status, conflict.value.error.code) == (409, "idempotency_key_in_use")
    peer.clear_faults()
    first.join(timeout=10)
    assert second().id == got[0]
    assert charged(peer) == 1


def test_many_at_once_with_one_key_charge_once(peer: StripePeer) -> None:
    def buy(_: int) -> str:
        return buying(client_of(peer, retries=5))().id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(buy, range(16)))) == 1
    assert charged(peer) == 1


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("rate_limited", stripe.RateLimitError, 0),
        ("unavailable", stripe.APIError, 0),
        ("reset_before", stripe.APIConnectionError, 0),
        ("reset_after", stripe.APIConnectionError, 1),
    ],
)
def test_after_these_the_same_key_ends_well(
    client: stripe.StripeClient, peer: StripePeer, kind: str, error: type[stripe.StripeError], done: int
) -> None:
    peer.fault(kind, method="POST", path="/v1/payment_intents", seconds=7)
    buy = buying(client)
    with pytest.raises(error) as met:
        buy()
    assert charged(peer) == done
    if kind == "rate_limited":
        assert met.value.headers
        assert met.value.headers["Retry-After"] == "7"
    assert buy().status == "succeeded"
    assert charged(peer) == 1


@pytest.mark.parametrize(("kind", "done"), [("error_before", 0), ("error_after", 1)])
def test_a_500_is_remembered_whatever_was_done(
    client: stripe.StripeClient, peer: StripePeer, kind: str, done: int
) -> None:
    peer.fault(kind, path="/v1/payment_intents")
    buy = buying(client)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as met:
            buy()
        assert met.value.http_status == 500
    assert charged(peer) == done, "only looking tells"
    assert [intent.status for intent in client.v1.payment_intents.list().data] == ["succeeded"] * done


@pytest.mark.parametrize(("kind", "done"), [("hang", 0), ("hang_after", 1)])
def test_a_client_that_waits_no_longer(peer: StripePeer, kind: str, done: int) -> None:
    impatient = stripe.StripeClient(
        peer.key,
        base_addresses={"api": peer.url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=0.3),
    )
    peer.fault(kind, path="/v1/payment_intents", seconds=60)
    buy = buying(impatient)
    with pytest.raises(stripe.APIConnectionError):
        buy()
    assert charged(peer) == done
    assert buy().status == "succeeded"
    assert charged(peer) == 1


def test_the_client_s_own_retries_carry_one_key(peer: StripePeer) -> None:
    peer.fault("reset_after", path="/v1/payment_intents", times=1)
    intent = paid_intent(client_of(peer, retries=2))
    assert headers(intent)[REPLAYED] == "true"
    assert charged(peer) == 1


def test_a_fault_meets_only_the_calls_it_names(client: stripe.StripeClient, peer: StripePeer) -> None:
    peer.fault("unavailable", method="POST", path="/v1/refunds", times=2)
    intent = paid_intent(client)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.refunds.create({"payment_intent": intent.id})
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"
    with pytest.raises(running.Refused):
        peer.fault("earthquake")


def test_a_peer_ends_with_its_parent() -> None:
    peer = running.start()
    assert peer.process.stdin
    peer.process.stdin.close()
    assert peer.process.wait(timeout=10) == 0
    peer.stop()


def test_a_killed_peer_remembers(tmp_path: Path) -> None:
    store = tmp_path / "peer.sqlite"
    with receiver(running.WEBHOOK_SECRET) as shop:
        shop.answers += [500] * 3
        first = running.start(store=store, options=("--webhook-url", shop.url, "--backoff", "60"))
        client = client_of(first)
        first.settings(refunds_wait=True)
        intent, session = buying(client)(), open_session(client)
        refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 50_000})
        first.stop()
        second = running.start(store=store, options=("--webhook-url", shop.url))
        try:
            client = client_of(second)
            assert buying(client)().to_dict() == intent.to_dict()
            assert charged(second) == 1
            assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 150_000
            assert second.finish_refunds()[0]["id"] == refund.id
            assert paid_intent(client).id > intent.id
            second.deliveries()
        finally:
            second.stop()
    told = [event.type for event in shop.events]
    assert {"payment_intent.succeeded", "refund.created", "refund.updated"} <= set(told)
    assert len({event.id for event in shop.events}) == 9, "3 for the sale, 2 for the refund, 1 after, 3 for the next"
