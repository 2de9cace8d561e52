"""The worker's part: each night, and when asked, look whether the books hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.log import log
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.books.queries import verify
from marketplace.shop.books.services import CHECK, keep

NIGHT = timedelta(hours=2)  # after midnight in the province


def watch_books(at: datetime) -> int:
    """Ask once a night for a check; called every minute. Answers whether it was asked for now."""
    day = day_of(at)
    key = f"{CHECK}:{day}"
    if at < midnight(day) + NIGHT or db.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return 0
    with transaction():
        enqueue(name=CHECK, key=key, at=at)
    return 1


def check_books(_payload: Mapping[str, Any], at: datetime) -> None:
    """Look at every invariant, keep what was found, and say in the log what does not hold."""
    findings = verify(at=at)
    with transaction():
        keep(findings=findings, at=at)
    broken = {finding.code: len(finding.faults) for finding in findings if finding.faults}
    if broken:
        log.error("books do not hold", **broken)
    else:
        log.info("books hold")
