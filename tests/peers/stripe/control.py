"""`/_peer/…`: what tests ask of the peer besides Stripe's own API. JSON in, JSON out."""

import time
from dataclasses import fields

from flask import Blueprint, request

from tests.peers.stripe import intents, money, sessions
from tests.peers.stripe.api import sweep
from tests.peers.stripe.cards import BY_NUMBER
from tests.peers.stripe.errors import ApiError
from tests.peers.stripe.faults import KINDS, Fault, Faults
from tests.peers.stripe.objects import shown
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json
from tests.peers.stripe.webhooks import Webhooks

EFFECTS = ("checkout.session", "payment_intent", "charge", "refund", "dispute", "payout", "balance_transaction")


def _sent() -> Json:
    return dict(request.get_json(silent=True) or {})


def control(peer: Peer, faults: Faults, webhooks: Webhooks) -> Blueprint:
    """Everything under `/_peer`."""
    found = Blueprint("control", __name__, url_prefix="/_peer")
    _add_time(found, peer, faults, webhooks)
    _add_faults(found, faults)
    _add_people(found, peer)
    _add_bank(found, peer)
    _add_webhooks(found, peer, webhooks)
    return found


def _add_time(found: Blueprint, peer: Peer, faults: Faults, webhooks: Webhooks) -> None:
    @found.get("/effects")
    def effects() -> Json:
        with peer.state.lock:
            return {kind: shown(peer.state.all(kind)) for kind in EFFECTS}

    @found.post("/reset")
    def reset() -> Json:
        faults.clear()
        with peer.state.change():
            webhooks.clear()
            peer.state.clear(but="meta")
            kept: Json = {name: peer.meta[name] for name in ("id", "mark", "n", "endpoint") if name in peer.meta}
            peer.state.put("meta", {**kept, "ahead": 0.0})
        return {}

    @found.post("/clock")
    def clock() -> Json:
        """`now`: the instant in seconds; or `ahead`: seconds to go forward."""
        asked = _sent()
        with peer.state.change():
            ahead = asked["now"] - time.time() if "now" in asked else peer.meta["ahead"] + asked["ahead"]
            peer.note(ahead=ahead)
            sweep(peer)
            return {"now": peer.now()}

    @found.post("/settings")
    def settings() -> Json:
        asked = _sent()
        if not set(asked) <= {"refunds_wait", "cards_wait"}:
            raise ApiError(400, "parameter_unknown", "The settings are refunds_wait and cards_wait.")
        with peer.state.change():
            peer.note(**asked)
        return {}


def _add_faults(found: Blueprint, faults: Faults) -> None:
    @found.post("/faults")
    def fault() -> Json:
        asked = _sent()
        unknown = set(asked) - {field.name for field in fields(Fault)}
        if unknown:
            raise ApiError(400, "parameter_unknown", f"A fault has no {unknown}.")
        if asked.get("kind") not in KINDS:
            raise ApiError(400, None, f"The faults are {', '.join(KINDS)}.", param="kind")
        faults.add(Fault(**asked))
        return {}

    @found.get("/faults")
    def waiting() -> Json:
        return {"waiting": faults.waiting}

    @found.post("/faults/clear")
    def calm() -> Json:
        faults.clear()
        return {}


def _add_people(found: Blueprint, peer: Peer) -> None:
    @found.post("/sessions/<name>/pay")
    def pay(name: str) -> Json:
        """Pay as the page would: `card`; and `passed` answers 3-D Secure."""
        asked = _sent()
        with peer.state.change():
            session = peer.find("checkout.session", name)
            if asked.get("card") not in BY_NUMBER:
                raise ApiError(400, "incorrect_number", f"The cards are {', '.join(BY_NUMBER)}.", param="card")
            sessions.pay(peer, session, BY_NUMBER[asked["card"]])
            intent = peer.find("payment_intent", session["payment_intent"])
            if "passed" in asked and intent["status"] == "requires_action":
                intents.authenticate(peer, intent, passed=asked["passed"])
                sessions.follow(peer, intent)
            return dict(shown(session))

    @found.post("/payment_intents/<name>/<any(authenticate, finish):verb>")
    def answer(name: str, verb: str) -> Json:
        """`authenticate`: the customer's answer to 3-D Secure. `finish`: the bank's word on one in processing."""
        with peer.state.change():
            intent = peer.find("payment_intent", name)
            (intents.authenticate if verb == "authenticate" else intents.finish)(peer, intent, passed=_sent()["passed"])
            sessions.follow(peer, intent)
            return dict(shown(intent))


def _add_bank(found: Blueprint, peer: Peer) -> None:
    @found.post("/refunds/finish")
    def finish() -> Json:
        """`status` succeeded or failed, of the refund `id` or of every pending one."""
        asked = _sent()
        with peer.state.change():
            waiting = [item["id"] for item in peer.state.all("refund") if item["status"] == "pending"]
            names = [asked["id"]] if asked.get("id") else waiting
            return {"data": [shown(money.finish_refund(peer, name, status=asked["status"])) for name in names]}

    @found.post("/charges/<name>/dispute")
    def dispute(name: str) -> Json:
        with peer.state.change():
            return dict(shown(money.dispute(peer, peer.find("charge", name), **_sent())))

    @found.post("/disputes/<name>/close")
    def close(name: str) -> Json:
        with peer.state.change():
            return dict(shown(money.close_dispute(peer, name, won=_sent()["won"])))

    @found.post("/payouts")
    def pay_out() -> Json:
        with peer.state.change():
            return dict(shown(money.pay_out(peer)))


def _add_webhooks(found: Blueprint, peer: Peer, webhooks: Webhooks) -> None:
    @found.get("/webhooks")
    def journal() -> Json:
        with peer.state.lock:
            return {"pending": webhooks.pending(), "sent": list(webhooks.journal)}

    @found.post("/webhooks")
    def point_at() -> Json:
        webhooks.point_at(**_sent())
        return {}

    @found.post("/webhooks/faults")
    def webhook_fault() -> Json:
        webhooks.fault(**_sent())
        return {}

    @found.post("/webhooks/release")
    def release() -> Json:
        return {"released": webhooks.release(backwards=bool(_sent().get("backwards")))}

    @found.post("/webhooks/replay")
    def replay() -> Json:
        asked = _sent()
        with peer.state.change():
            webhooks.replay(peer.find("event", asked.pop("event")), **asked)
        return {}
