"""The calls of the API that the peer answers: path, parameters, verb. Of Stripe's parameters, those we may need."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.peers.stripe import intents, listing, money, sessions
from tests.peers.stripe.listing import PAGING, cut, page
from tests.peers.stripe.params import Check, Fields, Need, flag, many, one_of, shape, text, whole, words
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

Verb = Callable[..., Json]
EXPAND: Check = many(text)
CAPTURES = one_of("automatic", "automatic_async", "manual")
REASONS = one_of("duplicate", "fraudulent", "requested_by_customer")
CANCEL_REASONS = one_of("abandoned", "duplicate", "fraudulent", "requested_by_customer")

PRODUCT: Fields = {"name": Need(text), "description": text, "images": many(text), "metadata": words}
PRICE: Fields = {"currency": Need(text), "unit_amount": Need(whole), "product_data": Need(shape(PRODUCT))}
LINE: Fields = {"price_data": Need(shape(PRICE)), "quantity": whole}
PAID_BY: Fields = {
    "capture_method": CAPTURES,
    "description": text,
    "metadata": words,
    "receipt_email": text,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
SESSION: Fields = {
    "billing_address_collection": one_of("auto", "required"),
    "cancel_url": text,
    "client_reference_id": text,
    "customer_creation": one_of("always", "if_required"),
    "customer_email": text,
    "expand": EXPAND,
    "expires_at": whole,
    "line_items": Need(many(shape(LINE))),
    "locale": text,
    "metadata": words,
    "mode": Need(one_of("payment")),
    "payment_intent_data": shape(PAID_BY),
    "allowed_payment_method_types": many(one_of("card")),
    "submit_type": one_of("auto", "book", "donate", "pay"),
    "success_url": Need(text),
    "ui_mode": one_of("hosted_page"),
}
INTENT: Fields = {
    "amount": Need(whole),
    "automatic_payment_methods": shape({"enabled": Need(flag), "allow_redirects": one_of("always", "never")}),
    "capture_method": CAPTURES,
    "confirm": flag,
    "currency": Need(text),
    "description": text,
    "expand": EXPAND,
    "metadata": words,
    "payment_method": text,
    "allowed_payment_method_types": many(one_of("card")),
    "receipt_email": text,
    "return_url": text,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
REFUND: Fields = {
    "amount": whole,
    "charge": text,
    "expand": EXPAND,
    "metadata": words,
    "payment_intent": text,
    "reason": REASONS,
}


@dataclass(frozen=True)
class Call:
    """One call: where, what it takes, what does it; and Stripe's name for its parameters in the client's types."""

    method: str
    pattern: re.Pattern[str]
    fields: Fields
    verb: Verb
    published: str


def _call(line: str, fields: Fields, verb: Verb, published: str) -> Call:
    method, path = line.split()
    pattern = re.compile("/v1/" + path.replace("{id}", r"([A-Za-z0-9_]+)") + "$")
    return Call(method, pattern, {"expand": EXPAND, **fields}, verb, published)


def _getting(line: str, kind: str, published: str) -> Call:
    return _call(line, {}, lambda peer, _, name: peer.find(kind, name), published)


def _listing(path: str, kind: str, published: str, **filters: str) -> Call:
    """A list whose parameters (name -> field of the object) keep the rows that equal them."""

    def verb(peer: Peer, params: Json) -> Json:
        wanted = {field: params[name] for name, field in filters.items() if name in params}
        same = wanted.items()
        return page(peer, kind, f"/v1/{path}", params, lambda item: all(item[field] == value for field, value in same))

    return _call(f"GET {path}", {**PAGING, **dict.fromkeys(filters, text)}, verb, published)


def _on_intent(verb: Callable[[Peer, Json, Json], Json]) -> Verb:
    def run(peer: Peer, params: Json, name: str) -> Json:
        intent = peer.find("payment_intent", name, "intent")
        answer = verb(peer, intent, params)
        sessions.follow(peer, intent)
        return answer

    return run


def _line_items(peer: Peer, params: Json, name: str) -> Json:
    rows = peer.find("checkout.session", name)["_items"]
    url = f"/v1/checkout/sessions/{name}/line_items"
    return cut(rows, url, params.get("limit", 10), params.get("starting_after"))


def _events(peer: Peer, params: Json) -> Json:
    wanted = params.get("types") or ([params["type"]] if "type" in params else None)
    return page(peer, "event", "/v1/events", params, lambda item: wanted is None or item["type"] in wanted)


CALLS = (
    _call("POST checkout/sessions", SESSION, sessions.create, "checkout.SessionCreateParams"),
    _listing(
        "checkout/sessions",
        "checkout.session",
        "checkout.SessionListParams",
        payment_intent="payment_intent",
        status="status",
    ),
    _getting("GET checkout/sessions/{id}", "checkout.session", "checkout.SessionRetrieveParams"),
    _call(
        "POST checkout/sessions/{id}/expire",
        {},
        lambda peer, _, name: sessions.expire(peer, peer.find("checkout.session", name)),
        "checkout.SessionExpireParams",
    ),
    _call(
        "GET checkout/sessions/{id}/line_items",
        {"limit": whole, "starting_after": text},
        _line_items,
        "checkout.SessionListLineItemsParams",
    ),
    _call("POST payment_intents", INTENT, intents.create, "PaymentIntentCreateParams"),
    _listing("payment_intents", "payment_intent", "PaymentIntentListParams"),
    _getting("GET payment_intents/{id}", "payment_intent", "PaymentIntentRetrieveParams"),
    _call(
        "POST payment_intents/{id}/confirm",
        {"payment_method": text, "return_url": text},
        _on_intent(intents.confirm),
        "PaymentIntentConfirmParams",
    ),
    _call(
        "POST payment_intents/{id}/capture",
        {"amount_to_capture": whole},
        _on_intent(intents.capture),
        "PaymentIntentCaptureParams",
    ),
    _call(
        "POST payment_intents/{id}/cancel",
        {"cancellation_reason": CANCEL_REASONS},
        _on_intent(intents.cancel),
        "PaymentIntentCancelParams",
    ),
    _listing("charges", "charge", "ChargeListParams", payment_intent="payment_intent"),
    _getting("GET charges/{id}", "charge", "ChargeRetrieveParams"),
    _call("POST refunds", REFUND, money.refund, "RefundCreateParams"),
    _listing("refunds", "refund", "RefundListParams", charge="charge", payment_intent="payment_intent"),
    _getting("GET refunds/{id}", "refund", "RefundRetrieveParams"),
    _listing("disputes", "dispute", "DisputeListParams", charge="charge", payment_intent="payment_intent"),
    _getting("GET disputes/{id}", "dispute", "DisputeRetrieveParams"),
    _listing("payouts", "payout", "PayoutListParams", status="status"),
    _getting("GET payouts/{id}", "payout", "PayoutRetrieveParams"),
    _listing(
        "balance_transactions",
        "balance_transaction",
        "BalanceTransactionListParams",
        payout="_payout",
        source="source",
        type="type",
        currency="currency",
    ),
    _getting("GET balance_transactions/{id}", "balance_transaction", "BalanceTransactionRetrieveParams"),
    _call("GET balance", {}, lambda peer, _: money.balance(peer), "BalanceRetrieveParams"),
    _call("GET events", {**PAGING, "type": text, "types": many(text)}, _events, "EventListParams"),
    _getting("GET events/{id}", "event", "EventRetrieveParams"),
)


def route(method: str, path: str) -> tuple[Call, tuple[str, ...]] | None:
    """The call and the identifiers in its path."""
    for call in CALLS:
        found = call.pattern.match(path) if call.method == method else None
        if found:
            return call, found.groups()
    return None


def run(peer: Peer, call: Call, names: tuple[str, ...], params: Json) -> Json:
    """Do it, and answer without notes, expanded as asked."""
    paths = params.pop("expand", [])
    return listing.expanded(peer, call.verb(peer, params, *names), paths)
