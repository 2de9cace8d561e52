"""What our adapter relies on at Stripe. Run against the peer in the ordinary suite, and against Stripe's test mode by
`STRIPE_SECRET_KEY=sk_test_… make test-stripe`: what passes here and not there is a mistake of the peer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe

from marketplace.platform.core.clock import now
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money
from marketplace.shop.payments.providers.interface import Asked, ProviderRefused, RefundStanding, Standing
from tests.stripe_itself.conftest import Account

pytestmark = pytest.mark.stripe
Asking = Callable[..., Asked]


def charged(account: Account, amount: int = 150_000, card: str = "pm_card_visa") -> str:
    """A charge on one of Stripe's test cards."""
    params: Any = {
        "amount": amount,
        "currency": "vnd",
        "payment_method": card,
        "confirm": True,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    intent = account.client.v1.payment_intents.create(params)
    assert (intent.status, intent.amount_received) == ("succeeded", amount)
    return str(intent.latest_charge)


def test_a_session_is_opened_and_found_again(account: Account, asked: Asking) -> None:
    opened = account.cards.create(asked())
    assert (opened.url or "").startswith("http")
    fact = account.cards.fetch(opened.reference)
    assert (fact.reference, fact.standing, fact.captured) == (opened.reference, Standing.OPEN, Money(0))
    session = account.client.v1.checkout.sessions.retrieve(opened.reference)
    assert (session.amount_total, session.currency) == (150_000, "vnd"), "dong have no decimals"


def test_the_same_key_is_the_same_session(account: Account, asked: Asking) -> None:
    attempt = asked()
    assert account.cards.create(attempt) == account.cards.create(attempt)


def test_the_same_key_with_another_amount_is_a_conflict(account: Account, asked: Asking) -> None:
    attempt = asked()
    opened = account.cards.create(attempt)
    with pytest.raises(ProviderRefused):
        account.cards.create(asked(160_000, key=attempt.key))
    assert account.client.v1.checkout.sessions.retrieve(opened.reference).amount_total == 150_000


def test_a_cancelled_session_is_expired_and_stays_so(account: Account, asked: Asking) -> None:
    opened = account.cards.create(asked())
    assert account.cards.cancel(opened.reference).standing is Standing.EXPIRED
    assert account.cards.cancel(opened.reference).standing is Standing.EXPIRED
    assert account.cards.fetch(opened.reference).standing is Standing.EXPIRED


def test_an_amount_below_the_least_is_refused(account: Account, asked: Asking) -> None:
    with pytest.raises(ProviderRefused) as refused:
        account.cards.create(asked(100))
    assert refused.value.code == "amount_too_small"


def test_eight_digits_are_the_most(account: Account, asked: Asking) -> None:
    assert account.cards.create(asked(99_999_999)).url
    with pytest.raises(ProviderRefused):
        account.cards.create(asked(100_000_000))


def test_a_refund_of_an_unknown_charge_is_refused(account: Account) -> None:
    with pytest.raises(ProviderRefused) as refused:
        account.cards.refund(key=f"test:{new_token()}", charge="ch_nobodys", amount=Money(20_000))
    assert refused.value.code == "resource_missing"


def test_a_charge_is_refunded_once_for_each_key_and_never_above_it(account: Account) -> None:
    charge = charged(account)
    first, second = f"test:{new_token()}", f"test:{new_token()}"
    sent = account.cards.refund(key=first, charge=charge, amount=Money(50_000))
    assert sent.standing in (RefundStanding.DONE, RefundStanding.PENDING)
    assert account.cards.refund(key=first, charge=charge, amount=Money(50_000)).reference == sent.reference
    assert account.cards.fetch_refund(sent.reference or "").reference == sent.reference
    account.cards.refund(key=second, charge=charge, amount=Money(60_000))
    with pytest.raises(ProviderRefused):
        account.cards.refund(key=f"test:{new_token()}", charge=charge, amount=Money(50_000))
    assert account.client.v1.charges.retrieve(charge).amount_refunded == 110_000


def test_a_refused_card_takes_nothing(account: Account) -> None:
    with pytest.raises(stripe.CardError) as refused:
        charged(account, card="pm_card_visa_chargeDeclined")
    assert refused.value.code == "card_declined"


def test_a_charge_stands_in_the_books(account: Account) -> None:
    since = now() - timedelta(minutes=10)
    charge = charged(account)
    lines = [line for line in account.cards.list_settlements(since) if line.source == charge]
    assert [line.kind for line in lines] == ["charge"]
    assert lines[0].net.amount == lines[0].amount.amount - lines[0].fee.amount
