"""A worker killed at random instants loses no message and no job; one that marks first, loses what it held.

`FAULT_ROUNDS=long` (as `make faults` sets it) kills a hundred times on each database, otherwise three times.
"""

import asyncio
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from config import ROOT
from marketplace.app import create_app
from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.catalog.models import Variant
from marketplace.shop.fulfilment.services import confirm_part, deliver_part, ship_part
from marketplace.shop.orders.models import PartEvent, PartState
from tests.builders import make_offer, make_order, make_producer, make_user
from tests.conftest import AT
from tests.databases import KINDS, new_database, settings_for

KILLS = 100 if os.environ.get("FAULT_ROUNDS") == "long" else 3
LONG_AGO = timedelta(days=30)
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
CARELESS_WORKER = [sys.executable, "-m", "tests.faults.careless_worker"]


class Postbox:
    """The handler of a real SMTP server: keeps what it took in, slowly enough to be caught in the act."""

    def __init__(self) -> None:
        self.taken: dict[str, list[bytes]] = defaultdict(list)
        self.busy = threading.Event()
        self.slowness = 0.01

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.busy.set()
        content = envelope.content
        assert isinstance(content, bytes)
        await asyncio.sleep(self.slowness)
        message_id = next(line for line in content.splitlines() if line.lower().startswith(b"message-id:"))
        self.taken[message_id.split(b":", 1)[1].strip().decode()].append(content)
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A mail server on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, postbox: tuple[Postbox, int]) -> Iterator[Flask]:
    """A database of its own that the worker's process shares with the test, and a short lease."""
    name = f"killed-{request.param}"
    mail_url = f"smtp://127.0.0.1:{postbox[1]}"
    settings = settings_for(new_database(request.param, "killed"), name, mail_url=mail_url, worker_lease=1)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def start(app: Flask, command: list[str]) -> "subprocess.Popen[bytes]":
    """The command as a process of its own, on the application's settings."""
    settings = app.config["SETTINGS"]
    environment = os.environ | {
        "MARKETPLACE_ENV": "testing",
        "DATABASE_URL": settings.database_url,
        "MAIL_URL": settings.mail_url,
        "SEARCH_URL": settings.search_url,
        "QUEUE_PATH": settings.queue_path,
        "WORKER_LEASE": "1",
    }
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def an_order_is_delivered(goods: Variant, seller: Actor) -> None:
    """Five letters and a job that is due: the part was delivered more than a week ago."""
    at = AT - LONG_AGO
    number = make_order((goods, 1), at=at).number
    with transaction():
        confirm_part(number=number, position=1, by=seller, at=at)
        ship_part(number=number, position=1, carrier="Bưu điện", tracking_number="", by=seller, at=at)
        deliver_part(number=number, position=1, by=seller, at=at)


def left_over() -> int:
    """Letters and jobs that nobody has finished."""
    db.session.rollback()
    mails = db.session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None))) or 0
    return mails + (db.session.scalar(select(func.count()).where(Job.finished_at.is_(None))) or 0)


@pytest.fixture
def trade(shop: Flask) -> Callable[[], None]:
    """Have one order delivered, of a producer on the shop's database."""
    seller = make_user(Role.PRODUCER, at=AT - LONG_AGO, email="seller@example.com")
    producer = make_producer(at=AT - LONG_AGO, user=seller)
    goods = make_offer(at=AT - LONG_AGO, producer=producer, stock=1000)
    return lambda: an_order_is_delivered(goods, seller.actor())


def test_nothing_is_lost_when_the_worker_is_killed(
    shop: Flask, postbox: tuple[Postbox, int], trade: Callable[[], None]
) -> None:
    box, dice = postbox[0], random.Random(2026)
    for _ in range(KILLS):
        trade()
        trade()
        box.busy.clear()
        worker = start(shop, WORKER)
        box.busy.wait(timeout=30)
        time.sleep(dice.uniform(0, 0.25))
        worker.kill()
        worker.wait()
    time.sleep(1.1)  # the killed one's leases run out
    worker = start(shop, WORKER)
    try:
        wait_until(lambda: left_over() == 0)
    finally:
        worker.kill()
        worker.wait()
    written = set(db.session.scalars(select(OutgoingMail.message_id)))
    assert set(box.taken) == written
    assert len(written) == KILLS * 2 * 5
    again = [copies for copies in box.taken.values() if len(copies) > 1]
    assert all(len(set(copies)) == 1 for copies in again), "a repeat is the same message to the byte"
    assert sum(len(copies) - 1 for copies in again) <= 3 * (KILLS + 1), "each of the three hands held at most one"
    completed = select(func.count()).where(PartEvent.state == PartState.COMPLETED)
    assert db.session.scalar(completed) == KILLS * 2


@pytest.mark.parametrize(("command", "lost"), [(WORKER, 0), (CARELESS_WORKER, 1)])
def test_marking_after_sending_is_what_holds(
    shop: Flask, postbox: tuple[Postbox, int], trade: Callable[[], None], command: list[str], lost: int
) -> None:
    box = postbox[0]
    trade()
    box.slowness = 1.5  # killed while the server still reads the first message …
    worker = start(shop, command)
    assert box.busy.wait(timeout=30)
    worker.kill()
    worker.wait()
    box.slowness = 0
    time.sleep(2)
    box.taken.clear()  # … and the server drops what was cut off
    worker = start(shop, command)
    try:
        wait_until(lambda: left_over() == 0 or worker.poll() is not None)  # the careless one ends by itself
    finally:
        worker.kill()
        worker.wait()
    written = set(db.session.scalars(select(OutgoingMail.message_id)))
    assert len(written - set(box.taken)) == lost
