"""Two hundred buyers in 64 processes for ten units: ten are sold. The same with the guard off must oversell."""

import faulthandler
import fcntl
import multiprocessing
import os
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from marketplace.app import create_app
from marketplace.platform.core.access import GUEST, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.shop.checkout.services import place_order
from marketplace.shop.inventory.models import MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.inventory.queries import batches_of, on_hand
from marketplace.shop.inventory.services import BatchFacts, receive_batch, take
from marketplace.shop.orders.models import Order, OrderLine
from tests.builders import fill_basket, make_offer, make_producer, start_checkout
from tests.conftest import AT
from tests.databases import KINDS, migrated_database, settings_for

PROCESSES, BUYERS, UNITS = 64, 200, 10
LATER = AT + timedelta(minutes=1)
Work = Callable[[int], bool]


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A database of its own, so that processes really meet in it."""
    app = create_app(settings_for(migrated_database(request.param, "race"), f"race-{request.param}", queue_path=""))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _patient(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite lets in whoever asks at the right moment: of 64 one may wait longer than any page would."""
    connection.execute("PRAGMA busy_timeout=120000")


def _child(app: Flask, work: Work, mine: list[int], start: Barrier, succeeded: "SimpleQueue[int]") -> None:
    failed = 1
    faulthandler.dump_traceback_later(150, exit=True)  # one that hangs says where
    try:
        with app.app_context():
            db.engine.dispose(close=False)
            if db.engine.dialect.name == "sqlite":
                event.listen(db.engine, "connect", _patient)
            start.wait(120)
            succeeded.put(sum(work(n) for n in mine))
        failed = 0
    except Exception:
        traceback.print_exc()  # the parent shows it where the test fails
    finally:
        os._exit(failed)  # nothing of the parent's is closed twice


def together(app: Flask, work: Work, times: int, *, processes: int = PROCESSES) -> int:
    """Do `work(0) … work(times - 1)` in 64 processes that start at once; answers how many succeeded."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with (Path(tempfile.gettempdir()) / "marketplace-races.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one race at a time: each fills the server's connections and both cores
        return _race(app, work, times, processes)


def _race(app: Flask, work: Work, times: int, processes: int) -> int:
    context = multiprocessing.get_context("fork")
    start, succeeded = context.Barrier(processes), context.SimpleQueue()
    children = [
        context.Process(target=_child, args=(app, work, list(range(i, times, processes)), start, succeeded))
        for i in range(processes)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(180)
    assert [child.exitcode for child in children] == [0] * processes
    return sum(int(succeeded.get()) for _ in children)


def test_two_hundred_buyers_for_ten_units(shop: Flask) -> None:
    with shop.app_context():
        variant = make_offer(at=AT, stock=UNITS)
        checkouts = [start_checkout(fill_basket((variant, 1), at=AT), at=AT) for _ in range(BUYERS)]

    def buy(n: int) -> bool:
        key, fingerprint = checkouts[n]
        try:
            with transaction():
                place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=LATER)
        except Refusal:
            return False
        return True

    assert together(shop, buy, BUYERS) == UNITS
    with shop.app_context():
        assert on_hand([variant.id]) == {variant.id: 0}
        assert db.session.scalar(select(func.sum(OrderLine.quantity))) == UNITS


def test_a_checkout_clicked_in_64_places_is_one_order(shop: Flask) -> None:
    with shop.app_context():
        variant = make_offer(at=AT, stock=UNITS)
        key, fingerprint = start_checkout(fill_basket((variant, 1), at=AT), at=AT)

    def buy(_n: int) -> bool:
        with transaction():
            return bool(place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=LATER).number)

    assert together(shop, buy, PROCESSES) == PROCESSES
    with shop.app_context():
        assert db.session.scalar(select(func.count()).select_from(Order)) == 1
        assert on_hand([variant.id]) == {variant.id: UNITS - 1}


def test_the_same_goods_in_opposite_order_never_deadlock(shop: Flask) -> None:
    with shop.app_context():
        producer = make_producer(at=AT)
        a, b = (make_offer(name, at=AT, producer=producer, stock=BUYERS) for name in "AB")

    def buy(n: int) -> bool:
        pair = (a.id, b.id) if n % 2 else (b.id, a.id)
        with transaction():
            take(dict.fromkeys(pair, 1), reference=str(n), by=GUEST, at=LATER)
        return True

    assert together(shop, buy, BUYERS) == BUYERS
    with shop.app_context():
        assert on_hand([a.id, b.id]) == {a.id: 0, b.id: 0}


@pytest.mark.parametrize("guarded", [True, False])
def test_the_guard_is_what_holds(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        variant = make_offer(at=AT, stock=UNITS)

    def buy(n: int) -> bool:
        seen = on_hand([variant.id])[variant.id]
        try:
            with transaction():
                if guarded:
                    take({variant.id: 1}, reference=str(n), by=GUEST, at=LATER)
                elif seen >= 1:
                    db.session.execute(update(Stock).values(on_hand=seen - 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    sold = together(shop, buy, BUYERS)
    assert sold == UNITS if guarded else sold > UNITS


@pytest.mark.parametrize("guarded", [True, False])
def test_two_batches_are_sold_oldest_first_and_never_more_than_is_there(shop: Flask, guarded: bool) -> None:
    """Of 4 units that end soon, 6 that end later and 5 past their day, ten are sold: the older batch first."""
    with shop.app_context():
        variant = make_offer(at=AT, stock=0)
        today = AT.date()
        lives = (("LATER", 60, UNITS - 4), ("SOON", 20, 4), ("PAST", 0, 5))
        for counts, (code, life, units) in enumerate(lives):
            facts = BatchFacts(units, code, today, today + timedelta(days=life))
            with transaction():
                receive_batch(sku=variant.sku, facts=facts, counts=counts, by=system("race"), at=AT)
    day_after = AT + timedelta(days=1)

    def buy(n: int) -> bool:
        seen = [(b.id, b.units) for b in batches_of([variant.id])[variant.id] if b.code != "PAST"]
        try:
            with transaction():
                if guarded:
                    take({variant.id: 1}, reference=str(n), by=GUEST, at=day_after)
                elif seen:
                    batch, units = seen[0]
                    db.session.execute(update(StockBatch).where(StockBatch.id == batch).values(units=units - 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    sold = together(shop, buy, BUYERS)
    if not guarded:
        assert sold > UNITS
        return
    assert sold == UNITS
    with shop.app_context():
        left = {batch.code: batch.units for batch in batches_of([variant.id], empty=True)[variant.id]}
        assert (left, on_hand([variant.id])) == ({"PAST": 5, "SOON": 0, "LATER": 0}, {variant.id: 5})
        moved = select(StockBatch.code).join(StockMovement.batch).where(StockMovement.kind == MovementKind.SOLD)
        codes = list(db.session.scalars(moved.order_by(StockMovement.id)))
        assert codes == ["SOON"] * 4 + ["LATER"] * (UNITS - 4)
