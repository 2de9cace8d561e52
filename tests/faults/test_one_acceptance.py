"""The buyer accepts while the producer sends a new version: never is a superseded version accepted.

And a purchase agreed on is ordered once, from whatever baskets. The same with the guards off must fail.
"""

from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.ids import new_token
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.shop.pricing.services import use_agreed
from marketplace.trade.deals.models import Quotation, QuoteState
from marketplace.trade.deals.services import accept_quote, order_agreed, send_quote
from tests.conftest import AT
from tests.dealing import agreed, make_road, quote, terms
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together

TRIES = 40
A_LOOK = 0.05  # seconds between looking and answering


@pytest.mark.parametrize("guarded", [True, False])
def test_the_accepted_version_is_the_newest(shop: Flask, guarded: bool) -> None:
    """One sends the second version, the others accept the first: it is accepted, or superseded, never both."""
    with shop.app_context():
        road = make_road(at=AT)
        quote(road, at=AT)
        typed, buyer, seller = terms(road.variant, (100, 60_000)), road.buyer.actor(), road.seller.actor()

    def accepted_too_late(n: int) -> bool:
        seen = db.session.scalar(select(Quotation.state).where(Quotation.number == 1))
        sleep(A_LOOK if guarded or n == 0 else 1)  # without a guard a slow one is sure to come late
        try:
            with transaction():
                if n == 0:
                    send_quote(code=road.code, terms=typed, after=1, by=seller, at=AT)
                    return False
                if guarded:
                    accept_quote(code=road.code, number=1, by=buyer, at=AT)
                elif seen is QuoteState.SENT:
                    first = update(Quotation).where(Quotation.number == 1)
                    db.session.execute(first.values(state=QuoteState.ACCEPTED, answered_at=AT))
                else:
                    return False
                return db.session.scalar(select(Quotation.id).where(Quotation.number == 2)) is not None
        except Refusal:
            return False

    late = together(shop, accepted_too_late, TRIES)
    assert late == 0 if guarded else late > 0
    with shop.app_context():
        assert db.session.scalar(select(func.count(Quotation.id))) == 2


@pytest.mark.parametrize("guarded", [True, False])
def test_an_agreed_purchase_is_used_once(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        road = make_road(at=AT)
        agreed(road, at=AT)
        with transaction():
            row = order_agreed(code=road.code, quantity=100, token=new_token(), by=road.buyer.actor(), at=AT)

    def use(n: int) -> bool:
        seen = db.session.scalar(select(AgreedPrice.used_at))
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    use_agreed([row.id], user_id=road.buyer.id, on=AT.date(), at=AT)
                elif seen is None:
                    db.session.execute(update(AgreedPrice).values(used_at=AT))
                else:
                    return False
        except Refusal:
            return False
        return True

    used = together(shop, use, TRIES)
    assert used == 1 if guarded else used > 1


def test_pressed_many_times_one_purchase_waits(shop: Flask) -> None:
    with shop.app_context():
        road = make_road(at=AT)
        agreed(road, at=AT)

    def press(n: int) -> bool:
        with transaction():
            order_agreed(code=road.code, quantity=100 + n, token="one", by=road.buyer.actor(), at=AT)
        return True

    assert together(shop, press, TRIES) == TRIES
    with shop.app_context():
        assert db.session.scalar(select(func.count(AgreedPrice.id))) == 1
