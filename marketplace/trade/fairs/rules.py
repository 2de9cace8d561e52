"""Places that quotas count in, sessions of a programme and what changed between two releases. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Any

from marketplace.people.places.models import AdministrativeUnit

OUTSIDE = "outside"  # the quota of everybody from another province


def marks_of(commune: AdministrativeUnit, *, province_code: str) -> tuple[str, ...]:
    """The places a producer of this commune counts in: the commune and its former district, or OUTSIDE.

    Its province and former district are loaded.
    """
    if commune.parent is None or commune.parent.code != province_code:
        return (OUTSIDE,)
    marks = [f"{commune.system}:{commune.code}"]
    if commune.former_district is not None:
        marks.append(f"{commune.former_district.system}:{commune.former_district.code}")
    return tuple(marks)


@dataclass(frozen=True)
class Session:
    """An item of a programme as it was released."""

    code: str
    title: str
    title_en: str
    about: str
    about_en: str
    place: str
    speaker: str
    starts_at: datetime
    ends_at: datetime
    seats: int | None

    def to_json(self) -> dict[str, Any]:
        """As a release keeps it."""
        return {**asdict(self), "starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Session":
        """As it was given to `to_json`."""
        times = {name: datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at")}
        return cls(**{**kept, **times})


class ChangeKind(StrEnum):
    NEW = "new"
    MOVED = "moved"  # another time or place
    REWORDED = "reworded"  # anything else
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """What a release changed about one item."""

    code: str
    title: str
    kind: ChangeKind


def changes_between(before: Sequence[Session], after: Sequence[Session]) -> list[Change]:
    """What changed, in the order of the new programme, then what is gone."""
    old = {each.code: each for each in before}
    there = {each.code for each in after}
    changes = []
    for each in after:
        kind = _kind(old.get(each.code), each)
        if kind:
            changes.append(Change(each.code, each.title, kind))
    gone = [Change(each.code, each.title, ChangeKind.GONE) for each in before if each.code not in there]
    return changes + gone


def _kind(before: Session | None, after: Session) -> ChangeKind | None:
    if before is None:
        return ChangeKind.NEW
    if before == after:
        return None
    moved = (before.starts_at, before.ends_at, before.place) != (after.starts_at, after.ends_at, after.place)
    return ChangeKind.MOVED if moved else ChangeKind.REWORDED


def clashes(items: Collection[Session]) -> list[tuple[Session, Session]]:
    """Pairs of items at one place that overlap in time, or in which one person speaks twice; a warning, no refusal."""
    ordered = sorted(items, key=lambda each: (each.starts_at, each.code))
    return [
        (first, second)
        for first, second in combinations(ordered, 2)
        if second.starts_at < first.ends_at
        and (first.place == second.place or (first.speaker and first.speaker == second.speaker))
    ]
