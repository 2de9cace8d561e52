"""Fixtures of every test: an application on both databases, a client, a fixed day."""

import re
import sys
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from functools import _lru_cache_wrapper
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from marketplace.faces.office_desk.trail_verbs import DONE
from marketplace.faces.office_desk.trail_words import KINDS as ACTED_ON
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db
from marketplace.platform.web.glue import limiter
from tests.databases import KINDS, migrated_app, rolled_back

AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # Monday noon in Vietnam
TODAY = AT.date()


@pytest.fixture
def at() -> Iterator[datetime]:
    """The instant of the test; the clock stands at it and goes on from there."""
    with time_machine.travel(AT, tick=True):
        yield AT


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, at: datetime) -> Iterator[Flask]:
    """The application on a real, migrated database, once per kind; all that the test writes is undone."""
    application = migrated_app(request.param)
    limiter.enabled = False  # another application of this process may have turned the limits on
    ways = dict(application.extensions["payments"])
    with rolled_back(application):
        yield application
    application.extensions["payments"] = ways  # a test may have offered others


NOT_MEASURED = {"contracts", "faults"}  # they ask everything in turn; what a room promises, its own tests show


GATED = re.compile(r"marketplace\.\w+\.\w+\.(rules|policies|services)\b")
_seen_read: set[Any] = set()


def _kept() -> list[Any]:
    """The functions of gated modules that keep their answer for the process, and were not yet measured giving it."""
    modules = [module for name, module in sys.modules.items() if GATED.match(name)]
    found = {thing for module in modules for thing in vars(module).values() if isinstance(thing, _lru_cache_wrapper)}
    return list(found - _seen_read)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage is measured on SQLite in the tests of rooms and faces: to be traced takes twice the time."""
    tracing = sys.gettrace()
    folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
    usual = folder not in NOT_MEASURED and "postgresql" not in item.name
    if usual or item.get_closest_marker("measured") is not None:
        kept = _kept()
        for reading in kept:
            reading.cache_clear()  # a test that was not measured may have read it first
        try:
            return (yield)
        finally:
            _seen_read.update(reading for reading in kept if reading.cache_info().misses)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracing)


@event.listens_for(AuditEntry, "init")
def _has_words(entry: AuditEntry, arguments: object, facts: dict[str, Any]) -> None:
    """Whatever a test does, the trail can say in words."""
    kind, _dot, done = facts["action"].partition(".")
    assert kind in ACTED_ON, f"{kind}: no words for it in the trail"
    assert done in DONE, f"{done}: no words for it in the trail"


class Client(FlaskClient):
    """A browser without JavaScript: each request in a context of its own; forms carry their CSRF token."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        db.session.expunge_all()  # what the test has read keeps what it showed
        db.session.rollback()  # and its reading ends: the request may write
        with self.application.app_context():
            response = super().open(*arguments, **options)
        db.session.rollback()
        return response


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor with an empty cookie jar."""
    return new_client(app)


def new_client(app: Flask) -> Client:
    """One more visitor."""
    app.test_client_class = Client
    visitor = app.test_client()
    assert isinstance(visitor, Client)
    return visitor
