"""What keeps the shop quick while a provider is not: after three failures it rests, then one call tries."""

from contextlib import ExitStack
from datetime import datetime

import pytest
from flask import Flask

from marketplace.platform.core.db import WriteOutsideBlock, let_go, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.paying import NotReached, pay
from marketplace.shop.payments.providers.breaker import Breaker
from marketplace.shop.payments.providers.interface import ProviderDown
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.setup import offered
from tests.builders import make_offer
from tests.money import make_prepaid
from tests.peers.stripe.running import StripePeer


def goes_through(breaker: Breaker) -> bool:
    try:
        with breaker.call():
            return True
    except ProviderDown:
        return False


def test_after_three_failures_it_rests_then_one_call_tries() -> None:
    breaker = Breaker()
    for _ in range(2):
        breaker.failed()
    assert (breaker.shut, goes_through(breaker)) == (True, True)
    breaker.failed()
    assert (breaker.shut, goes_through(breaker)) == (False, False)
    breaker.open_until = 0  # it has rested
    assert breaker.shut
    assert [goes_through(breaker) for _ in range(3)] == [True, False, False], "the others wait for what the first finds"
    breaker.worked()
    assert [goes_through(breaker) for _ in range(2)] == [True, True]


def test_never_more_than_four_at_a_time() -> None:
    breaker = Breaker(patience=0)
    with ExitStack() as under_way:
        for _ in range(4):
            under_way.enter_context(breaker.call())
        assert not goes_through(breaker)
    assert goes_through(breaker)
    assert breaker.failures == 0, "a full house is no failure of the provider"


def test_a_failure_that_is_remembered_for_one_key_closes_the_way_for_nobody(
    app: Flask, at: datetime, peer: StripePeer, cards: StripeCards
) -> None:
    goods = make_offer(at=at)
    unlucky, other = (make_prepaid((goods, 1), at=at).number for _ in range(2))
    peer.fault("error_before", path="/v1/checkout/sessions")
    for _ in range(5):
        with pytest.raises(NotReached):
            pay(unlucky, at)
    assert PaymentMethod.CARD in offered(Money(50_000))
    assert pay(other, at).url


def test_nobody_is_waited_for_inside_a_block(app: Flask) -> None:
    with pytest.raises(WriteOutsideBlock), transaction():
        let_go()
