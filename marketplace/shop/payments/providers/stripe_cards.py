"""Cards by Stripe: its hosted Checkout, the truth fetched by id, idempotency keys of committed attempts.

VND has no decimals: an amount is the number of dong (docs.stripe.com/currencies). Stripe's page is paid in its own
place, so no card number ever comes here.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import stripe
from stripe import RequestsClient

from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.breaker import Breaker
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
from marketplace.shop.payments.providers.stripe_books import id_of, in_dong, settlement

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


class StripeCards:
    """Stripe for one account. `least` and `most` bound what it takes (reliability: ₫99,999,999 is eight digits)."""

    name = "stripe"
    method = PaymentMethod.CARD
    keeps_books = True

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
            "locale": "vi" if asked.language == "vi" else "en",
            "success_url": asked.return_url,
            "cancel_url": asked.cancel_url,
            "expires_at": int(asked.expires_at.timestamp()),
            "metadata": known,
            "payment_intent_data": {"metadata": known},
        }
        if asked.email:  # a fair's visitor may have left a telephone number only
            params["customer_email"] = asked.email
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
        asked: Any = {"charge": charge, "limit": 100}  # a key is forgotten after a day, the refund is not
        known = self._ask(lambda: self._client.v1.refunds.list(asked))
        for sent in known.data:
            if getattr(sent.metadata, "refund", None) == key:
                if sent.amount != amount.amount:
                    raise ProviderRefused("key_used_for_another_amount")
                return _refund(sent)
        params: Any = {"charge": charge, "amount": amount.amount, "metadata": {"refund": key}}
        return _refund(self._ask(lambda: self._client.v1.refunds.create(params, {"idempotency_key": key})))

    def fetch_refund(self, reference: str) -> RefundFact:
        return _refund(self._ask(lambda: self._client.v1.refunds.retrieve(reference)))

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        signature = headers.get("Stripe-Signature", "")
        try:
            event = stripe.Webhook.construct_event(body.decode(), signature, self._webhook_secret)
        except (ValueError, TypeError, stripe.SignatureVerificationError) as error:
            raise BadNotice(str(error)) from error
        about = event.data.object
        subject = next((word for prefix, word in SUBJECTS.items() if event.type.startswith(prefix)), None)
        if subject is None:
            return None
        return Notice(event.id, event.type, subject, str(about["id"]))

    def fetch_dispute(self, reference: str) -> Contest:
        expand: Any = {"expand": ["payment_intent"]}
        found: Any = self._ask(lambda: self._client.v1.disputes.retrieve(reference, expand))
        return Contest(
            reference=found.id,
            charge=id_of(found.charge),
            amount=Money(found.amount),
            fee=Money(sum(line.fee for line in found.balance_transactions if in_dong(line))),
            open=found.status not in ("won", "lost", "warning_closed"),
            won=found.status in ("won", "warning_closed"),
            reason=found.reason,
            attempt=str(getattr(getattr(found.payment_intent, "metadata", None), "attempt", "")),
        )

    def list_settlements(self, since: datetime) -> Iterable[Settlement]:
        found = {line.id: (line, None) for line in self._lines(created={"gte": int(since.timestamp())})}
        payouts = [id_of(line.source) for line, _ in found.values() if line.reporting_category == "payout"]
        for payout in payouts:
            found |= {line.id: (line, payout) for line in self._lines(payout=payout)}
        return sorted((settlement(*each) for each in found.values()), key=lambda line: (line.at, line.reference))

    def _lines(self, **which: Any) -> list[Any]:
        """Balance transactions with what they are about; a line does not say its payout, so that one is asked for."""
        params: Any = {**which, "limit": 100, "expand": ["data.source"]}
        page: Any = self._ask(lambda: self._client.v1.balance_transactions.list(params))
        return self._ask(lambda: list(page.auto_paging_iter()))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """Call. Only what Stripe itself says of our request is a refusal.

        A key in use, a secret that it does not take, an answer that is not Stripe's, none at all: nobody knows the
        outcome, so that is ProviderDown, and the same key asks again.
        """
        try:
            with self.breaker.call():
                answer = call()
        except REFUSALS as error:
            self.breaker.worked()
            raise ProviderRefused(error.code or error.__class__.__name__) from error
        except stripe.StripeError as error:
            if not _remembered(error):
                self.breaker.failed()
            raise ProviderDown(repr(error)) from error
        self.breaker.worked()
        return answer


def _remembered(error: stripe.StripeError) -> bool:
    """Whether it is about this key alone: its first answer again, or its first call is still under way."""
    return error.http_status == 409 or "Idempotent-Replayed" in (error.headers or {})


def _fact(session: Any) -> Fact:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None) if intent else None
    if session.payment_status == "paid" and intent is not None:
        books = getattr(charge, "balance_transaction", None)
        fee = Money(books.fee) if books is not None and not isinstance(books, str) and in_dong(books) else None
        return Fact(session.id, Standing.PAID, Money(intent.amount_received), id_of(charge), fee)
    if session.status == "expired":
        return Fact(session.id, Standing.EXPIRED)
    trouble = getattr(getattr(intent, "last_payment_error", None), "code", "") or "" if intent else ""
    return Fact(session.id, Standing.OPEN, trouble=str(trouble))


def _refund(made: Any) -> RefundFact:
    trouble = getattr(made, "failure_reason", None) or ""
    return RefundFact(made.id, REFUNDS.get(made.status, RefundStanding.PENDING), str(trouble))
