"""How a target stands on a day, and what months can be compared. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, sqrt
from statistics import fmean

from scipy.special import stdtrit

from marketplace.office.programme.models import Indicator

BY_ROUNDS = frozenset({Indicator.NEW_PRODUCTS, Indicator.UPGRADES, Indicator.PRIORITY_PRODUCTS})
CONFIDENCE = 0.95
LEAST_PAIRS = 3  # with fewer months on both sides a product is left out


class Standing(StrEnum):
    UNKNOWN = "unknown"  # nothing counts it yet
    NO_TARGET = "no_target"
    REACHED = "reached"
    ON_COURSE = "on_course"  # at least what is due by the day
    WAITING = "waiting"  # behind, but what is in review would make it up
    BEHIND = "behind"
    OUT_OF_REACH = "out_of_reach"  # no round is left, and what is in review is not enough


@dataclass(frozen=True)
class Progress:
    """An indicator of a unit: what is done, what is in review, what the plan asks, how much of the year is over."""

    indicator: Indicator
    done: int | None
    more: int
    least: int | None
    most: int | None
    weight: int
    share: Fraction
    rounds_left: int

    @property
    def due(self) -> int:
        """What ought to be done by the day if the year went evenly: whole things, the broken one not yet."""
        return int((self.least or 0) * self.share)

    @property
    def lacking(self) -> int:
        """How many are missing to what is due."""
        return max(0, self.due - (self.done or 0))

    @property
    def left(self) -> int:
        """How many are missing to the target."""
        return max(0, (self.least or 0) - (self.done or 0))

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        if self.done is None:
            return Standing.UNKNOWN
        if self.least is None:
            return Standing.NO_TARGET
        if self.done >= self.least:
            return Standing.REACHED
        no_way = self.share == 1 or (self.indicator in BY_ROUNDS and self.rounds_left == 0)
        if no_way and self.done + self.more < self.least:
            return Standing.OUT_OF_REACH
        if not self.lacking:
            return Standing.ON_COURSE
        return Standing.WAITING if self.done + self.more >= self.due else Standing.BEHIND

    @property
    def over(self) -> bool:
        """Whether more is done than the plan asked for at most."""
        return self.most is not None and self.done is not None and self.done > self.most

    @property
    def behind(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.standing in (Standing.WAITING, Standing.BEHIND, Standing.OUT_OF_REACH)


def urgency(progress: Progress) -> tuple[int, Fraction, str]:
    """What is behind in the order to look at it: what weighs most, then what lacks the larger part of its target."""
    return (-progress.weight, -Fraction(progress.lacking, progress.least or 1), progress.indicator.value)


def share_of_year(year: int, on: date) -> Fraction:
    """How much of the year is over by the end of the day: 0 before it, 1 after it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (min(on, last) - first).days + 1
    return Fraction(max(0, days), (last - first).days + 1)


def month_number(day: date) -> int:
    """Months counted through, so that a year is twelve."""
    return day.year * 12 + day.month - 1


def month_of(number: int) -> date:
    """The first day of a month counted so."""
    return date(number // 12, number % 12 + 1, 1)


def last_whole_month(on: date) -> int:
    """The last month that is over on the day."""
    return month_number(on) - 1


@dataclass(frozen=True)
class Compared:
    """A product's mean sales a month before and after an event, over so many pairs of the same calendar months."""

    pairs: int
    before: int
    after: int


def compare(sales: Mapping[int, int], *, event: date, on_sale_from: date | None, on: date) -> Compared:
    """The eleven months before the month of the event, each beside the same calendar month a year later.

    The month of the event belongs to neither side. A pair counts where the product was on sale here from the first
    of the earlier month on, and the later month is over; a month without sales counts as none sold.
    """
    at, last = month_number(event), last_whole_month(on)
    if on_sale_from is None:
        return Compared(0, 0, 0)
    opened = month_number(on_sale_from) + (on_sale_from.day > 1)
    pairs = [month for month in range(at - 11, at) if month >= opened and month + 12 <= last]
    if not pairs:
        return Compared(0, 0, 0)
    before, after = (sum(sales.get(month + later, 0) for month in pairs) for later in (0, 12))
    return Compared(len(pairs), round(Fraction(before, len(pairs))), round(Fraction(after, len(pairs))))


@dataclass(frozen=True)
class Change:
    """The mean of several products' changes a month, with the interval that holds the true mean 95 times in 100.

    Student's t with one degree of freedom less than products; None for one product alone.
    """

    products: int
    left_out: int
    before: int
    after: int
    low: int | None
    high: int | None

    @property
    def mean(self) -> int:
        """What a product sells more a month, on average."""
        return self.after - self.before

    @property
    def certain(self) -> bool:
        """Whether the interval lies on one side of nothing."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def change_of(compared: Sequence[Compared]) -> Change:
    """What the products that have months enough come to together; each counts once, however much it sells."""
    counted = [each for each in compared if each.pairs >= LEAST_PAIRS]
    left_out, n = len(compared) - len(counted), len(counted)
    if not n:
        return Change(0, left_out, 0, 0, None, None)
    before, after = (round(fmean(side)) for side in zip(*((each.before, each.after) for each in counted), strict=True))
    if n == 1:
        return Change(1, left_out, before, after, None, None)
    changes = [each.after - each.before for each in counted]
    mean = fmean(changes)
    deviation = sqrt(sum((change - mean) ** 2 for change in changes) / (n - 1))
    wide = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * deviation / sqrt(n)
    return Change(n, left_out, before, after, round(mean - wide), round(mean + wide))


def growth(now: int, before: int) -> int | None:
    """The change in percent, whole; None where nothing was before."""
    return round(Fraction((now - before) * 100, before)) if before else None


def rounds_needed(progress: Progress) -> int | None:
    """How many each round that is left has to bring; None where none is left or none is needed."""
    if progress.indicator not in BY_ROUNDS or not progress.left or not progress.rounds_left:
        return None
    return ceil(Fraction(progress.left, progress.rounds_left))
