"""A day of trade by card at the peer, of which the shop has heard nothing yet, or half: what a storm then tells."""

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple

import stripe
from flask import Flask

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payments.paying import ask_again, pay, send_refund
from marketplace.shop.payments.queries import find_attempt, payment_of
from marketplace.shop.payments.services import ask_refund
from tests.builders import BY, make_offer
from tests.faults.card_shop import side_by_side
from tests.money import make_prepaid
from tests.peers.conftest import client_of
from tests.peers.selling import open_session
from tests.peers.stripe.running import Refused, StripePeer

REFUND = Money(2_000)
CLERK = system("test")


class Fate(StrEnum):
    """What becomes of an order; the shop knows of the payment before the storm only where it was given back."""

    PAID = "paid"
    DECLINED_FIRST = "declined first"
    GIVEN_BACK = "three amounts given back, the second of which comes back from the bank"
    CANCELLED = "cancelled by the buyer before the shop heard of the money"
    WON = "disputed and won"
    LOST = "disputed and lost"
    EXPIRED = "never paid"


class Sold(NamedTuple):
    """An order, its fate, its session at the provider."""

    number: str
    fate: Fate
    session: str


def trade(app: Flask, peer: StripePeer, orders: int) -> list[Sold]:
    """So many orders, their fates in turn; the peer's webhooks tell all of it."""
    with app.app_context():
        goods = make_offer(at=now(), stock=orders, price=50_000)

    def place(_n: int) -> tuple[str, str]:
        number = make_prepaid((goods, 1), at=now()).number
        return number, pay(number, now()).reference or ""

    fates = list(Fate)
    placed = side_by_side(app, place, orders)
    sold = [Sold(number, fates[n % len(fates)], session) for n, (number, session) in enumerate(placed)]
    with app.app_context():
        for each in sold:
            BEFALLS[each.fate](peer, each)
    strangers(peer)
    return sold


def _paid(peer: StripePeer, sold: Sold) -> None:
    peer.pay(sold.session)


def _declined_first(peer: StripePeer, sold: Sold) -> None:
    with suppress(Refused):
        peer.pay(sold.session, card="4000000000000002")
    peer.pay(sold.session)


def _given_back(peer: StripePeer, sold: Sold) -> None:
    peer.pay(sold.session)
    peer.settings(refunds_wait=True)
    attempt = find_attempt("stripe", sold.session)
    assert attempt is not None
    ask_again(attempt.id, now())
    for n in range(3):
        with transaction():
            payment = payment_of(sold.number)
            reason = RefundReason.GOODWILL
            asked = ask_refund(payment=payment, amount=REFUND, reason=reason, key=f"hand:{n}", by=CLERK, at=now())
        send_refund(asked.code, now())
        sent = next(refund for refund in payment_of(sold.number).refunds if refund.code == asked.code).reference
        peer.finish_refunds("failed" if n == 1 else "succeeded", refund=sent)
    peer.settings(refunds_wait=False)


def _cancelled(peer: StripePeer, sold: Sold) -> None:
    peer.pay(sold.session)
    with transaction():
        cancel_order(number=sold.number, by=BY, at=now())


def _disputed(won: bool) -> Callable[[StripePeer, Sold], None]:
    def befall(peer: StripePeer, sold: Sold) -> None:
        peer.pay(sold.session, card="4000000000000259")
        newest: Any = {"limit": 1}
        peer.close_dispute(client_of(peer).v1.disputes.list(newest).data[0].id, won=won)

    return befall


def _expired(peer: StripePeer, sold: Sold) -> None:
    client_of(peer).v1.checkout.sessions.expire(sold.session)


BEFALLS: dict[Fate, Callable[[StripePeer, Sold], None]] = {
    Fate.PAID: _paid,
    Fate.DECLINED_FIRST: _declined_first,
    Fate.GIVEN_BACK: _given_back,
    Fate.CANCELLED: _cancelled,
    Fate.WON: _disputed(won=True),
    Fate.LOST: _disputed(won=False),
    Fate.EXPIRED: _expired,
}


def strangers(peer: StripePeer) -> None:
    """The same account at the provider takes money for others, too: nothing of that is ours."""
    client: stripe.StripeClient = client_of(peer)
    for card in ("4242424242424242", "4000000000000259"):
        peer.pay(open_session(client).id, card=card)
