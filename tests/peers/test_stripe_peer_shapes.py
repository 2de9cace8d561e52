"""The peer's answers and parameters held against the pinned client's own types."""

import json
import urllib.request
from typing import Any

import pytest
import stripe
from stripe import params as published_params
from stripe.params import checkout as published_checkout

from tests.peers.published import differences
from tests.peers.selling import open_session, paid_intent
from tests.peers.stripe import catalogue
from tests.peers.stripe.catalogue import Call
from tests.peers.stripe.objects import API_VERSION
from tests.peers.stripe.running import Refused, StripePeer

LISTS: dict[str, type[stripe.StripeObject]] = {
    "checkout/sessions": stripe.checkout.Session,
    "payment_intents": stripe.PaymentIntent,
    "charges": stripe.Charge,
    "refunds": stripe.Refund,
    "disputes": stripe.Dispute,
    "payouts": stripe.Payout,
    "balance_transactions": stripe.BalanceTransaction,
    "events": stripe.Event,
}
LINE = "checkout.SessionCreateParamsLineItem"
NESTED = {
    LINE: catalogue.LINE,
    f"{LINE}PriceData": catalogue.PRICE,
    f"{LINE}PriceDataProductData": catalogue.PRODUCT,
    "checkout.SessionCreateParamsPaymentIntentData": catalogue.PAID_BY,
}


def answered(peer: StripePeer, path: str) -> Any:
    """The JSON itself, before the client reads it."""
    request = urllib.request.Request(f"{peer.url}/v1/{path}", headers={"Authorization": f"Bearer {peer.key}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def busy(peer: StripePeer, client: stripe.StripeClient) -> StripePeer:
    """A peer whose objects are in every state."""
    intents = client.v1.payment_intents
    open_session(client, customer_email="an@example.com", locale="vi")
    client.v1.checkout.sessions.expire(open_session(client).id)
    for number in ("4242424242424242", "4000000000000259", "4000002500003155"):
        peer.pay(open_session(client).id, card=number, passed=True)
    with pytest.raises(Refused):
        peer.pay(open_session(client).id, card="4000000000000002")
    manual: Any = {"capture_method": "manual", "automatic_payment_methods": {"enabled": True}}
    intents.capture(paid_intent(client, **manual).id, {"amount_to_capture": 20_000})
    asking = paid_intent(client, payment_method="pm_card_authenticationRequired", return_url="http://shop.test/back")
    peer.authenticate(asking.id, passed=False)
    paid_intent(client, payment_method="pm_card_authenticationRequired")
    intents.cancel(intents.create({"amount": 20_000, "currency": "vnd"}).id, {"cancellation_reason": "abandoned"})
    peer.settings(refunds_wait=True)
    sold = paid_intent(client)
    refunds = [client.v1.refunds.create({"payment_intent": sold.id, "amount": 10 + n}) for n in range(3)]
    peer.finish_refunds("failed", refund=refunds[0].id)
    peer.finish_refunds("succeeded", refund=refunds[1].id)
    peer.close_dispute(client.v1.disputes.list().data[0].id, won=True)
    peer.pay_out()
    peer.settings(cards_wait=True)
    paid_intent(client)
    return peer


def test_the_client_speaks_this_version() -> None:
    assert stripe.api_version == API_VERSION


def test_every_answer_fits_the_published_types(busy: StripePeer) -> None:
    for path, kind in LISTS.items():
        page = answered(busy, f"{path}?limit=100")
        assert (page["object"], page["url"], page["has_more"]) == ("list", f"/v1/{path}", False)
        assert page["data"], path
        for item in page["data"]:
            assert differences(item, kind, path) == []
            assert answered(busy, f"{path}/{item['id']}") == item
    assert differences(answered(busy, "balance"), stripe.Balance, "balance") == []


def test_events_carry_objects_of_the_published_types(busy: StripePeer) -> None:
    kinds = {kind.OBJECT_NAME: kind for kind in LISTS.values()}  # type: ignore[attr-defined]  # each class has it
    for event in answered(busy, "events?limit=100")["data"]:
        held = event["data"]["object"]
        assert differences(held, kinds[held["object"]], event["type"]) == []


def test_expanded_answers_fit_too(busy: StripePeer) -> None:
    paths = ("data.payment_intent.latest_charge.balance_transaction", "data.line_items")
    asked = "&".join(f"expand[]={path}" for path in paths)
    for item in answered(busy, f"checkout/sessions?limit=100&{asked}")["data"]:
        assert item["line_items"]["data"][0]["description"] == "Mật ong rừng"
        assert differences(item, stripe.checkout.Session, "session") == []
    for item in answered(busy, "charges?limit=100&expand[]=data.refunds")["data"]:
        assert differences(item, stripe.Charge, "charge") == []
    for item in answered(busy, "balance_transactions?limit=100&expand[]=data.source")["data"]:
        assert isinstance(item["source"], dict)
        assert differences(item, stripe.BalanceTransaction, "balance_transaction") == []


def test_the_check_sees_what_is_wrong() -> None:
    good = {"object": "payout", "id": "po_1", "amount": 1, "arrival_date": 1, "automatic": True, "created": 1}
    good |= {"currency": "vnd", "livemode": False, "method": "standard", "status": "paid", "type": "bank_account"}
    good |= {"source_type": "card", "reconciliation_status": "completed"}
    assert differences(good, stripe.Payout, "po") == []
    assert differences({**good, "colour": "red"}, stripe.Payout, "po") == ["po.colour is unknown"]
    assert differences({**good, "amount": "1"}, stripe.Payout, "po") == ["po.amount: '1' is no int"]
    assert differences({**good, "amount": True}, stripe.Payout, "po") == ["po.amount: True is no int"]
    del good["currency"]
    assert differences(good, stripe.Payout, "po") == ["po.currency is missing"]


def published(name: str) -> set[str]:
    """The parameters that the client knows by that name."""
    room = published_checkout if name.startswith("checkout.") else published_params
    return set(getattr(room, name.removeprefix("checkout.")).__annotations__)


@pytest.mark.parametrize("call", catalogue.CALLS, ids=lambda call: f"{call.method} {call.pattern.pattern}")
def test_every_parameter_is_stripe_s(call: Call) -> None:
    assert set(call.fields) - published(call.published) == set()


@pytest.mark.parametrize("name", NESTED)
def test_every_nested_parameter_is_stripe_s(name: str) -> None:
    assert set(NESTED[name]) - published(name) == set()
