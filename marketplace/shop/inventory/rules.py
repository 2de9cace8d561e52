"""The life of a batch: how much of it is left on a day. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ENDING_DAYS = 30  # so long before its last day a batch's end is near; of a short life, its last third


class Freshness(StrEnum):
    """How a batch stands on a day."""

    LASTING = "lasting"  # no day to be sold by
    FRESH = "fresh"
    SHORT = "short"  # less than two thirds of its life is left: distributors often refuse it
    ENDING = "ending"  # its last day is at most 30 days away, and no more than a third of its life
    EXPIRED = "expired"  # past its last day: not sold


@dataclass(frozen=True)
class Life:
    """From the day it was made through the last day it may be sold; either may be unknown."""

    made_on: date | None
    expires_on: date | None

    def days_left(self, on: date) -> int | None:
        """Days from `on` to its last day; 0 on that day itself, negative when it is past."""
        return None if self.expires_on is None else (self.expires_on - on).days

    def share_left(self, on: date) -> float | None:
        """The part of its life still to come, from 0 to 1; None where one of its days is unknown."""
        if self.made_on is None or self.expires_on is None:
            return None
        whole = (self.expires_on - self.made_on).days
        left = (self.expires_on - on).days
        return min(1.0, max(0.0, left / whole)) if whole else float(left >= 0)

    def is_short(self, on: date) -> bool:
        """Whether less than two thirds of its life is left: remaining days < 2/3 of all, in whole days."""
        if self.made_on is None or self.expires_on is None:
            return False
        return 3 * (self.expires_on - on).days < 2 * (self.expires_on - self.made_on).days

    def is_ending(self, on: date) -> bool:
        """Whether its last day is near or past. What lives a week is not near its end the day it was made."""
        left = self.days_left(on)
        if left is None or left > ENDING_DAYS:
            return False
        return self.made_on is None or self.expires_on is None or 3 * left <= (self.expires_on - self.made_on).days

    def freshness(self, on: date) -> Freshness:
        """How it stands on a day, the gravest word that is true."""
        left = self.days_left(on)
        if left is None:
            return Freshness.LASTING
        if left < 0:
            return Freshness.EXPIRED
        if self.is_ending(on):
            return Freshness.ENDING
        return Freshness.SHORT if self.is_short(on) else Freshness.FRESH


def proposed_end(made_on: date, shelf_life_days: int | None) -> date | None:
    """The last day that a label's shelf life gives, the calendar's last at most; None where the label says none."""
    if shelf_life_days is None:
        return None
    return made_on + timedelta(days=min(shelf_life_days, (date.max - made_on).days))


def proposed_code(made_on: date, taken: frozenset[str]) -> str:
    """A code for a batch that was given none: the day it was made, numbered where that is taken."""
    day = f"{made_on:%y%m%d}"
    candidates = (day if n == 1 else f"{day}-{n}" for n in range(1, len(taken) + 2))
    return next(code for code in candidates if code not in taken)
