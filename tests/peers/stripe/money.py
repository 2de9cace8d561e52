"""What moves the account's balance: booked amounts, refunds, disputes, payouts."""

from typing import Any

from tests.peers.stripe import objects
from tests.peers.stripe.errors import ApiError, not_valid, refused
from tests.peers.stripe.peer import Peer
from tests.peers.stripe.state import Json

Fees = tuple[tuple[str, int], ...]  # name and amount

DAY = 86_400
SETTLES_IN = 2 * DAY  # when a charge becomes available: our invention


def book(peer: Peer, *, kind: str, category: str, source: str, dong: int, fees: Fees = ()) -> Json:
    """One balance transaction of `dong` (signed) in the settlement currency; fees are already in that currency."""
    terms, now = peer.terms, peer.now()
    details = [
        {"amount": fee, "application": None, "currency": terms.settlement, "description": name, "type": "stripe_fee"}
        for name, fee in fees
    ]
    return peer.add(
        "balance_transaction",
        objects.balance_transaction,
        amount=terms.settled(dong),
        currency=terms.settlement,
        exchange_rate=None if terms.settlement == "vnd" else terms.rate,
        fee=sum(fee for _, fee in fees),
        fee_details=details,
        available_on=now + (SETTLES_IN if kind == "charge" else 0),
        status="pending" if kind == "charge" else "available",
        reporting_category=category,
        source=source,
        type=kind,
        _payout=None,
    )


def charge_fee(peer: Peer, dong: int) -> int:
    """2.9 % and 8,000 dong (or their worth), rounded half up."""
    terms = peer.terms
    return (terms.settled(dong) * terms.fee_per_mille + 500) // 1000 + terms.settled(terms.fee_fixed)


def book_charge(peer: Peer, charge: Json, dong: int) -> None:
    """The captured amount comes in, less the fee."""
    fees = (("Stripe processing fees", charge_fee(peer, dong)),)
    booked = book(peer, kind="charge", category="charge", source=charge["id"], dong=dong, fees=fees)
    peer.change("charge", charge, balance_transaction=booked["id"])


