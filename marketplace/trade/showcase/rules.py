"""When a point is open, in Vietnam's time. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from marketplace.platform.core.clock import VIETNAM

AHEAD_DAYS = 60  # how far is looked for the next opening
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Open from `opens` to `closes` on a day of the week (Monday is 0); closing before opening means past midnight.

    From midnight to midnight is the whole day.
    """

    weekday: int
    opens: time
    closes: time

    @property
    def empty(self) -> bool:
        """Whether it opens and closes at once."""
        return self.opens == self.closes != time(0)


@dataclass(frozen=True)
class Closure:
    """Days on which it does not open, both included; a night that began the day before is still finished."""

    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True)
class Opening:
    """Whether it is open, and until when; or when it opens next, if that is known. `reason`: why it is closed today."""

    open: bool
    until: datetime | None = None
    again: datetime | None = None
    reason: str = ""


def opening(spans: Sequence[Span], closures: Sequence[Closure], at: datetime) -> Opening:
    """What is true at an instant. Spans that touch or overlap are one: it closes at the last one's end."""
    today = at.astimezone(VIETNAM).date()
    reason = next((each.reason for each in closures if each.first_day <= today <= each.last_day), "")
    for start, end in _joined(_stretches(spans, closures, today - DAY, AHEAD_DAYS + 1)):
        if start <= at < end:
            return Opening(True, until=end)
        if start > at:
            return Opening(False, again=start, reason=reason)
    return Opening(False, reason=reason)


def _stretches(
    spans: Sequence[Span], closures: Sequence[Closure], first: date, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Each time it is open, by beginning."""
    for n in range(days + 1):
        day = first + n * DAY
        if any(each.first_day <= day <= each.last_day for each in closures):
            continue
        for span in sorted((s for s in spans if s.weekday == day.weekday()), key=lambda s: s.opens):
            ends = day if span.closes > span.opens else day + DAY
            yield datetime.combine(day, span.opens, VIETNAM), datetime.combine(ends, span.closes, VIETNAM)


def _joined(stretches: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    current: tuple[datetime, datetime] | None = None
    for start, end in stretches:
        if current and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def overlap(spans: Sequence[Span]) -> bool:
    """Whether two times of one day of the week run into each other; past midnight counts to the day's end."""
    for day in range(7):
        ordered = sorted((s for s in spans if s.weekday == day), key=lambda s: s.opens)
        for first, second in pairwise(ordered):
            if first.closes <= first.opens or second.opens < first.closes:
                return True
    return False
