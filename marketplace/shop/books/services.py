"""Keeping what a check found, and asking for one."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.books.models import BookCheck
from marketplace.shop.books.rules import SHOWN, Finding
from marketplace.shop.ledger.policies import CHECK_BOOKS

CHECK = "books.check"


def keep(*, findings: Sequence[Finding], at: datetime) -> BookCheck:
    """Write down what was found; of many faults of one check, the first."""
    kept = BookCheck(
        at=at,
        faults=sum(len(finding.faults) for finding in findings),
        findings=[
            {
                "code": finding.code,
                "asked": finding.asked,
                "count": len(finding.faults),
                "faults": [[f.where, f.what, f.figures] for f in finding.faults[:SHOWN]],
            }
            for finding in findings
        ],
    )
    db.session.add(kept)
    return kept


def ask_check(*, by: Actor, at: datetime) -> None:
    """Have the worker look now; asked twice in a minute, it looks once."""
    if not CHECK_BOOKS.held_by(by):
        raise Forbidden
    enqueue(name=CHECK, key=f"{CHECK}:{at:%Y-%m-%dT%H:%M}", at=at)
