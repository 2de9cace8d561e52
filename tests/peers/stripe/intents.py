"""PaymentIntents and the charges they make: the state machine."""

from tests.peers.stripe import money, objects
from tests.peers.stripe.cards import BY_METHOD, Card
from tests.peers.stripe.errors import ApiError, declined, missing, not_valid, refused
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (*CONFIRMABLE, "requires_capture")
NOT_AUTHENTICATED = "We are unable to authenticate your payment method. Please choose a different one and try again."


def check_amount(peer: Peer, amount: int, currency: str, param: str) -> None:
    """Only dong, between the account's minimum and eight digits."""
    if currency != "vnd":
        raise not_valid(None, f"Invalid currency: {currency}. This peer holds only vnd.", "currency")
    if amount < 1:
        raise not_valid("parameter_invalid_integer", "This value must be greater than or equal to 1.", param)
    if amount < peer.terms.minimum:
        raise not_valid("amount_too_small", f"Amount must be at least ₫{peer.terms.minimum:,} vnd", param)
    if amount > peer.terms.maximum:
        raise not_valid("amount_too_large", f"Amount must be no more than ₫{peer.terms.maximum:,} vnd", param)


def card_of(method: str) -> Card:
    """The card behind a payment method."""
    if method not in BY_METHOD:
        raise missing("PaymentMethod", method, "payment_method")
    return BY_METHOD[method]


def unexpected(intent: Json, wish: str) -> ApiError:
    """The state does not admit the wish."""
    said = f"You cannot {wish} this PaymentIntent because it has a status of {intent['status']}."
    return refused("payment_intent_unexpected_state", said, payment_intent=objects.shown(intent))


def create(peer: Peer, params: Json) -> Json:
    """A new intent, confirmed at once when asked."""
    check_amount(peer, params["amount"], params["currency"], "amount")
    method, confirm_now = params.pop("payment_method", None), params.pop("confirm", False)
    if method:
        card_of(method)
    if confirm_now and not method:
        raise refused("payment_intent_unexpected_state", "You cannot confirm without a payment method.")
    if "automatic_payment_methods" in params:
        params["automatic_payment_methods"] = {"allow_redirects": "always", **params["automatic_payment_methods"]}
    made = begin(peer, **params)
    if method:
        peer.change("payment_intent", made, payment_method=method, status="requires_confirmation")
    return confirm(peer, made, {}) if confirm_now else made


def begin(peer: Peer, *, return_url: str | None = None, session: str | None = None, **known: object) -> Json:
    """The intent itself."""
    made = peer.add("payment_intent", objects.intent, _return_url=return_url, _session=session, **known)
    peer.change("payment_intent", made, client_secret=f"{made['id']}_secret_peer")
    peer.emit("payment_intent.created", made)
    return made


def confirm(peer: Peer, intent: Json, params: Json) -> Json:
    """Try the payment method."""
    method = params.get("payment_method") or intent["payment_method"]
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(intent, "confirm")
    if method is None:
        raise unexpected(intent, "confirm without a payment method")
    if "return_url" in params:
        peer.change("payment_intent", intent, _return_url=params["return_url"])
    attempt(peer, intent, card_of(method))
    return intent


def attempt(peer: Peer, intent: Json, card: Card, *, authenticated: bool = False) -> None:
    """The card meets its bank. A refusal is written down, announced and raised (402)."""
    peer.change("payment_intent", intent, payment_method=card.method, next_action=None, last_payment_error=None)
    if card.code:
        raise _refuse(peer, intent, card)
    if card.asks and not authenticated:
        step = {"url": f"{peer.url}/c/3ds/{intent['id']}", "return_url": intent["_return_url"]}
        action = {"type": "redirect_to_url", "redirect_to_url": step}
        peer.change("payment_intent", intent, status="requires_action", next_action=action)
        peer.emit("payment_intent.requires_action", intent)
    elif peer.setting("cards_wait"):
        peer.change("payment_intent", intent, status="processing", _authenticated=authenticated)
        peer.emit("payment_intent.processing", intent)
    else:
        _accept(peer, intent, card, authenticated=authenticated)


