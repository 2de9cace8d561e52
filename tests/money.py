"""Builders of money: an order paid before it is sent, its attempt, what stands in the books."""

from datetime import datetime
from itertools import count
from typing import Any

from flask import Flask

from config import BankAccount
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import BankTransfer as Came
from marketplace.shop.bank.models import TransferSource
from marketplace.shop.bank.rules import Incoming
from marketplace.shop.bank.services import take_transfers
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import place_order
from marketplace.shop.ledger.queries import balances
from marketplace.shop.orders.models import Order, PaymentMethod
from marketplace.shop.payments.models import Attempt, Payment
from marketplace.shop.payments.providers.interface import Fact, Standing
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.providers.transfer import BankTransfer
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import begin_attempt, opened
from tests.builders import fill_basket, start_checkout

ACCOUNT = BankAccount("970422", "0011223344", "CHO PHIEN OCOP")
_references = count(1)
NOWHERE = "http://127.0.0.1:9"  # nothing answers there


def offer_cards(
    app: Flask, *, base: str = NOWHERE, key: str = "sk_test_1", secret: str = "whsec_1", timeout: float = 2
) -> StripeCards:
    """Have the application take cards by whoever speaks as Stripe at `base`."""
    cards = StripeCards(
        secret_key=key, webhook_secret=secret, base=base, least=Money(15_000), most=Money(99_999_999), timeout=timeout
    )
    app.extensions["payments"][PaymentMethod.CARD] = cards
    return cards


def offer_transfers(app: Flask) -> BankAccount:
    """Have the application take bank transfers to an account."""
    app.extensions["payments"][PaymentMethod.BANK_TRANSFER] = BankTransfer(ACCOUNT)
    return ACCOUNT


def incoming(note: str, amount: int, *, at: datetime, reference: str = "", **changes: Any) -> Incoming:
    """A transfer as the feed tells it."""
    told: dict[str, Any] = {
        "timed": True,
        "payer": "NGUYEN VAN A",
        "payer_account": "0123",
        "source": TransferSource.FEED,
    } | changes
    return Incoming(
        account=ACCOUNT.number,
        reference=reference or f"FT{next(_references)}",
        amount=Money(amount),
        booked_at=told.pop("booked_at", at),
        note=note,
        **told,
    )


def make_transfer(note: str, amount: int, *, at: datetime, reference: str = "", **changes: Any) -> Came:
    """A transfer that came."""
    with transaction():
        found = take_transfers(incoming=[incoming(note, amount, at=at, reference=reference, **changes)], at=at)
    return found[0]


def make_prepaid(
    *goods: tuple[Variant, int], at: datetime, method: PaymentMethod = PaymentMethod.CARD, by: Actor = GUEST
) -> Payment:
    """The payment of an order that is to be paid before it is sent, as checkout leaves it."""
    key, fingerprint = start_checkout(fill_basket(*goods, at=at, by=by), at=at, by=by)
    with transaction():
        order = place_order(key=key, fingerprint=fingerprint, language="vi", method=method, adult=True, by=by, at=at)
    return payment_of(order.number)


def make_attempt(payment: Payment, *, at: datetime, reference: str = "", provider: str = "stripe") -> Attempt:
    """An attempt that its provider has opened."""
    with transaction():
        attempt = begin_attempt(payment_id=payment.id, provider=provider, at=at)
    with transaction():
        opened(attempt_id=attempt.id, reference=reference or f"cs_{attempt.id}", url="https://pay.example/1")
    return attempt


def paid(attempt: Attempt, *, amount: Money | None = None, fee: int | None = None, charge: str = "") -> Fact:
    """What a provider says of an attempt that was paid."""
    return Fact(
        f"cs_{attempt.id}",
        Standing.PAID,
        amount or attempt.amount,
        charge or f"ch_{attempt.id}",
        Money(fee) if fee is not None else None,
    )


def books() -> dict[str, int]:
    """What stands on each account that is not empty."""
    return {code: amount.amount for code, amount in balances().items() if amount}


def order_of(payment: Payment) -> Order:
    """The order that a payment is for."""
    assert payment.order is not None
    return payment.order
