"""Reading what the worker does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job


@dataclass(frozen=True)
class WorkerState:
    """The last job that was finished, how many are due and wait, how many were given up."""

    last: Job | None
    due: int
    failed: int


def worker_state(*, at: datetime) -> WorkerState:
    """What the jobs' rows say of the worker now."""
    finished = select(Job).where(Job.finished_at.is_not(None)).order_by(Job.finished_at.desc(), Job.id.desc())
    due = select(func.count(Job.id)).where(Job.finished_at.is_(None), Job.failed_at.is_(None), Job.due_at <= at)
    failed = select(func.count(Job.id)).where(Job.failed_at.is_not(None))
    return WorkerState(
        db.session.scalar(finished.limit(1)), db.session.scalar(due) or 0, db.session.scalar(failed) or 0
    )
