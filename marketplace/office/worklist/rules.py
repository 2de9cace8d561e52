"""By which day each kind of waiting work is due. Pure.

Appeals: Luật Khiếu nại 02/2011/QH13, art. 28, thirty days for a first settlement. The others are the office's own
promise, in days of the calendar, so that what people wait for shortest is not left lying longest.
"""

from datetime import date, datetime, timedelta

from marketplace.platform.core.clock import day_of

DAYS = {
    "producer": 5,
    "dossier": 10,
    "appeal": 30,
    "page": 3,
    "distributor": 5,
    "transfer": 2,
    "refund": 3,
    "dispute": 5,
    "payout": 2,
    "review": 3,
}


def due_on(kind: str, since: datetime) -> date:
    """The last day, in Vietnam, on which work that waits since then is in time."""
    return day_of(since) + timedelta(days=DAYS[kind])
