"""Jobs as rows: asked once, done at least once, a failure waits and is kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import MOST_ATTEMPTS, run_due
from marketplace.platform.jobs.services import enqueue

LEASE = timedelta(minutes=1)


def ask(key: str, at: datetime, **payload: int) -> None:
    with transaction():
        enqueue(name="add", key=key, at=at, payload=payload)


def test_asked_twice_is_done_once(app: Flask, at: datetime) -> None:
    done: list[Mapping[str, Any]] = []
    ask("one", at, n=1)
    ask("one", at, n=2)
    handlers = {"add": lambda payload, _at: done.append(payload)}
    assert run_due(at, handlers=handlers, lease=LEASE) == 1
    assert run_due(at, handlers=handlers, lease=LEASE) == 0
    assert done == [{"n": 1}]


def test_a_failing_job_waits_and_is_kept_as_failed(app: Flask, at: datetime) -> None:
    ask("one", at)
    when = at
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert run_due(when, handlers={}, lease=LEASE) == 0
        row = db.session.scalars(select(Job)).one()
        assert row.attempts == attempt
        when = row.due_at
    assert row.failed_at is not None
    assert row.last_error == "KeyError('add')"
