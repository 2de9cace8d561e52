"""PaymentIntents of the peer: every state, every refusal; and who may ask at all."""

from typing import Any

import pytest
import stripe

from tests.peers.conftest import client_of
from tests.peers.selling import paid_intent
from tests.peers.stripe.running import StripePeer

VERBS = ("confirm", "capture", "cancel")
# which verbs each state admits; capture_method is manual, the card is good
ADMITS = {
    "requires_payment_method": {"cancel"},
    "requires_confirmation": {"confirm", "cancel"},
    "requires_action": {"confirm", "cancel"},
    "processing": set(),
    "requires_capture": {"capture", "cancel"},
    "succeeded": set(),
    "canceled": set(),
}


def brought_to(state: str, client: stripe.StripeClient, peer: StripePeer) -> stripe.PaymentIntent:
    """An intent of manual capture in that state."""
    intents = client.v1.payment_intents
    peer.settings(cards_wait=state == "processing")
    method = {"requires_payment_method": None, "requires_action": "pm_card_authenticationRequired"}
    asked = method.get(state, "pm_card_visa")
    params: Any = {"amount": 150_000, "currency": "vnd", "capture_method": "manual"}
    if asked:
        params |= {"payment_method": asked, "confirm": state != "requires_confirmation"}
    made = intents.create(params)
    peer.settings(cards_wait=False)
    if state == "succeeded":
        made = intents.capture(made.id)
    if state == "canceled":
        made = intents.cancel(made.id, {"cancellation_reason": "requested_by_customer"})
    assert made.status == state
    return made


def asked_to(verb: str, client: stripe.StripeClient, name: str) -> stripe.PaymentIntent:
    made: stripe.PaymentIntent = getattr(client.v1.payment_intents, verb)(name)
    return made


@pytest.mark.parametrize("state", ADMITS)
def test_each_state_admits_its_verbs_and_no_other(state: str, client: stripe.StripeClient, peer: StripePeer) -> None:
    for verb in VERBS:
        peer.reset()
        made = brought_to(state, client, peer)
        events = len(client.v1.events.list({"limit": 100}).data)
        if verb in ADMITS[state]:
            asked_to(verb, client, made.id)
            assert len(client.v1.events.list({"limit": 100}).data) > events
            continue
        with pytest.raises(stripe.InvalidRequestError) as refused:
            asked_to(verb, client, made.id)
        assert (refused.value.http_status, refused.value.code) == (400, "payment_intent_unexpected_state")
        assert client.v1.payment_intents.retrieve(made.id).to_dict() == made.to_dict()
        assert len(client.v1.events.list({"limit": 100}).data) == events


def test_a_declined_card_is_a_card_error_and_may_be_tried_again(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as declined:
        paid_intent(client, payment_method="pm_card_visa_chargeDeclinedInsufficientFunds")
    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")
    assert declined.value.error
    assert declined.value.error.decline_code == "insufficient_funds"
    (intent,) = client.v1.payment_intents.list().data
    assert intent.status == "requires_payment_method"
    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error, paid.amount_received) == ("succeeded", None, 150_000)


def test_3d_secure_asks_the_customer(client: stripe.StripeClient, peer: StripePeer) -> None:
    intent = paid_intent(client, payment_method="pm_card_authenticationRequired", return_url="http://shop.test/back")
    assert intent.next_action
    assert intent.next_action.redirect_to_url
    assert intent.next_action.redirect_to_url.return_url == "http://shop.test/back"
    assert peer.authenticate(intent.id, passed=False)["status"] == "requires_payment_method"
    failed = client.v1.payment_intents.retrieve(intent.id)
    assert failed.last_payment_error
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequired"})
    assert peer.authenticate(intent.id, passed=True)["status"] == "succeeded"


def test_a_part_may_be_captured(client: stripe.StripeClient, peer: StripePeer) -> None:
    held = brought_to("requires_capture", client, peer)
    assert (held.amount_capturable, held.amount_received) == (150_000, 0)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(held.id, {"amount_to_capture": 150_001})
    taken = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 100_000, "expand": ["latest_charge"]})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 100_000)
    assert isinstance(taken.latest_charge, stripe.Charge)
    assert (taken.latest_charge.amount, taken.latest_charge.amount_captured) == (150_000, 100_000)


@pytest.mark.parametrize("passed", [True, False])
def test_the_bank_may_answer_late(client: stripe.StripeClient, peer: StripePeer, passed: bool) -> None:
    peer.settings(cards_wait=True)
    intent = paid_intent(client)
    assert (intent.status, intent.latest_charge) == ("processing", None)
    done = peer.finish_payment(intent.id, passed=passed)
    assert done["status"] == ("succeeded" if passed else "requires_payment_method")


def test_what_does_not_exist_is_missing(client: stripe.StripeClient) -> None:
    for ask in (
        lambda: client.v1.payment_intents.retrieve("pi_none"),
        lambda: client.v1.payment_intents.confirm("pi_none"),
        lambda: client.v1.refunds.create({"payment_intent": "pi_none"}),
        lambda: client.v1.checkout.sessions.retrieve("cs_none"),
        lambda: client.v1.charges.list({"starting_after": "ch_none"}),
        lambda: paid_intent(client, payment_method="pm_none"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            ask()
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_only_the_account_s_key_may_ask(client: stripe.StripeClient, peer: StripePeer) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        paid_intent(client_of(peer, key="sk_test_other"))
    assert refused.value.http_status == 401
    assert client.v1.payment_intents.list().data == []


def test_only_dong_and_only_the_pinned_version(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid_intent(client, currency="usd")
    assert refused.value.param == "currency"
    with pytest.raises(stripe.InvalidRequestError, match="API version"):
        client.v1.balance.retrieve(options={"stripe_version": "2020-08-27"})
    assert client.v1.payment_intents.list().data == []
