"""Slots of a day or days, and how fairly meetings are shared. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_

MOST_SLOTS = 120
MOST_DAYS = 31
LAST_YEAR = 2100
SHORTEST, LONGEST = 10, 120  # minutes of a meeting


@dataclass(frozen=True)
class Hours:
    """The days of a campaign and the hours of each, Vietnam's time. A break is (from, until), nobody meets in it."""

    first_day: date
    last_day: date
    opens: time
    closes: time
    minutes: int  # of one meeting
    pause: int = 0  # minutes between two
    breaks: tuple[tuple[time, time], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain texts and numbers; `from_json` gives the same hours again."""
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "opens": self.opens.isoformat("minutes"),
            "closes": self.closes.isoformat("minutes"),
            "minutes": self.minutes,
            "pause": self.pause,
            "breaks": [[start.isoformat("minutes"), until.isoformat("minutes")] for start, until in self.breaks],
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Hours":
        """The hours that `to_json` wrote."""
        return cls(
            first_day=date.fromisoformat(plain["first_day"]),
            last_day=date.fromisoformat(plain["last_day"]),
            opens=time.fromisoformat(plain["opens"]),
            closes=time.fromisoformat(plain["closes"]),
            minutes=plain["minutes"],
            pause=plain["pause"],
            breaks=tuple((time.fromisoformat(start), time.fromisoformat(until)) for start, until in plain["breaks"]),
        )


def check_hours(hours: Hours) -> None:
    """Days and hours make sense and give from one to 120 slots; raises Invalid by field."""
    wrong = {}
    if hours.first_day.year > LAST_YEAR:
        wrong["first_day"] = N_("Năm bằng bốn chữ số, đến 2100.")
    elif not hours.first_day <= hours.last_day < hours.first_day + timedelta(days=MOST_DAYS):
        wrong["last_day"] = N_("Ngày cuối không trước ngày đầu, cả đợt nhiều nhất 31 ngày.")
    if hours.closes <= hours.opens:
        wrong["closes"] = N_("Giờ kết thúc phải sau giờ bắt đầu.")
    if not SHORTEST <= hours.minutes <= LONGEST:
        wrong["minutes"] = N_("Một cuộc gặp từ 10 đến 120 phút.")
    if not 0 <= hours.pause <= LONGEST:
        wrong["pause"] = N_("Nghỉ giữa hai cuộc từ 0 đến 120 phút.")
    if any(until <= start for start, until in hours.breaks):
        wrong["breaks"] = N_("Giờ nghỉ phải kết thúc sau khi bắt đầu.")
    if wrong:
        raise Invalid(wrong)
    slots = len(slots_of(hours))
    if not 1 <= slots <= MOST_SLOTS:
        raise Invalid({"minutes": N_("Khung giờ này cho ra quá ít hoặc quá nhiều lượt gặp: cần từ 1 đến 120 lượt.")})


def slots_of(hours: Hours) -> list[tuple[datetime, datetime]]:
    """The slots, by time: each as long as a meeting, none touching a break or beyond the closing hour."""
    found = []
    day = hours.first_day
    while day <= hours.last_day:
        starts = _on(day, hours.opens)
        while starts + timedelta(minutes=hours.minutes) <= _on(day, hours.closes):
            ends = starts + timedelta(minutes=hours.minutes)
            meets = [until for start, until in hours.breaks if starts < _on(day, until) and _on(day, start) < ends]
            if meets:
                starts = _on(day, max(meets))
            else:
                found.append((starts, ends))
                starts = ends + timedelta(minutes=hours.pause)
        day += timedelta(days=1)
    return found


def _on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=VIETNAM)


def gini(counts: Sequence[int]) -> Fraction:
    """How unevenly something is shared: 0 all alike, towards 1 one has it all; of nothing, 0 (Gini 1912)."""
    whole, n = sum(counts), len(counts)
    if not whole:
        return Fraction(0)
    ranked = sum(place * count for place, count in enumerate(sorted(counts), start=1))
    return Fraction(2 * ranked, n * whole) - Fraction(n + 1, n)
