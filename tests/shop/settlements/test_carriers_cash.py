"""What carriers pay in is found on the statement by the bank's number, and is not at the bank twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.bank.models import TransferState
from marketplace.shop.bank.queries import get_transfer
from marketplace.shop.orders.models import Order
from marketplace.shop.payouts.services import note_remittance, settle_remittance
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from marketplace.shop.reconciliation.queries import known, list_cases, list_open
from marketplace.shop.settlements.jobs import fetch_settlements
from marketplace.shop.settlements.models import Arrival
from marketplace.shop.settlements.services import ArrivedBefore, remittance_arrived
from tests.builders import BY, make_user
from tests.money import books, make_transfer
from tests.paying_out import make_maker, sell

CARRIER = "bưu điện"
DAY = timedelta(days=1)


def pays_in(orders: list[Order], at: datetime, *, short: int = 0, reference: str = "FT77") -> str:
    amount = sum(order.total.amount for order in orders) - short
    facts = RemittanceFacts(
        CARRIER, Money(amount), reference, date(2026, 11, 23), [f"{order.number}/1" for order in orders]
    )
    with transaction():
        return note_remittance(facts=facts, by=BY, at=at).code


def buckets(on: date) -> dict[str, int]:
    found: dict[str, int] = {}
    for case in list_cases(on - 30 * DAY, on + 30 * DAY, known=known(on)):
        found[case.bucket.value] = found.get(case.bucket.value, 0) + 1
    return found


def test_the_statement_shows_what_a_carrier_paid_in(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    orders = [sell(maker, units, at=at) for units in (1, 2)]
    total = sum(order.total.amount for order in orders)
    assert buckets(at.date()) == {"on_the_way": 2}
    pays_in(orders, at)
    assert buckets(at.date()) == {"on_the_way": 3}
    came = make_transfer("NOP TIEN THU HO", total, at=at, reference="ft77")
    assert (books()["bank"], books()["unmatched"]) == (2 * total, total), "noted by hand, and told by the bank"
    fetch_settlements({}, at)
    assert "unmatched" not in books()
    assert books()["bank"] == total
    assert get_transfer(came.code).state is TransferState.RESOLVED
    assert buckets(at.date()) == {"matched": 3}
    fetch_settlements({}, at)
    assert db.session.scalar(select(func.count(Arrival.id))) == 1


def test_a_carrier_that_paid_in_too_little_until_it_is_settled(app: Flask, at: datetime) -> None:
    order = sell(make_maker(at=at), at=at)
    code = pays_in([order], at, short=5_000)
    make_transfer("", order.total.amount - 5_000, at=at, reference="FT77")
    fetch_settlements({}, at)
    assert buckets(at.date()) == {"sum_differs": 1, "matched": 1}
    with transaction():
        settle_remittance(code=code, note="Bù bằng FT80", by=BY, at=at)
    assert buckets(at.date()) == {"matched": 2}


def test_another_amount_of_the_same_number_is_told_and_not_booked(app: Flask, at: datetime) -> None:
    order = sell(make_maker(at=at), at=at)
    code = pays_in([order], at)
    transfer = make_transfer("", order.total.amount - 1, at=at, reference="FT77").code
    fetch_settlements({}, at)
    stood = books()
    assert buckets(at.date()) == {"amount_differs": 1, "matched": 1}
    other = make_transfer("", order.total.amount, at=at, reference="FT78").code
    stranger = make_user(Role.PRODUCER, at=at).actor()
    stood = books()
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"code": transfer, "by": BY}, Invalid),
        ({"code": other, "by": stranger}, Forbidden),
        ({"code": other, "by": BY, "remittance": "NOTHING"}, NotFound),
    ]
    for facts, refusal in wrong:
        asked: dict[str, Any] = {"remittance": code, "at": at} | facts
        with pytest.raises(refusal), transaction():
            remittance_arrived(**asked)
    assert books() == stood
    with transaction():
        remittance_arrived(remittance=code, code=other, by=BY, at=at)
    assert books()["bank"] == 2 * order.total.amount - 1
    third = make_transfer("", order.total.amount, at=at).code
    with pytest.raises(ArrivedBefore), transaction():
        remittance_arrived(remittance=code, code=third, by=system("test"), at=at)


def test_money_that_is_read_with_everything_it_belongs_to(app: Flask, at: datetime) -> None:
    """Cash of long ago, paid in today: neither end of it looks alone, whichever month is asked for."""
    maker, before = make_maker(at=at), at - 100 * DAY
    order = sell(maker, at=before)
    assert [case.bucket.value for case in list_open(at.date())] == ["overdue"]
    pays_in([order], at)
    make_transfer("", order.total.amount, at=at, reference="FT77")
    fetch_settlements({}, at)
    assert list_open(at.date()) == []
    for day in (before.date(), at.date()):
        assert {case.bucket.value for case in list_cases(day, day, known=known(at.date()))} == {"matched"}
