"""The worker's part: doing due jobs, at least once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from marketplace.platform.core import context
from marketplace.platform.core.db import db, rows_changed, transaction
from marketplace.platform.jobs.models import Job

Handler = Callable[[Mapping[str, Any], datetime], None]
MOST_ATTEMPTS = 8


def run_due(at: datetime, *, handlers: Mapping[str, Handler], lease: timedelta) -> int:
    """Do what is due; answers how many jobs were finished.

    A job is claimed for `lease`, done by its handler (which opens write blocks of its own and may be repeated),
    then marked. One that raises waits, doubling from one minute, and after eight attempts is kept as failed.
    """
    finished = 0
    for job in _due(at):
        if not _claim(job, at, lease):
            continue
        context.begin(f"job-{job.id}")
        try:
            handlers[job.name](job.payload, at)
        except Exception as error:
            _failed(job, at, repr(error))
        else:
            _mark(job, finished_at=at, claimed_until=None, last_error=None)
            finished += 1
    return finished


def _free(at: datetime) -> Any:
    return or_(Job.claimed_until.is_(None), Job.claimed_until <= at)


def _due(at: datetime) -> list[Job]:
    query = (
        select(Job)
        .where(Job.finished_at.is_(None), Job.failed_at.is_(None), Job.due_at <= at, _free(at))
        .order_by(Job.due_at, Job.id)
        .limit(100)
    )
    return list(db.session.scalars(query))


def _claim(job: Job, at: datetime, lease: timedelta) -> bool:
    with transaction():
        claimed = rows_changed(
            update(Job)
            .where(Job.id == job.id, Job.finished_at.is_(None), _free(at))
            .values(claimed_until=at + lease, attempts=Job.attempts + 1)
        )
    return claimed == 1


def _mark(job: Job, **values: object) -> None:
    with transaction():
        db.session.execute(update(Job).where(Job.id == job.id).values(**values))


def _failed(job: Job, at: datetime, error: str) -> None:
    attempt = job.attempts + 1
    _mark(
        job,
        claimed_until=None,
        due_at=at + timedelta(minutes=2 ** (attempt - 1)),
        last_error=error[:2000],
        failed_at=at if attempt >= MOST_ATTEMPTS else None,
    )
