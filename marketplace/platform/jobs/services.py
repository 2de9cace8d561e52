"""Asking for work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.db import announce, db
from marketplace.platform.jobs.models import Job


def enqueue(
    *, name: str, key: str, at: datetime, payload: Mapping[str, Any] | None = None, due_at: datetime | None = None
) -> None:
    """Ask in the open block for the job `name`. The same `key` again is the same piece of work, asked once."""
    if db.session.scalar(select(Job.id).where(Job.key == key)) is None:
        db.session.add(Job(name=name, key=key, payload=dict(payload or {}), created_at=at, due_at=due_at or at))
        announce("jobs")
