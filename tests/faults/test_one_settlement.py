"""Two workers read one provider's books, two hands say which transfer a payout is, two officers set one day's rate.

Each counts once. Each guard is also taken away: what is then left is the database's own, and it refuses whole.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import CommissionRate
from marketplace.shop.ledger.services import set_commission
from marketplace.shop.payments.providers.interface import LineKind, Settlement
from marketplace.shop.settlements.models import Arrival, ProviderLine
from marketplace.shop.settlements.services import keep_lines, payout_arrived
from tests.builders import BY
from tests.conftest import AT
from tests.databases import KINDS
from tests.faults.test_judged_at_once import house, meet, unlocked
from tests.money import books, make_transfer

__all__ = ["house"]  # the fixture


def line(name: str, kind: LineKind, amount: int, source: str = "") -> Settlement:
    arrives = day_of(AT) if kind is LineKind.PAYOUT else None
    return Settlement(name, kind, source, None, Money(amount), Money(0), None, AT, arrives)


@pytest.mark.parametrize(("kind", "guard"), [(kind, "whole") for kind in KINDS] + [("postgresql", "unheld")])
def test_two_workers_read_one_providers_books(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    lines = [line("txn_1", LineKind.FEE, -7_000), line("txn_2", LineKind.OTHER, 500)]
    if guard == "unheld":
        monkeypatch.setattr("marketplace.shop.settlements.services.lines.hold_still", lambda _table: None)
    came = meet(
        house,
        lambda: keep_lines(provider="stripe", lines=lines, at=AT),
        lambda: keep_lines(provider="stripe", lines=lines, at=AT),
    )
    with house.app_context():
        assert came == ("done" if guard == "whole" else "IntegrityError")
        assert db.session.scalar(select(func.count(ProviderLine.id))) == 2
        assert books() == {"provider_fees": 7_000, "unmatched": 500, "provider:stripe": -6_500}


@pytest.mark.parametrize(("kind", "guard"), [(kind, "whole") for kind in KINDS] + [("postgresql", "unheld")])
def test_two_hands_say_which_transfer_a_payout_is(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        with transaction():
            keep_lines(provider="stripe", lines=[line("txn_1", LineKind.PAYOUT, -9_000, "po_1")], at=AT)
        codes = [make_transfer("STRIPE", 9_000, at=AT).code for _ in range(2)]
    if guard == "unheld":
        monkeypatch.setattr("marketplace.shop.settlements.services.arrivals.held", unlocked)
    came = meet(
        house,
        lambda: payout_arrived(payout="po_1", code=codes[0], by=BY, at=AT),
        lambda: payout_arrived(payout="po_1", code=codes[1], by=BY, at=AT),
    )
    with house.app_context():
        assert came == ("409 arrived_before" if guard == "whole" else "IntegrityError")
        assert db.session.scalar(select(func.count(Arrival.id))) == 1
        assert books() == {"bank": 18_000, "unmatched": 9_000, "provider:stripe": -9_000}


@pytest.mark.parametrize("kind", KINDS)
def test_one_transfer_is_not_two_payouts(house: Flask, kind: str) -> None:
    with house.app_context():
        with transaction():
            lines = [line(f"txn_{n}", LineKind.PAYOUT, -9_000, f"po_{n}") for n in range(2)]
            keep_lines(provider="stripe", lines=lines, at=AT)
        code = make_transfer("STRIPE", 9_000, at=AT).code
    came = meet(
        house,
        lambda: payout_arrived(payout="po_0", code=code, by=BY, at=AT),
        lambda: payout_arrived(payout="po_1", code=code, by=BY, at=AT),
    )
    with house.app_context():
        assert came == "409 transfer_not_left"
        assert books() == {"bank": 9_000, "provider:stripe": -9_000}


def careless(values: dict[str, Any]) -> bool:
    """`_set_rate` that looks first and writes afterwards."""
    day = select(CommissionRate.id).where(CommissionRate.valid_from == values["valid_from"])
    made = insert(CommissionRate).values(**values).returning(CommissionRate.id)
    return db.session.scalar(day) is None and db.session.scalar(made) is not None


@pytest.mark.parametrize("guard", ["whole", "careless"])
@pytest.mark.parametrize("kind", KINDS)
def test_two_officers_set_one_days_rate(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    if guard == "careless":
        monkeypatch.setattr("marketplace.shop.ledger.services._set_rate", careless)
    facts: dict[str, Any] = {"producer_id": None, "valid_from": day_of(AT), "reason": "QĐ 1", "by": BY, "at": AT}
    came = meet(house, lambda: set_commission(**facts, rate_bp=100), lambda: set_commission(**facts, rate_bp=200))
    with house.app_context():
        met = guard == "careless" and kind == "postgresql"  # SQLite has one writer: the second one looks afterwards
        assert came == ("IntegrityError" if met else "422 invalid")
        assert db.session.scalars(select(CommissionRate.rate_bp)).all() == [100]
