"""Webhooks of the peer: signed as Stripe signs, tried again, and with the faults that happen to them."""

import time

import stripe

from tests.peers.selling import open_session, paid_intent
from tests.peers.stripe.receiving import Received
from tests.peers.stripe.running import StripePeer

SALE = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_the_real_client_admits_them(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    session = open_session(client, metadata={"order": "DH-7"})
    peer.pay(session.id)
    sent = peer.deliveries()
    assert shop.types == [*SALE, "checkout.session.completed"]
    assert shop.refused == []
    assert [(one["attempt"], one["outcome"]) for one in sent] == [(1, 200)] * 4
    event = shop.events[-1]
    assert event.api_version == "2026-10-28.endive"
    assert event.data.object["id"] == session.id
    assert event.data.object["metadata"]["order"] == "DH-7"
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0


def test_every_kind_comes(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    for number in ("4000000000000259", "4000002500003155"):
        peer.pay(open_session(client).id, card=number, passed=True)
    intent = paid_intent(client)
    client.v1.payment_intents.cancel(client.v1.payment_intents.create({"amount": 20_000, "currency": "vnd"}).id)
    client.v1.checkout.sessions.expire(open_session(client).id)
    peer.settings(refunds_wait=True)
    client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    peer.finish_refunds()
    peer.finish_refunds("failed", refund=client.v1.refunds.create({"payment_intent": intent.id, "amount": 2}).id)
    peer.close_dispute(client.v1.disputes.list().data[0].id, won=True)
    held = paid_intent(client, payment_method="pm_card_authenticationRequired")
    peer.authenticate(held.id, passed=False)
    peer.pay_out()
    peer.deliveries()
    assert set(shop.types) == {
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.refunded",
        "charge.succeeded",
        "checkout.session.completed",
        "checkout.session.expired",
        "payment_intent.canceled",
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
        "refund.created",
        "refund.failed",
        "refund.updated",
    }


def test_they_are_tried_until_received(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    shop.answers += [500, 404, 302]
    paid_intent(client)
    sent = peer.deliveries()
    assert sorted(shop.types) == sorted(SALE)
    created = [(one["attempt"], one["outcome"]) for one in sent if one["type"] == "payment_intent.created"]
    assert len(created) > 1
    assert created[-1][1] == 200
    assert sorted(one["outcome"] for one in sent) == [200, 200, 200, 302, 404, 500]


def test_a_closed_door_is_tried_again(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    url = shop.url
    peer.point_webhooks_at("http://127.0.0.1:1/hook")
    client.v1.payment_intents.create({"amount": 20_000, "currency": "vnd"})
    until = time.monotonic() + 10
    while not (seen := peer.ask("webhooks")["sent"]) and time.monotonic() < until:
        time.sleep(0.01)
    peer.point_webhooks_at(url)
    assert (seen[0]["outcome"], peer.deliveries()[-1]["outcome"]) == ("ConnectionRefusedError", 200)
    assert shop.types == ["payment_intent.created"]


def test_each_may_come_twice(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    peer.webhook_faults(duplicate=1)
    paid_intent(client)
    peer.deliveries()
    assert shop.types == [kind for kind in SALE for _ in range(2)]
    assert len({event.id for event in shop.events}) == 3


def test_they_may_come_backwards(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    peer.webhook_faults(hold=True)
    paid_intent(client)
    assert shop.events == []
    assert peer.release(backwards=True) == 3
    peer.deliveries()
    assert shop.types == SALE[::-1]


def test_they_may_be_shuffled_and_late(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    peer.webhook_faults(shuffle=0.2, delay=0.1)
    for _ in range(4):
        paid_intent(client)
    peer.deliveries()
    assert sorted(shop.types) == sorted(SALE * 4)
    assert shop.types != SALE * 4, "chance begins at the same seed each time"


def test_they_may_be_lost_and_caught_up(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    since = peer.clock()
    peer.webhook_faults(lose=2)
    paid_intent(client)
    sent = peer.deliveries()
    assert [one["outcome"] for one in sent] == ["lost", "lost", 200]
    assert shop.types == SALE[2:]
    caught = client.v1.events.list({"created": {"gte": since}, "types": ["charge.succeeded"]})
    assert [event.type for event in caught.data] == ["charge.succeeded"]


def test_a_forged_one_is_told(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    peer.webhook_faults(forge=1)
    client.v1.payment_intents.create({"amount": 20_000, "currency": "vnd"})
    sent = peer.deliveries()
    assert [(one["signed"], one["outcome"]) for one in sent] == [("forge", 400), ("good", 200)]
    assert shop.types == ["payment_intent.created"]
    assert len(shop.refused) == 1
    assert "No signatures found matching" in shop.refused[0]


def test_an_old_one_is_told(client: stripe.StripeClient, peer: StripePeer, shop: Received) -> None:
    client.v1.payment_intents.create({"amount": 20_000, "currency": "vnd"})
    peer.deliveries()
    peer.webhook_faults(old=1)
    peer.replay(shop.events[0].id)
    sent = peer.deliveries()
    assert [one["signed"] for one in sent] == ["good", "old", "good"], "tried again with a new timestamp"
    assert "Timestamp outside the tolerance zone" in shop.refused[0]
    assert [event.id for event in shop.events] == [shop.events[0].id] * 2
