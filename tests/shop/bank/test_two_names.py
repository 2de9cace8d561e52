"""Statement and feed tell of the same transfers, by the same numbers and by others: each counts once, none is lost."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from marketplace.platform.core.db import transaction
from marketplace.shop.bank.models import TransferSource
from marketplace.shop.bank.queries import count_all
from marketplace.shop.bank.rules import Incoming
from marketplace.shop.bank.services import take_transfers
from marketplace.shop.orders.models import PaymentMethod
from tests.builders import make_offer
from tests.money import books, incoming, make_prepaid, offer_transfers

NOON, DAY = "feed", "statement"


@pytest.fixture
def told(app: Flask, at: datetime) -> Any:
    """Tell of transfers for one order, `source:number` each: the feed knows the minute, the statement the day alone."""
    offer_transfers(app)
    payment = make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)
    note, amount = payment.number.replace("-", ""), payment.amount.amount
    how: dict[str, dict[str, Any]] = {
        NOON: {"source": TransferSource.FEED, "timed": True, "booked_at": at},
        DAY: {"source": TransferSource.STATEMENT, "timed": False, "booked_at": at.replace(hour=1)},
    }

    def tell(*names: str) -> None:
        rows: list[Incoming] = []
        for name in names:
            source, _, reference = name.partition(":")
            rows.append(incoming(note, amount, at=at, reference=reference, **how[source]))
        with transaction():
            take_transfers(incoming=rows, at=at)

    def stands() -> tuple[int, int]:
        return count_all(), books()["bank"] // amount

    return tell, stands


@pytest.mark.parametrize(
    "story",
    [
        [["statement:A"], ["feed:A"], ["feed:B"], ["statement:A", "statement:B"]],
        [["feed:A"], ["statement:A", "statement:B"]],
        [["statement:A"], ["feed:B"], ["feed:A"]],
        [["feed:A"], ["statement:B"], ["statement:A", "statement:B"]],
        [["feed:A", "feed:B"], ["statement:A", "statement:B"]],
    ],
)
def test_two_payments_alike_are_two(told: Any, story: list[list[str]]) -> None:
    tell, stands = told
    for names in story:
        tell(*names)
    assert stands() == (2, 2)
    for names in story:
        tell(*names)
    assert stands() == (2, 2)


@pytest.mark.parametrize(
    "story", [[["statement:A"], ["feed:92704"]], [["feed:92704"], ["statement:A"], ["feed:92704"]]]
)
def test_one_payment_by_two_names_is_one(told: Any, story: list[list[str]]) -> None:
    tell, stands = told
    for names in story * 2:
        tell(*names)
    assert stands() == (1, 1)


def test_a_number_that_comes_again_with_another_amount_is_another_transfer(app: Flask, at: datetime) -> None:
    offer_transfers(app)
    for _ in range(2):
        for amount in (1_000, 999_000):
            with transaction():
                take_transfers(incoming=[incoming("x", amount, at=at, reference="HX2")], at=at)
    assert (count_all(), books()["bank"]) == (2, 1_000_000)
