"""Booking: once, balanced, for ever."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import ProducerKind
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.ledger.models import Account, AccountKind, CommissionRate, Entry, Transfer
from marketplace.shop.ledger.queries import (
    balance,
    balances,
    commission_on,
    count_lines,
    entries_about,
    list_commission_rates,
    list_lines,
    rates_of,
    terms_of_parts,
)
from marketplace.shop.ledger.rules import BANK, BUYERS, FEES, Move, Rates, carrier, producer, received
from marketplace.shop.ledger.services import BookedOtherwise, Event, book, book_all, set_commission
from tests.builders import BY, make_offer, make_order, make_producer, make_user


def paid(key: str, amount: int, at: datetime, reference: str = "2611-AAAAAA") -> bool:
    with transaction():
        return book(key=key, kind="payment", reference=reference, moves=received(BANK, Money(amount)), at=at)


def rows() -> list[int]:
    tables = (Account, Entry, Transfer)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_an_event_is_booked_once(app: Flask, at: datetime) -> None:
    assert paid("payment:1", 95_000, at) is True
    assert paid("payment:1", 95_000, at) is False
    assert rows() == [2, 1, 1]
    with pytest.raises(BookedOtherwise):
        paid("payment:1", 95_001, at)
    assert rows() == [2, 1, 1]
    assert (balance(BANK), balance(BUYERS)) == (Money(95_000), Money(95_000))


def test_what_moves_nothing_leaves_no_entry(app: Flask, at: datetime) -> None:
    assert paid("payment:1", 0, at) is False
    assert rows() == [0, 0, 0]


def test_many_events_that_move_nothing_leave_no_entry(app: Flask, at: datetime) -> None:
    nothing = Event("payment:1", "payment", "2611-AAAAAA", received(BANK, Money(0)), at)
    with transaction():
        book_all([nothing])
    assert rows() == [0, 0, 0]
    with transaction():
        book_all([nothing, replace(nothing, key="payment:2", moves=received(BANK, Money(5)))])
    assert (rows(), balance(BUYERS)) == ([2, 1, 1], Money(5))


def test_balances_and_lines_of_an_account(app: Flask, at: datetime) -> None:
    owner = make_producer("Hợp tác xã Thử", at=at)
    name = producer(owner.id, owner.slug)
    paid("payment:1", 95_000, at)
    goods = Move(BUYERS, name, Money(90_000), "goods")
    with transaction():
        book(
            key="earned:1",
            kind="earned",
            reference="2611-AAAAAA/1",
            moves=[goods],
            at=at,
        )
    tomorrow = at + timedelta(days=1)
    with transaction():
        book(
            key="back:1",
            kind="undone",
            reference="2611-AAAAAA/1",
            moves=[Move(name, BUYERS, Money(30_000), "goods")],
            at=tomorrow,
            memo="Trả một gói",
        )
    assert balances() == {"bank": Money(95_000), "buyers": Money(35_000), name.code: Money(60_000)}
    assert balances(AccountKind.PRODUCER) == {name.code: Money(60_000)}
    assert balance(name, until=at.date()) == Money(90_000)
    assert balance(FEES) == Money(0)
    assert [(line.what, line.amount, line.other, line.after) for line in list_lines(name)] == [
        ("goods", Money(-30_000), "buyers", Money(60_000)),
        ("goods", Money(90_000), "buyers", Money(90_000)),
    ]
    assert [line.entry.memo for line in list_lines(name, since=tomorrow.date())] == ["Trả một gói"]
    assert [line.amount for line in list_lines(name, until=at.date(), limit=5)] == [Money(90_000)]
    assert (count_lines(name), count_lines(FEES), list_lines(FEES)) == (2, 0, [])
    assert [entry.key for entry in entries_about(["2611-AAAAAA/1"])] == ["earned:1", "back:1"]


def test_the_database_itself_keeps_the_books(app: Flask, at: datetime) -> None:
    paid("payment:1", 95_000, at)
    for statement in (
        update(Transfer).values(amount=Money(1)),
        delete(Transfer),
        update(Entry).values(reference="other"),
        delete(Entry),
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            db.session.execute(statement)
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("UPDATE ledger_transfers SET amount = 0"))
    assert balance(BANK) == Money(95_000)


def test_entries_are_sealed_once_and_the_chain_tells(app: Flask, at: datetime) -> None:
    for n in range(3):
        paid(f"payment:{n}", 1_000 + n, at)
    assert BOOKS.seal_new(at) == 3
    assert BOOKS.seal_new(at) == 0
    assert BOOKS.broken_positions() == []
    position, seal = BOOKS.head()
    assert position == 3
    assert BOOKS.holds_head(3, seal)
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(update(Entry).values(seal="0" * 64))
    with transaction():  # somebody who may take the triggers off
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("DROP TRIGGER ledger_transfers_kept"))
        else:
            db.session.execute(text("ALTER TABLE ledger_transfers DISABLE TRIGGER ledger_transfers_kept"))
        second = select(Entry.id).where(Entry.position == 2).scalar_subquery()
        db.session.execute(update(Transfer).where(Transfer.entry_id == second).values(amount=Money(9)))
    assert BOOKS.broken_positions() == [2]


def test_commission_by_day_and_producer(app: Flask, at: datetime) -> None:
    one, two = make_producer("Một", at=at), make_producer("Hai", at=at)
    keeper = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    day = at.date()

    def rate(bp: int, of: int | None, days: int) -> None:
        with transaction():
            set_commission(
                producer_id=of, valid_from=day + timedelta(days=days), rate_bp=bp, reason="QĐ 1", by=keeper, at=at
            )

    rate(300, None, 1)
    rate(200, one.id, 1)
    rate(500, None, 10)
    rate(100, two.id, 0)
    for of in (None, one.id):
        with pytest.raises(Invalid) as refused:
            rate(400, of, 1)
        assert list(refused.value.fields) == ["valid_from"]
    ids = [one.id, two.id]
    assert commission_on(ids, on=day - timedelta(days=1)) == {one.id: 0, two.id: 0}
    assert commission_on(ids, on=day) == {one.id: 0, two.id: 100}
    assert commission_on(ids, on=day + timedelta(days=1)) == {one.id: 200, two.id: 100}
    assert commission_on(ids, on=day + timedelta(days=10)) == {one.id: 200, two.id: 100}
    assert [row.rate_bp for row in list_commission_rates()] == [500, 300, 200, 100], "the newest first"
    acts = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "commission.set")).all()
    assert acts[0] == {"producer": None, "from": "2026-11-24", "rate_bp": 300, "reason": "QĐ 1"}
    assert len(acts) == 4


def test_commission_is_set_for_the_future_by_those_who_keep_money(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    facts: dict[str, Any] = {
        "producer_id": None,
        "valid_from": date(2026, 11, 24),
        "rate_bp": 300,
        "reason": "QĐ 1",
        "at": at,
    }
    with pytest.raises(Forbidden), transaction():
        set_commission(**facts, by=user.actor())
    with pytest.raises(Invalid) as refused, transaction():
        set_commission(**facts | {"valid_from": date(2026, 11, 22), "rate_bp": 5001, "reason": " "}, by=BY)
    assert sorted(refused.value.fields) == ["rate", "reason", "valid_from"]
    assert db.session.scalar(select(func.count()).select_from(CommissionRate)) == 0


def test_terms_are_frozen_on_the_part_when_it_is_ordered(app: Flask, at: datetime) -> None:
    keeper, variant = make_user(Role.PROVINCE_OFFICER, at=at).actor(), make_offer(at=at)
    tomorrow = at + timedelta(days=1)
    with transaction():
        set_commission(producer_id=None, valid_from=tomorrow.date(), rate_bp=300, reason="QĐ 1", by=keeper, at=at)
    before, after = make_order((variant, 1), at=at), make_order((variant, 1), at=tomorrow)
    ids = [order.parts[0].id for order in (before, after)]
    terms = terms_of_parts([*ids, 0])
    assert [rates_of(terms[part_id]) for part_id in ids] == [Rates(), Rates(300)]
    assert terms[ids[0]].tax_subject == "organisation"
    assert rates_of(None) == Rates()


def test_a_household_has_its_taxes_withheld(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    with transaction():
        db.session.merge(producer).kind = ProducerKind.HOUSEHOLD
    order = make_order((make_offer(at=at, producer=producer), 1), at=at)
    terms = terms_of_parts([order.parts[0].id])[order.parts[0].id]
    assert (rates_of(terms), terms.tax_subject) == (Rates(0, 100, 50), "unknown")


def test_a_carrier_is_one_account_however_it_is_typed(app: Flask, at: datetime) -> None:
    for n, typed in enumerate(("Viettel Post", " viettel  post")):
        with transaction():
            book(key=f"cash:{n}", kind="cash", reference="x", moves=received(carrier(typed), Money(1_000)), at=at)
    assert balances(AccountKind.CARRIER) == {"carrier:viettel post": Money(2_000)}
