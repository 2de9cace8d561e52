"""The worker's part: each night, and when asked, providers' books are read and what came to the bank is found."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.log import log
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.payments.providers.interface import Provider, ProviderDown
from marketplace.shop.payments.services import learn_dispute
from marketplace.shop.payments.setup import providers
from marketplace.shop.settlements.queries import disputes_unknown, read_since
from marketplace.shop.settlements.services import (
    FETCH,
    find_arrivals,
    keep_lines,
    payout_arrived,
    remittance_arrived,
)

NIGHT = timedelta(hours=1)  # after midnight in the province
CLERK = system("settlements")


def watch_settlements(at: datetime) -> int:
    """Ask once a night for the books; called every minute. Answers whether it was asked for now."""
    day = day_of(at)
    key = f"{FETCH}:{day}"
    if at < midnight(day) + NIGHT or db.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return 0
    with transaction():
        enqueue(name=FETCH, key=key, at=at)
    return 1


def fetch_settlements(_payload: Mapping[str, Any], at: datetime) -> None:
    """Read every provider's books, then find on the statement what was on its way.

    A provider that does not answer leaves the job to be tried again, with the rest done.
    """
    down: list[ProviderDown] = []
    for way in providers().values():
        try:
            if way.keeps_books:
                _read(way, at)
        except ProviderDown as error:
            down.append(error)
    _find(at)
    if down:
        raise down[0]


def _read(way: Provider, at: datetime) -> None:
    lines = list(way.list_settlements(read_since(way.name, at)))
    unknown = disputes_unknown(lines)
    contests = [way.fetch_dispute(reference) for reference in unknown]
    for contest in contests:  # its webhook was lost
        with transaction():
            learn_dispute(provider=way.name, contest=contest, at=at)
    with transaction():
        new = keep_lines(provider=way.name, lines=lines, at=at)
    log.info("settlements", provider=way.name, read=len(lines), new=new, disputes=len(contests))


def _find(at: datetime) -> None:
    payouts, remittances = find_arrivals()
    for payout, code in payouts.items():
        with transaction():
            payout_arrived(payout=payout, code=code, by=CLERK, at=at)
    for remittance, code in remittances.items():
        with transaction():
            remittance_arrived(remittance=remittance, code=code, by=CLERK, at=at)
