"""The clock is read at the edge and handed in as `at`; rules and services never read it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, aware UTC. Only views, jobs and commands call it."""
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The calendar day in Vietnam at an instant: the day that decides what is in force."""
    return at.astimezone(VIETNAM).date()


def midnight(day: date) -> datetime:
    """The first instant of a Vietnamese calendar day, aware UTC."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)
