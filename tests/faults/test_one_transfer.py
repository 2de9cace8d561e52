"""One transfer, two hands: two workers take it in, two officers decide on it. It counts once.

Each guard is also taken away, and the fault shows.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import BankTransfer, TransferSource
from marketplace.shop.bank.queries import count_all, get_transfer
from marketplace.shop.bank.services import assign, send_back, take_transfers
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.queries import payment_of
from tests.builders import BY, make_offer
from tests.conftest import AT
from tests.databases import KINDS
from tests.faults.test_judged_at_once import house, meet
from tests.money import books, incoming, make_prepaid, make_transfer, offer_transfers

__all__ = ["house"]  # the fixture


def prepaid(house: Flask) -> tuple[str, int]:
    offer_transfers(house)
    payment = make_prepaid((make_offer(at=AT), 1), at=AT, method=PaymentMethod.BANK_TRANSFER)
    return payment.number, payment.amount.amount


@pytest.mark.parametrize("kind", KINDS)
def test_two_workers_take_in_one_transfer(house: Flask, kind: str) -> None:
    with house.app_context():
        number, amount = prepaid(house)
    told = incoming(number, amount, at=AT, reference="FT1")
    came = meet(
        house,
        lambda: take_transfers(incoming=[told], at=AT),
        lambda: take_transfers(incoming=[told], at=AT),
    )
    with house.app_context():
        assert (came, count_all(), books()) == ("done", 1, {"bank": amount, "buyers": amount})


@pytest.mark.parametrize(("kind", "guard"), [(kind, "whole") for kind in KINDS] + [("postgresql", "unheld")])
def test_statement_and_feed_tell_of_one_transfer_at_once(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """They call it differently, so only one block at a time can see that it is one; the twin books it twice."""
    with house.app_context():
        number, amount = prepaid(house)
    day: dict[str, Any] = {"source": TransferSource.STATEMENT, "timed": False}
    feed, file = (
        incoming("tien", amount, at=AT, reference="92704"),
        incoming("tien", amount, at=AT, reference="FT2", **day),
    )
    if guard == "unheld":
        monkeypatch.setattr("marketplace.shop.bank.services.hold_still", lambda _table: None)
    came = meet(
        house,
        lambda: take_transfers(incoming=[feed], at=AT),
        lambda: take_transfers(incoming=[file], at=AT),
        joined=guard == "unheld",
    )
    with house.app_context():
        times = 1 if guard == "whole" else 2
        assert (came, count_all()) == ("done", times)
        assert books() == {"bank": times * amount, "unmatched": times * amount}
        assert payment_of(number).state.value == "awaiting"


def careless(transfer: BankTransfer, amount: Money) -> None:
    """`_claim` by what was read before."""
    db.session.execute(update(BankTransfer).where(BankTransfer.id == transfer.id).values(allocated=amount))
    db.session.refresh(transfer)


@pytest.mark.parametrize("guard", ["whole", "unclaimed"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_officer_assigns_what_the_other_sends_back(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        number, amount = prepaid(house)
        code = make_transfer("tien", amount, at=AT).code
    if guard == "unclaimed":
        monkeypatch.setattr("marketplace.shop.bank.services._claim", careless)
    came = meet(
        house,
        lambda: assign(code=code, number=number, amount=Money(amount), by=BY, at=AT),
        lambda: send_back(code=code, amount=Money(amount), bank_reference="FT9", by=BY, at=AT),
    )
    with house.app_context():
        pieces = len(get_transfer(code).allocations)
        if guard == "whole":
            assert (came, pieces) == ("409 transfer_not_left", 1)
            assert books() == {"bank": amount, "buyers": amount}
        else:  # the fault: the money is the order's, and it went out as well
            assert (came, pieces) == ("done", 2)
            assert books() == {"buyers": amount, "unmatched": -amount}
