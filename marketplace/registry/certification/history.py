"""A product's certificates through time: which raised or lowered its stars, and where each lies on a ladder. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.rules import Standing, intervals, standing


class Change(StrEnum):
    """What a certificate was to the one before it."""

    FIRST = "first"
    RAISED = "raised"
    LOWERED = "lowered"
    RENEWED = "renewed"


@dataclass(frozen=True)
class Step:
    """One certificate. `start` and `width` are shares in percent of the ladder's days; width 0: it never counted."""

    certificate: Certificate
    standing: Standing
    change: Change
    start: float
    width: float
    today: float


def steps(certificates: Sequence[Certificate], on: date) -> list[Step]:
    """All certificates of a product, newest first."""
    ordered = sorted(certificates, key=lambda c: (c.issued_on, c.id))
    if not ordered:
        return []
    first = ordered[0].issued_on
    last = max(on, *(c.expires_on for c in ordered)) + timedelta(days=1)
    whole = (last - first).days

    def share(day: date) -> float:
        return round((day - first).days * 100 / whole, 2)

    counted = {i.certificate_id: i for i in intervals(ordered)}
    found = []
    for position, c in enumerate(ordered):
        interval = counted.get(c.id)
        width = share(interval.last + timedelta(days=1)) - share(interval.first) if interval else 0.0
        change = _change(ordered[position - 1].stars, c.stars) if position else Change.FIRST
        today = max(0.0, share(on))
        found.append(Step(c, standing(c, ordered, on), change, share(c.issued_on), round(width, 2), today))
    return found[::-1]


def _change(before: int, after: int) -> Change:
    if after == before:
        return Change.RENEWED
    return Change.RAISED if after > before else Change.LOWERED
