"""Cards by Stripe: its hosted Checkout, the truth fetched by id, idempotency keys of committed attempts.

VND has no decimals: an amount is the number of dong (docs.stripe.com/currencies). Stripe's page is paid in its own
place, so no card number ever comes here.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import stripe
from stripe import RequestsClient

from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.interface import (
    Asked,
    BadNotice,
    Contest,
    Fact,
    Notice,
    Opened,
    ProviderDown,
    ProviderRefused,
    RefundFact,
    RefundStanding,
    Settlement,
    Standing,
)

Answer = TypeVar("Answer")
TIMEOUT = 8  # seconds: a buyer waits no longer
SUBJECTS = {
    "checkout.session.": "attempt",
    "refund.": "refund",
    "charge.refund.": "refund",
    "charge.dispute.": "dispute",
}
REFUSALS = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)  # statuses 400, 402, 404 alone
REFUNDS = {"succeeded": RefundStanding.DONE, "failed": RefundStanding.FAILED, "canceled": RefundStanding.FAILED}


@dataclass
class Breaker:
    """After `most` failures in a row nobody is sent there for `rest` seconds: the other ways stay quick."""

    most: int = 3
    rest: float = 30
    failures: int = 0
    open_until: float = 0

    @property
    def shut(self) -> bool:
        """Whether calls go through."""
        return time.monotonic() >= self.open_until

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= self.most:
            self.open_until = time.monotonic() + self.rest

    def worked(self) -> None:
        self.failures, self.open_until = 0, 0


class StripeCards:
    """Stripe for one account. `least` and `most` bound what it takes (reliability: ₫99,999,999 is eight digits)."""

    name = "stripe"
    method = PaymentMethod.CARD

    def __init__(
        self, *, secret_key: str, webhook_secret: str, base: str, least: Money, most: Money, timeout: float = TIMEOUT
    ) -> None:
        self._client = stripe.StripeClient(
            secret_key,
            http_client=RequestsClient(timeout=timeout),
            max_network_retries=0,
            base_addresses={"api": base} if base else {},
        )
        self._webhook_secret = webhook_secret
        self._least, self._most = least, most
        self.breaker = Breaker()

    def offers(self, amount: Money) -> bool:
        return self._least <= amount <= self._most and self.breaker.shut

    def create(self, asked: Asked) -> Opened:
        line = {
            "quantity": 1,
            "price_data": {
                "currency": "vnd",
                "unit_amount": asked.amount.amount,
                "product_data": {"name": asked.order_number},
            },
        }
        known = {"order": asked.order_number, "attempt": asked.key}
        params: Any = {
            "mode": "payment",
            "line_items": [line],
            "client_reference_id": asked.order_number,
            "customer_email": asked.email,
            "locale": "vi" if asked.language == "vi" else "en",
            "success_url": asked.return_url,
            "cancel_url": asked.cancel_url,
            "expires_at": int(asked.expires_at.timestamp()),
            "metadata": known,
            "payment_intent_data": {"metadata": known},
        }
        session = self._ask(lambda: self._client.v1.checkout.sessions.create(params, {"idempotency_key": asked.key}))
        return Opened(session.id, session.url)

    def fetch(self, reference: str) -> Fact:
        expand: Any = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        return _fact(self._ask(lambda: self._client.v1.checkout.sessions.retrieve(reference, expand)))

    def capture(self, reference: str, amount: Money) -> Fact:
        session = self._ask(lambda: self._client.v1.checkout.sessions.retrieve(reference))
        intent = str(session.payment_intent)
        params: Any = {"amount_to_capture": amount.amount}
        options: Any = {"idempotency_key": f"capture:{intent}"}
        self._ask(lambda: self._client.v1.payment_intents.capture(intent, params, options))
        return self.fetch(reference)

    def cancel(self, reference: str) -> Fact:
        try:
            self._ask(lambda: self._client.v1.checkout.sessions.expire(reference))
        except ProviderRefused:
            return self.fetch(reference)  # no longer open: paid, or ended before
        return self.fetch(reference)

    def refund(self, *, key: str, charge: str, amount: Money) -> RefundFact:
        params: Any = {"charge": charge, "amount": amount.amount, "metadata": {"refund": key}}
        made = self._ask(lambda: self._client.v1.refunds.create(params, {"idempotency_key": key}))
        return _refund(made)

    def fetch_refund(self, reference: str) -> RefundFact:
        return _refund(self._ask(lambda: self._client.v1.refunds.retrieve(reference)))

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        signature = headers.get("Stripe-Signature", "")
        try:
            event = stripe.Webhook.construct_event(body.decode(), signature, self._webhook_secret)
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise BadNotice(str(error)) from error
        about = event.data.object
        subject = next((word for prefix, word in SUBJECTS.items() if event.type.startswith(prefix)), None)
        if subject is None:
            return None
        return Notice(event.id, event.type, subject, str(about["id"]))

    def fetch_dispute(self, reference: str) -> Contest:
        found: Any = self._ask(lambda: self._client.v1.disputes.retrieve(reference))
        fee = sum(line.fee for line in found.balance_transactions)
        ended = found.status in ("won", "lost", "warning_closed")
        won = found.status in ("won", "warning_closed")
        return Contest(found.id, _id(found.charge), Money(found.amount), Money(fee), not ended, won, found.reason)

    def list_settlements(self, since: datetime) -> Iterable[Settlement]:
        params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.source"]}
        page: Any = self._ask(lambda: self._client.v1.balance_transactions.list(params))
        found = [_settlement(line) for line in page.auto_paging_iter()]
        return sorted(found, key=lambda line: (line.at, line.reference))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """Call. Only what Stripe itself says of our request is a refusal.

        A key in use, a secret that it does not take, an answer that is not Stripe's, none at all: nobody knows the
        outcome, so that is ProviderDown, and the same key asks again.
        """
        try:
            answer = call()
        except REFUSALS as error:
            raise ProviderRefused(error.code or error.__class__.__name__) from error
        except stripe.StripeError as error:
            self.breaker.failed()
            raise ProviderDown(repr(error)) from error
        self.breaker.worked()
        return answer


def _fact(session: Any) -> Fact:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None) if intent else None
    if session.payment_status == "paid" and intent is not None:
        books = getattr(charge, "balance_transaction", None)
        fee = Money(books.fee) if books is not None and not isinstance(books, str) else None
        return Fact(session.id, Standing.PAID, Money(intent.amount_received), _id(charge), fee)
    if session.status == "expired":
        return Fact(session.id, Standing.EXPIRED)
    trouble = getattr(getattr(intent, "last_payment_error", None), "code", "") or "" if intent else ""
    return Fact(session.id, Standing.OPEN, trouble=str(trouble))


def _refund(made: Any) -> RefundFact:
    trouble = getattr(made, "failure_reason", None) or ""
    return RefundFact(made.id, REFUNDS.get(made.status, RefundStanding.PENDING), str(trouble))


def _settlement(line: Any) -> Settlement:
    source = line.source
    payout = getattr(line, "payout", None)
    return Settlement(
        reference=line.id,
        kind=line.type,
        source=_id(source),
        amount=Money(line.amount),
        fee=Money(line.fee),
        net=Money(line.net),
        payout=payout,
        at=datetime.fromtimestamp(line.created, UTC),
    )


def _id(found: Any) -> str:
    return found if isinstance(found, str) else str(getattr(found, "id", "") or "")