def _charge(peer: Peer, intent: Json, card: Card, *, authenticated: bool = False, **known: object) -> Json:
    made = peer.add(
        "charge",
        lambda **fields: objects.charge(card, authenticated=authenticated, **fields),
        amount=intent["amount"],
        currency=intent["currency"],
        description=intent["description"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=card.method,
        **known,
    )
    peer.change("payment_intent", intent, latest_charge=made["id"])
    return made


def _refuse(peer: Peer, intent: Json, card: Card) -> ApiError:
    charge = _charge(peer, intent, card, failure_code=card.code, failure_message=card.message)
    error = {
        "type": "card_error",
        "charge": charge["id"],
        "code": card.code,
        "decline_code": card.decline_code,
        "message": card.message,
    }
    peer.change(
        "payment_intent", intent, status="requires_payment_method", payment_method=None, last_payment_error=error
    )
    peer.emit("charge.failed", charge)
    peer.emit("payment_intent.payment_failed", intent)
    return declined(
        card.code or "",
        card.message,
        decline_code=card.decline_code,
        intent=objects.shown(intent),
        charge=charge["id"],
    )


def _accept(peer: Peer, intent: Json, card: Card, *, authenticated: bool) -> None:
    charge = _charge(peer, intent, card, authenticated=authenticated)
    if intent["capture_method"] == "manual":
        peer.change("payment_intent", intent, status="requires_capture", amount_capturable=intent["amount"])
        peer.emit("charge.succeeded", charge)
        peer.emit("payment_intent.amount_capturable_updated", intent)
        return
    _take(peer, intent, charge, intent["amount"])
    peer.emit("charge.succeeded", charge)
    peer.emit("payment_intent.succeeded", intent)
    if card.disputed:
        money.dispute(peer, charge)


def _take(peer: Peer, intent: Json, charge: Json, amount: int) -> None:
    peer.change("charge", charge, captured=True, amount_captured=amount)
    money.book_charge(peer, charge, amount)
    peer.change("payment_intent", intent, status="succeeded", amount_received=amount, amount_capturable=0)


def capture(peer: Peer, intent: Json, params: Json) -> Json:
    """Take an authorised amount or a part of it; what is not taken is released."""
    if intent["status"] != "requires_capture":
        raise unexpected(intent, "capture")
    held: int = intent["amount_capturable"]
    amount: int = params.get("amount_to_capture", held)
    if not 0 < amount <= held:
        said = f"The amount to capture must be from 1 to {held}."
        raise refused("amount_too_large" if amount > 0 else "amount_too_small", said, param="amount_to_capture")
    charge = peer.find("charge", intent["latest_charge"])
    _take(peer, intent, charge, amount)
    peer.emit("charge.captured", charge)
    peer.emit("payment_intent.succeeded", intent)
    return intent


def cancel(peer: Peer, intent: Json, params: Json) -> Json:
    """End an intent that has taken no money."""
    if intent["status"] not in CANCELABLE:
        raise unexpected(intent, "cancel")
    if intent["_session"] and peer.find("checkout.session", intent["_session"])["status"] == "open":
        raise refused(None, "You cannot cancel the PaymentIntent of an open Checkout Session. Expire the Session.")
    return end(peer, intent, reason=params.get("cancellation_reason"))


def end(peer: Peer, intent: Json, *, reason: str | None) -> Json:
    """Cancel without asking."""
    ended = {"status": "canceled", "canceled_at": peer.now(), "cancellation_reason": reason}
    peer.change("payment_intent", intent, **ended, amount_capturable=0, next_action=None)
    peer.emit("payment_intent.canceled", intent)
    return intent


def authenticate(peer: Peer, intent: Json, *, passed: bool) -> None:
    """The customer's answer to 3-D Secure."""
    if intent["status"] != "requires_action":
        raise unexpected(intent, "authenticate")
    if passed:
        attempt(peer, intent, card_of(intent["payment_method"]), authenticated=True)
        return
    error = {
        "type": "invalid_request_error",
        "code": "payment_intent_authentication_failure",
        "message": NOT_AUTHENTICATED,
    }
    failed = {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    peer.change("payment_intent", intent, **failed, last_payment_error=error)
    peer.emit("payment_intent.payment_failed", intent)


def finish(peer: Peer, intent: Json, *, passed: bool) -> None:
    """The bank's late word on an intent in `processing`."""
    if intent["status"] != "processing":
        raise unexpected(intent, "finish")
    card = card_of(intent["payment_method"])
    if passed:
        _accept(peer, intent, card, authenticated=intent["_authenticated"])
    else:
        late = Card(card.number, card.method, "", "", "card_declined", "generic_decline", "Your card was declined.")
        _refuse(peer, intent, late)
