"""A fair's busiest hour over HTTP: people ask for tickets, two gates let them in, our server in two processes.

`FAULT_ROUNDS=long` (as `make faults` sets it): 10,000 registrations and 20,000 check-ins on each database; otherwise 60
and 120. Every ticket is shown twice, in an order of its own at each gate, so that each pair of scans is a race.
"""

import http.client
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import time
from http.cookies import SimpleCookie
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import db, transaction
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.visitors.models import Admission, Outcome, Registration, Scan, Ticket
from tests.databases import KINDS, new_database, settings_for
from tests.fairing import edition_facts, make_edition
from tests.faults.card_shop import LONG, let_go
from tests.faults.web_server import web_server
from tests.visiting import device_at, signed

PEOPLE = 10_000 if LONG else 60
SENDERS, A_BATCH = 16, 50


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application that takes each sender's address from its proxy, so that nobody is slowed down for another."""
    kind = request.param
    settings = settings_for(new_database(kind, "gate"), f"gate-{kind}", queue_path="", trusted_proxies=1)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    yield app
    let_go(app)


def open_fair() -> Edition:
    """An edition that is under way today, from midnight to midnight, with as many tickets as people will ask for."""
    at = now()
    edition = make_edition(at=at, most_visitors=PEOPLE, **_ahead())
    with transaction():
        row = db.session.get_one(Edition, edition.id)
        row.first_day = row.last_day = day_of(at)
        row.opens, row.closes, row.state = time(0), time(23, 59, 59), EditionState.RUNNING
    return row


def _ahead() -> dict[str, Any]:
    """Days that planning takes: they lie ahead, whenever this runs."""
    usual, at = edition_facts(), now()
    away = day_of(at) - usual.applications_from.date()
    shift = {"first_day": usual.first_day + away, "last_day": usual.last_day + away}
    return {
        **shift,
        "applications_from": usual.applications_from + away,
        "applications_until": usual.applications_until + away,
    }


def side_by_side(work: Callable[[int], object], times: int) -> None:
    """`work(0) … work(times - 1)` by so many threads."""
    numbers, lock = iter(range(times)), threading.Lock()
    troubles: list[BaseException] = []

    def go() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                work(number)
            except BaseException as trouble:
                troubles.append(trouble)
                return

    threads = [threading.Thread(target=go) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


def ask(port: int, slug: str, number: int) -> int:
    """One person opens the form and sends it; the answer's status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    mine = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
    try:
        line.request("GET", f"/fairs/{slug}/ticket", headers=mine)
        page = line.getresponse()
        cookies = SimpleCookie("; ".join(page.headers.get_all("Set-Cookie") or []))
        hidden = dict(re.findall(r'type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page.read().decode()))
        typed = {**hidden, "name": f"Khách {number}", "phone": f"09{number:08}", "people": "1", "kind": "buyer"}
        held = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        kind = "application/x-www-form-urlencoded"
        line.request("POST", f"/fairs/{slug}/ticket", urlencode(typed), {**mine, "Cookie": held, "Content-Type": kind})
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


def show(port: int, token: str, texts: list[str], first: int) -> list[str]:
    """A batch of scans as a gate sends it; what came of each."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    at = now().isoformat()
    scans = [{"id": str(UUID(int=first + n)), "text": text, "at": at} for n, text in enumerate(texts)]
    try:
        line.request(
            "POST", f"/checkin/{token}/scans", json.dumps({"scans": scans}), {"Content-Type": "application/json"}
        )
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:300]
        return [each["result"] for each in json.loads(body)["results"]]
    finally:
        line.close()


def test_everybody_has_one_ticket_and_goes_in_once(town: Flask) -> None:
    with town.app_context():
        edition = open_fair()
        gates = [device_at(edition, at=now(), name=f"Cổng {n}") for n in range(2)]
    statuses: Counter[int] = Counter()
    with web_server(town) as port:
        side_by_side(lambda n: statuses.update([ask(port, edition.slug, n)]), PEOPLE + SENDERS)
        with town.app_context():
            tickets = list(db.session.scalars(select(Ticket).order_by(Ticket.id)))
            texts = [signed(edition, each) for each in tickets]
        let_go(town)
        came = send_all(port, gates, texts)
    assert statuses == {302: PEOPLE, 422: SENDERS}  # the last few came too late
    assert came == {Outcome.OK.value: PEOPLE, Outcome.DOUBLE.value: PEOPLE}
    with town.app_context():
        held = [db.session.scalar(select(func.count()).select_from(each)) for each in (Registration, Ticket, Admission)]
        assert held == [PEOPLE, PEOPLE, PEOPLE]
        assert db.session.scalar(select(func.count(Scan.id))) == 2 * PEOPLE


def send_all(port: int, gates: list[str], texts: list[str]) -> dict[str, int]:
    """Every ticket at both gates, each in an order of its own, in batches side by side; how often each answer came."""
    batches = []
    for number, gate in enumerate(gates):
        mine = Random(number).sample(texts, len(texts))
        batches += [(gate, mine[at : at + A_BATCH], number * len(texts) + at) for at in range(0, len(mine), A_BATCH)]
    Random(9).shuffle(batches)
    came: Counter[str] = Counter()
    lock = threading.Lock()

    def work(n: int) -> None:
        answers = show(port, *batches[n])
        with lock:
            came.update(answers)

    side_by_side(work, len(batches))
    return dict(came)
