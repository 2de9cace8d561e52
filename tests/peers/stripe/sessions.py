"""Checkout Sessions: made, paid on the hosted page, expired."""

from tests.peers.stripe import intents, objects
from tests.peers.stripe.cards import Card
from tests.peers.stripe.errors import not_valid, refused
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

MINUTE = 60
SHORTEST, LONGEST = 30 * MINUTE, 24 * 60 * MINUTE
PLACE = "{CHECKOUT_SESSION_ID}"


def create(peer: Peer, params: Json) -> Json:
    """An open session with its page."""
    now = peer.now()
    expires = params.get("expires_at", now + LONGEST)
    # a minute's grace: the client's clock is not ours
    if not SHORTEST - MINUTE <= expires - now <= LONGEST + MINUTE:
        said = "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from creation."
        raise not_valid(None, said, "expires_at")
    lines = params.pop("line_items")
    total = _total(peer, lines)
    paid_by = params.pop("payment_intent_data", {})
    params.pop("expires_at", None)
    made = peer.add(
        "checkout.session",
        objects.session,
        amount_subtotal=total,
        amount_total=total,
        currency="vnd",
        expires_at=expires,
        _intent=paid_by,
        **params,
    )
    items = [_line(peer, line, now) for line in lines]
    return peer.change("checkout.session", made, url=f"{peer.url}/c/pay/{made['id']}", _items=items)


def _total(peer: Peer, lines: list[Json]) -> int:
    if not lines:
        raise not_valid("parameter_missing", "Missing required param: line_items.", "line_items")
    total = 0
    for n, line in enumerate(lines):
        line.setdefault("quantity", 1)
        data = line["price_data"]
        if data["currency"] != "vnd":
            param = f"line_items[{n}][price_data][currency]"
            raise not_valid(None, f"Invalid currency: {data['currency']}. This peer holds only vnd.", param)
        if data["unit_amount"] < 0 or line["quantity"] < 1:
            raise not_valid("parameter_invalid_integer", "Amounts and quantities are positive.", f"line_items[{n}]")
        total += data["unit_amount"] * line["quantity"]
    intents.check_amount(peer, total, "vnd", "line_items")
    return total


def _line(peer: Peer, line: Json, now: int) -> Json:
    return objects.line_item(identifier=peer.new_id("li"), price=peer.new_id("price"), created=now, sold=line)


def destination(session: Json) -> str:
    """Where the customer goes after paying."""
    return str(session["success_url"]).replace(PLACE, session["id"])


def pay(peer: Peer, session: Json, card: Card) -> None:
    """One try with a card; a refused card leaves the session open and raises (402)."""
    if session["status"] != "open":
        raise refused(None, f"This Checkout Session is {session['status']}.")
    if session["payment_intent"] is None:
        data = {"return_url": destination(session), **session["_intent"]}
        made = intents.begin(peer, session=session["id"], amount=session["amount_total"], currency="vnd", **data)
        peer.change("checkout.session", session, payment_intent=made["id"])
    intent = peer.find("payment_intent", session["payment_intent"])
    intents.attempt(peer, intent, card)
    follow(peer, intent)


def follow(peer: Peer, intent: Json) -> None:
    """What became of an intent reaches its session."""
    if not intent["_session"]:
        return
    session = peer.find("checkout.session", intent["_session"])
    paid = "paid" if intent["status"] == "succeeded" else "unpaid"
    if session["status"] == "open" and intent["status"] in ("succeeded", "requires_capture", "processing"):
        address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
        nulls = dict.fromkeys(("business_name", "individual_name", "name", "phone"))
        details = {**nulls, "email": session["customer_email"], "address": address, "tax_exempt": "none", "tax_ids": []}
        ended = {"status": "complete", "payment_status": paid, "url": None, "customer_details": details}
        peer.change("checkout.session", session, **ended, _late=intent["status"] == "processing")
        peer.emit("checkout.session.completed", session)
    elif session["status"] == "complete" and session["_late"] and intent["status"] != "processing":
        peer.change("checkout.session", session, payment_status=paid, _late=False)
        passed = "succeeded" if paid == "paid" else "failed"
        peer.emit(f"checkout.session.async_payment_{passed}", session)
    elif session["status"] == "complete" and session["payment_status"] != paid:
        peer.change("checkout.session", session, payment_status=paid)


def expire(peer: Peer, session: Json) -> Json:
    """End an open session; its intent, if any, is canceled."""
    if session["status"] != "open":
        said = f'Only Checkout Sessions with a status in ["open"] can be expired, not {session["status"]}.'
        raise refused(None, said)
    peer.change("checkout.session", session, status="expired", url=None)
    if session["payment_intent"]:
        intents.end(peer, peer.find("payment_intent", session["payment_intent"]), reason="expired")
    peer.emit("checkout.session.expired", session)
    return session


def sweep(peer: Peer) -> None:
    """Expire the open sessions whose time has passed."""
    for session in peer.state.all("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= peer.now():
            expire(peer, session)
