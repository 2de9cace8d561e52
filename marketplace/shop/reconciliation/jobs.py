"""The worker's part: each night, once the books were read, look whether the three lists tell the same."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.log import log
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.reconciliation.queries import list_open
from marketplace.shop.reconciliation.rules import alarms

CHECK = "reconciliation.check"
NIGHT = timedelta(hours=3)  # after midnight in the province: the providers' books are read at one


def watch_accounts(at: datetime) -> int:
    """Ask once a night for a look; called every minute. Answers whether it was asked for now."""
    day = day_of(at)
    key = f"{CHECK}:{day}"
    if at < midnight(day) + NIGHT or db.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return 0
    with transaction():
        enqueue(name=CHECK, key=key, at=at)
    return 1


def check_accounts(_payload: Mapping[str, Any], at: datetime) -> None:
    """Say in the log what nobody has explained; what is merely on its way is told as a number."""
    cases = list_open(day_of(at))
    found = {bucket.value: count for bucket, count in alarms(cases).items()}
    if found:
        log.error("accounts do not match", **found)
    else:
        log.info("accounts match", **Counter(case.bucket.value for case in cases))
