"""Reading the three lists and laying them beside each other.

A case is of the day of its first row. Rows are read from some time before and after what is asked for, so that what
belongs together is read together; a payout or remittance is read with everything it carries.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, select

from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.shop.bank.models import BankTransfer
from marketplace.shop.payments.models import Payment
from marketplace.shop.reconciliation.models import Explanation
from marketplace.shop.reconciliation.queries import cards, cash, transfers
from marketplace.shop.reconciliation.rows import Bucket, Case
from marketplace.shop.reconciliation.rules import Known, explain, reconcile
from marketplace.shop.settlements.queries import marks

MARGIN = timedelta(days=62)


def known(today: date) -> Known:
    """To which days the lists reach."""
    read = marks()
    newest = db.session.scalar(select(func.max(BankTransfer.booked_at)))
    return Known(
        today=today,
        provider=day_of(min(read.values())) if read else None,
        bank=day_of(newest) if newest else None,
        words=tuple(read),
    )


def list_cases(first: date, last: date, *, known: Known) -> list[Case]:
    """The cases of these days, both included, with what was explained."""
    since, until = midnight(first - MARGIN), midnight(last + MARGIN)
    lists = [source.rows(since, until) for source in (cards, transfers, cash)]
    here, provider, bank = ([row for rows in lists for row in rows[n]] for n in range(3))
    cases = [case for case in reconcile(here, provider, bank, known) if first <= case.on <= last]
    return explain(cases, _words())


def list_months(today: date) -> Iterator[tuple[date, date]]:
    """The first and last day of every month in which there may be money, the oldest first."""
    begun = db.session.scalar(select(func.min(Payment.created_at)))
    came = db.session.scalar(select(func.min(BankTransfer.booked_at)))
    earliest = min((day_of(at) for at in (begun, came) if at is not None), default=today)
    month = min(earliest, today).replace(day=1)
    while month <= today:
        following = (month + timedelta(days=32)).replace(day=1)
        yield month, following - timedelta(days=1)
        month = following


def list_open(today: date) -> list[Case]:
    """Every case of all time that is not simply matched: month by month, so that years do not fill the memory."""
    reach = known(today)
    return [
        case
        for first, last in list_months(today)
        for case in list_cases(first, last, known=reach)
        if case.bucket is not Bucket.MATCHED
    ]


def _words() -> dict[tuple[str, str], str]:
    rows = db.session.execute(select(Explanation.case_name, Explanation.figures, Explanation.words))
    return {(row.case_name, row.figures): row.words for row in rows}
