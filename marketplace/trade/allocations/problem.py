"""What the optimiser is asked: stands and what they offer, exhibitors and what they need, what counts how much. Pure.

The value of a placing is the sum over exhibitors of named parts, each in [0, 1], times their weights, minus, for every
two exhibitors who compete (they show a common product set), what it costs to have them where they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any


class Gathering(StrEnum):
    """How product sets lie in the zones, as the officer chooses."""

    SPREAD = "spread"  # each set in every zone
    GROUPED = "grouped"  # each set together in one zone
    FREE = "free"


class Need(StrEnum):
    """What a stand must offer."""

    POWER = "power"
    WATER = "water"
    COLD = "cold"
    AREA = "area"


@dataclass(frozen=True)
class Stand:
    """A booth that may be given. `quality` in [0, 1]: how good the spot is; `area` in square centimetres."""

    key: str
    zone: str = ""
    power_w: int = 0
    water: bool = False
    cold: bool = False
    area: int = 90_000
    corner: bool = False
    quality: float = 0.5


@dataclass(frozen=True)
class Exhibitor:
    """Who is to be placed. `area` needed, square centimetres; `wishes`: zones and stands, the first rank most.

    `merit`: who goes first where not all fit, the higher the earlier. `owed` in [0, 1]: how poor its place was last
    time. `pinned`: the stand the office wants it in. `former`: where the last run put it.
    """

    key: str
    sets: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    power_w: int = 0
    water: bool = False
    cold: bool = False
    area: int = 0
    wishes: tuple[str, ...] = ()
    corner: bool = False
    merit: float = 0.0
    owed: float = 0.0
    pinned: str = ""
    former: str = ""

    def lacks(self, stand: Stand) -> tuple[Need, ...]:
        """The hard needs that a stand does not meet."""
        missing = []
        if self.power_w > stand.power_w:
            missing.append(Need.POWER)
        if self.water and not stand.water:
            missing.append(Need.WATER)
        if self.cold and not stand.cold:
            missing.append(Need.COLD)
        if self.area > stand.area:
            missing.append(Need.AREA)
        return tuple(missing)

    def competes_with(self, other: "Exhibitor") -> bool:
        """Whether they show a common product set."""
        return bool(self.sets & other.sets)


@dataclass(frozen=True)
class Weights:
    """How much each part counts, 0 to 100; `apart`: what two competing neighbours cost."""

    wish: int = 40
    corner: int = 10
    owed: int = 20
    thrift: int = 10  # not taking power, water or cold that one does not need
    stay: int = 20  # where the last run put it
    gather: int = 30
    apart: int = 50


@dataclass(frozen=True)
class Problem:
    """Everything the optimiser is told. `beside`: pairs of stands that are neighbours; `quotas`: most of each place."""

    stands: tuple[Stand, ...]
    exhibitors: tuple[Exhibitor, ...]
    beside: frozenset[tuple[str, str]] = frozenset()
    quotas: Mapping[str, int] = field(default_factory=dict)
    gathering: Gathering = Gathering.FREE
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        stands, exhibitors = {s.key for s in self.stands}, {e.key for e in self.exhibitors}
        if len(stands) < len(self.stands) or len(exhibitors) < len(self.exhibitors):
            raise ValueError("a key comes twice")
        pins = [each.pinned for each in self.exhibitors if each.pinned]
        if len(set(pins)) < len(pins) or not set(pins) <= stands:
            raise ValueError("two are pinned to one stand, or one to none that is there")
        if not all(a in stands and b in stands and a != b for a, b in self.beside):
            raise ValueError("neighbours that are not there")

    def to_json(self) -> dict[str, Any]:
        """As a run keeps it."""
        return {
            "stands": [asdict(stand) for stand in self.stands],
            "exhibitors": [
                {**asdict(each), "sets": sorted(each.sets), "places": sorted(each.places)} for each in self.exhibitors
            ],
            "beside": sorted(list(pair) for pair in self.beside),
            "quotas": dict(sorted(self.quotas.items())),
            "gathering": self.gathering.value,
            "weights": asdict(self.weights),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Problem":
        """As it was given to `to_json`."""
        return cls(
            stands=tuple(Stand(**each) for each in kept["stands"]),
            exhibitors=tuple(_exhibitor(each) for each in kept["exhibitors"]),
            beside=frozenset((a, b) for a, b in kept["beside"]),
            quotas=dict(kept["quotas"]),
            gathering=Gathering(kept["gathering"]),
            weights=Weights(**kept["weights"]),
        )

    @property
    def unplaced(self) -> "Problem":
        """The same with nobody pinned and nobody placed before: what stays alike while booths are given."""
        return replace(self, exhibitors=tuple(replace(each, pinned="", former="") for each in self.exhibitors))

    @property
    def digest(self) -> str:
        """The same for the same problem."""
        return sha256(dumps(self.to_json(), sort_keys=True).encode()).hexdigest()


def _exhibitor(kept: Mapping[str, Any]) -> Exhibitor:
    sets: Collection[str] = kept["sets"]
    return Exhibitor(
        **{
            **kept,
            "sets": frozenset(sets),
            "places": frozenset(kept["places"]),
            "wishes": tuple(kept["wishes"]),
        }
    )