def _refundable(peer: Peer, params: Json) -> Json:
    """The charge that the call names, if money can go back from it."""
    if ("charge" in params) == ("payment_intent" in params):
        hint = "One of the following params should be provided for this request: payment_intent or charge."
        raise not_valid("parameter_missing", hint)
    if "charge" in params:
        charge = peer.find("charge", params["charge"], "charge")
    else:
        intent = peer.find("payment_intent", params["payment_intent"], "payment_intent")
        if intent["latest_charge"] is None:
            raise refused(None, f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = peer.find("charge", intent["latest_charge"])
    if not charge["captured"]:
        raise refused(None, f"Charge {charge['id']} has no captured amount to refund.")
    if charge["disputed"]:
        raise refused("charge_disputed", f"Charge {charge['id']} has been charged back; cannot issue a refund.")
    if charge["refunded"]:
        raise refused("charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
    return charge


def refund(peer: Peer, params: Json) -> Json:
    """Give back a part or all that is left; pending when control says so, else done at once."""
    charge = _refundable(peer, params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = params.get("amount", left)
    if amount < 1:
        raise not_valid("parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount")
    if amount > left:
        said = f"Refund amount (₫{amount:,}) is greater than unrefunded amount on charge (₫{left:,})"
        raise refused(None, said, param="amount")
    waits = peer.setting("refunds_wait")
    made = peer.add(
        "refund",
        objects.refund,
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=params.get("metadata", {}),
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        status="pending" if waits else "succeeded",
        **({"pending_reason": "processing"} if waits else {}),
    )
    booked = book(peer, kind="refund", category="refund", source=made["id"], dong=-amount)
    peer.change("refund", made, balance_transaction=booked["id"])
    _give_back(peer, charge, amount)
    peer.emit("refund.created", made)
    peer.emit("charge.refunded", charge)
    return made


def _give_back(peer: Peer, charge: Json, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    peer.change("charge", charge, amount_refunded=refunded, refunded=refunded == charge["amount_captured"])


def finish_refund(peer: Peer, name: str, *, status: str, reason: str = "lost_or_stolen_card") -> Json:
    """A pending refund arrives, or a pending or even a finished one comes back from the bank."""
    made = peer.find("refund", name)
    before = made["status"]
    if before == "failed" or (status == "succeeded" and before != "pending"):
        raise refused(None, f"Refund {name} is {before} already.")
    made.pop("pending_reason", None)
    peer.change("refund", made, status=status)
    if status == "failed":
        back = book(peer, kind="refund_failure", category="refund_failure", source=name, dong=made["amount"])
        peer.change("refund", made, failure_reason=reason, failure_balance_transaction=back["id"])
        _give_back(peer, peer.find("charge", made["charge"]), -made["amount"])
        peer.emit("refund.failed", made)
    peer.emit("refund.updated", made, status=before)
    return made


def dispute(peer: Peer, charge: Json, *, reason: str = "fraudulent") -> Json:
    """The cardholder's bank takes the captured amount back, and the dispute fee."""
    if charge["disputed"] or not charge["captured"]:
        raise refused(None, f"Charge {charge['id']} cannot be disputed.")
    made = peer.add(
        "dispute",
        objects.dispute,
        amount=charge["amount_captured"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        due_by=peer.now() + 9 * DAY,
        payment_intent=charge["payment_intent"],
        reason=reason,
    )
    fees = (("Dispute fee", peer.terms.settled(peer.terms.dispute_fee)),)
    taken = book(peer, kind="adjustment", category="dispute", source=made["id"], dong=-made["amount"], fees=fees)
    peer.change("dispute", made, balance_transactions=[objects.shown(taken)])
    peer.change("charge", charge, disputed=True)
    peer.emit("charge.dispute.created", made)
    peer.emit("charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(peer: Peer, name: str, *, won: bool) -> Json:
    """The bank decides; a dispute won brings the amount back, not the fee."""
    made = peer.find("dispute", name)
    if made["status"] in ("won", "lost"):
        raise refused(None, f"Dispute {name} is {made['status']} already.")
    peer.change("dispute", made, status="won" if won else "lost")
    peer.emit("charge.dispute.closed", made)
    if won:
        back = book(peer, kind="adjustment", category="dispute_reversal", source=name, dong=made["amount"])
        peer.change("dispute", made, balance_transactions=[*made["balance_transactions"], objects.shown(back)])
        peer.emit("charge.dispute.funds_reinstated", made)
    return made


def _unpaid(peer: Peer) -> list[Json]:
    return [booked for booked in peer.state.all("balance_transaction") if booked["_payout"] is None]


def pay_out(peer: Peer) -> Json:
    """A payout of all that is not paid out, available or not; it arrives and is reconciled at once."""
    rows = _unpaid(peer)
    amount = sum(row["net"] for row in rows)
    if amount <= 0:
        raise ApiError(400, "balance_insufficient", f"There is nothing to pay out: the balance is {amount}.")
    made = peer.add(
        "payout",
        objects.payout,
        amount=amount,
        arrival_date=peer.now(),
        balance_transaction=None,
        currency=peer.terms.settlement,
        destination="ba_peer",
    )
    out = _book_payout(peer, made, amount)
    for row in [*rows, out]:
        peer.change("balance_transaction", row, status="available", _payout=made["id"])
    for happened in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
        peer.emit(happened, made)
    return made


def _book_payout(peer: Peer, made: Json, amount: int) -> Json:
    out = peer.add(
        "balance_transaction",
        objects.balance_transaction,
        amount=-amount,
        currency=peer.terms.settlement,
        fee=0,
        fee_details=[],
        available_on=peer.now(),
        description="STRIPE PAYOUT",
        reporting_category="payout",
        source=made["id"],
        type="payout",
    )
    peer.change("payout", made, balance_transaction=out["id"])
    return out


def balance(peer: Peer) -> Json:
    """What is available and what is still pending, in the settlement currency."""

    def part(status: str) -> list[dict[str, Any]]:
        amount = sum(row["net"] for row in _unpaid(peer) if row["status"] == status)
        return [{"amount": amount, "currency": peer.terms.settlement, "source_types": {"card": amount}}]

    return {"object": "balance", "available": part("available"), "pending": part("pending"), "livemode": False}


def settle(peer: Peer) -> None:
    """Charges whose day has come become available."""
    for row in _unpaid(peer):
        if row["status"] == "pending" and row["available_on"] <= peer.now():
            peer.change("balance_transaction", row, status="available")
