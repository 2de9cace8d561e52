"""What is answered: who sits where and when, how good that is known to be, and who stays short."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self


class Stage(StrEnum):
    """What the engine is at; told in this order, stages that are not needed left out."""

    WHO = "who"
    WHEN = "when"
    ONE_STAGE = "one_stage"
    FALLBACK = "fallback"
    COMFORT = "comfort"
    TABLES = "tables"
    CHECKING = "checking"


class Method(StrEnum):
    """How the meetings were found."""

    TWO_STAGES = "two stages"
    ONE_STAGE = "one stage"
    GREEDY_FALLBACK = "greedy fallback"


class Reason(StrEnum):
    """Why a producer stays below its floor, the plainest that holds."""

    NOT_AVAILABLE = "not_available"  # it is there in fewer slots than the floor
    NO_PARTNERS = "no_partners"  # fewer buyers may meet it than the floor
    NO_COMMON_SLOT = "no_common_slot"  # fewer of those are there when it is
    PARTNERS_FULL = "partners_full"  # all it has not met have as many meetings as they can
    NO_ROOM = "no_room"  # where both would be free, every table is taken
    CLASHES = "clashes"  # those not yet full are busy whenever it is free


@dataclass(frozen=True, slots=True)
class Seat:
    """A meeting with its place."""

    producer: int
    buyer: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Short:
    """A producer (by index) that gets `missing` meetings fewer than its floor, and why."""

    producer: int
    missing: int
    reason: Reason


@dataclass(frozen=True)
class Timetable:
    """The answer to a problem.

    `merit` is `value` (what the pairs are worth) and `stay` for each former pair that meets again; no timetable that
    serves the floors as well as they can be has more than `bound`, and `gap` is the share of it that may be missing.
    `floors_proven` says that no timetable serves the floors better, `proven` that none of these has more merit.
    `kept`, `moved` and `dropped` are indexes into `former`.
    `idle_before` and `idle_after` count the slots parties wait between their meetings, before and after comfort.
    """

    meetings: tuple[Seat, ...]
    value: int
    merit: int
    bound: int
    gap: float
    proven: bool
    floors_proven: bool
    method: Method
    short: tuple[Short, ...] = ()
    kept: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    idle_before: int = 0
    idle_after: int = 0
    seconds: tuple[tuple[Stage, float], ...] = field(default=(), compare=False)  # of CPU; differs from run to run

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts; `from_json` gives the same timetable again."""
        return {
            "meetings": [[seat.producer, seat.buyer, seat.slot, seat.table] for seat in self.meetings],
            "value": self.value,
            "merit": self.merit,
            "bound": self.bound,
            "gap": self.gap,
            "proven": self.proven,
            "floors_proven": self.floors_proven,
            "method": self.method.value,
            "short": [[short.producer, short.missing, short.reason.value] for short in self.short],
            "kept": list(self.kept),
            "moved": list(self.moved),
            "dropped": list(self.dropped),
            "idle_before": self.idle_before,
            "idle_after": self.idle_after,
            "seconds": [[stage.value, seconds] for stage, seconds in self.seconds],
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The timetable that `to_json` wrote."""
        return cls(
            meetings=tuple(Seat(*seat) for seat in plain["meetings"]),
            method=Method(plain["method"]),
            short=tuple(Short(producer, missing, Reason(reason)) for producer, missing, reason in plain["short"]),
            seconds=tuple((Stage(stage), seconds) for stage, seconds in plain["seconds"]),
            kept=tuple(plain["kept"]),
            moved=tuple(plain["moved"]),
            dropped=tuple(plain["dropped"]),
            value=plain["value"],
            merit=plain["merit"],
            bound=plain["bound"],
            gap=plain["gap"],
            proven=plain["proven"],
            floors_proven=plain["floors_proven"],
            idle_before=plain["idle_before"],
            idle_after=plain["idle_after"],
        )
