"""What may be shown at an edition and what it lacks, the order of scores, the room that quotas leave. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from marketplace.platform.core.clock import midnight
from marketplace.platform.core.words import N_
from marketplace.registry.certification.rules import Standing, Term, newest, standing


class Lack(StrEnum):
    """Why a product may not be shown."""

    NOT_VERIFIED = "not_verified"
    NO_CERTIFICATE = "no_certificate"
    ENDS_EARLY = "ends_early"
    FEW_STARS = "few_stars"
    NOT_WANTED = "not_wanted"


LACKS = {
    Lack.NOT_VERIFIED: N_("Nơi làm chưa được xác minh."),
    Lack.NO_CERTIFICATE: N_("Không có chứng nhận OCOP còn hiệu lực vào ngày khai mạc."),
    Lack.ENDS_EARLY: N_("Chứng nhận hết hiệu lực trước ngày bế mạc."),
    Lack.FEW_STARS: N_("Hạng sao thấp hơn mức hội chợ đặt ra."),
    Lack.NOT_WANTED: N_("Hội chợ này không mời bộ sản phẩm ấy."),
}


@dataclass(frozen=True)
class Asked:
    """What an edition asks of a product. `sets`: none named is all."""

    first_day: date
    last_day: date
    least_stars: int
    sets: frozenset[str]


def lacking(certificates: Sequence[Term], *, set_code: str, verified: bool, asked: Asked) -> tuple[Lack, ...]:
    """What a product with these certificates lacks to be shown; nothing: it may be."""
    found = [] if verified else [Lack.NOT_VERIFIED]
    first, last = (_in_force(certificates, day) for day in (asked.first_day, asked.last_day))
    if first is None:
        found.append(Lack.NO_CERTIFICATE)
    elif last is None:
        found.append(Lack.ENDS_EARLY)
    elif min(first.stars, last.stars) < asked.least_stars:
        found.append(Lack.FEW_STARS)
    if asked.sets and set_code not in asked.sets:
        found.append(Lack.NOT_WANTED)
    return tuple(found)


def _in_force(certificates: Sequence[Term], on: date) -> Term | None:
    counting = newest(certificates, on)
    if counting is None or standing(counting, certificates, on) is not Standing.IN_FORCE:
        return None
    return counting


def score_of(points: Mapping[int, Collection[int]]) -> Fraction | None:
    """The sum over criteria of the mean of what officers gave; None where nobody has given anything."""
    means = [Fraction(sum(given), len(given)) for given in points.values() if given]
    return sum(means, Fraction(0)) if means else None


@dataclass(frozen=True)
class Scored:
    """An application as ranking sees it."""

    id: int
    score: Fraction | None
    submitted_at: datetime


def ranks(entries: Iterable[Scored]) -> dict[int, int]:
    """Each application's rank from 1: the higher score first, of equal ones the earlier; the unscored last."""
    ordered = sorted(entries, key=lambda each: (each.score is None, -(each.score or 0), each.submitted_at, each.id))
    return {each.id: number for number, each in enumerate(ordered, start=1)}


def taken(placed: Iterable[Iterable[str]]) -> Counter[str]:
    """How many exhibitors count in each place, of the marks of each of them."""
    return Counter(mark for marks in placed for mark in marks)


def full(marks: Iterable[str], *, used: Mapping[str, int], quotas: Mapping[str, int]) -> tuple[str, ...]:
    """The places among `marks` that have no room for one more."""
    return tuple(mark for mark in marks if mark in quotas and used.get(mark, 0) >= quotas[mark])


def answer_until(at: datetime, *, days: int, first_day: date) -> datetime:
    """How long an offer made now stands: so many days, and never into the fair's first day."""
    return min(at + timedelta(days=days), midnight(first_day))
