"""What a booth is worth as a spot, and which booths are neighbours, from where they stand. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import dist

AISLE = 60  # centimetres: what is nearer stands side by side


@dataclass(frozen=True)
class Box:
    """A rectangle in a hall, centimetres."""

    key: str
    hall: int
    x: int
    y: int
    width: int
    depth: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.depth / 2


def gap(a: Box, b: Box) -> float:
    """The least distance between two boxes of one hall; 0 where they touch."""
    across = max(a.x - (b.x + b.width), b.x - (a.x + a.width), 0)
    along = max(a.y - (b.y + b.depth), b.y - (a.y + a.depth), 0)
    return dist((0, 0), (across, along))


def neighbours(boxes: Sequence[Box]) -> frozenset[tuple[str, str]]:
    """Pairs that stand side by side, no aisle between; corner to corner is not side by side."""
    return frozenset((a.key, b.key) for a, b in combinations(boxes, 2) if a.hall == b.hall and _side_by_side(a, b))


def _side_by_side(a: Box, b: Box) -> bool:
    faces = min(a.x + a.width, b.x + b.width) > max(a.x, b.x) or min(a.y + a.depth, b.y + b.depth) > max(a.y, b.y)
    return faces and gap(a, b) < AISLE


def quality(box: Box, entrances: Collection[Box], *, open_sides: int, reach: float) -> float:
    """How good a spot is, from 0 to 1: six tenths for being near an entrance of its hall, four for open sides.

    `reach`: the longest way in the hall. Without an entrance drawn, every spot is half near.
    """
    ways = [gap(box, door) for door in entrances if door.hall == box.hall]
    near = 1 - min(1.0, min(ways) / reach) if ways and reach > 0 else 0.5
    return round(0.6 * near + 0.4 * min(1.0, (open_sides - 1) / 2), 4)
