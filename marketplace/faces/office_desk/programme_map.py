"""Communes as points on a drawing of ours: placed by their coordinates, sized by what is certified there.

Where points would lie on one another they are pushed apart, as little as it takes, as in Dorling's cartograms
(Area Cartograms: Their Use and Creation, 1996).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, dist, radians, sqrt

from marketplace.office.programme.register import Place

WIDTH, MARGIN = 100.0, 6.0
EMPTY, SMALLEST, LARGEST = 1.1, 2.0, 3.6  # the smallest with a product has room for its number
BETWEEN, ROUNDS = 0.3, 60  # the least room between two points; how often they are pushed at most


@dataclass(frozen=True)
class Point:
    """A commune on the drawing."""

    place: Place
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Drawing:
    """The drawing's height, a hundred wide; its points, the largest first, so that small ones lie on top."""

    height: float
    points: tuple[Point, ...]


def drawn(places: Sequence[Place]) -> Drawing:
    """The places whose coordinates are known. A degree of longitude is as wide as it is at their latitude."""
    known = [
        (place, place.commune.longitude, place.commune.latitude)
        for place in places
        if place.commune.longitude is not None and place.commune.latitude is not None
    ]
    if not known:
        return Drawing(0, ())
    spots, height = _placed([(x, y, place.products) for place, x, y in known])
    points = [Point(place, *spot) for (place, _x, _y), spot in zip(known, spots, strict=True)]
    return Drawing(height, tuple(sorted(points, key=lambda point: (-point.radius, point.place.commune.code))))


def _placed(known: Sequence[tuple[float, float, int]]) -> tuple[list[tuple[float, float, float]], float]:
    """Where each point lies and how large it is, and the drawing's height, of longitude, latitude and number."""
    wests, norths, numbers = zip(*known, strict=True)
    narrowed = cos(radians((min(norths) + max(norths)) / 2))
    across = max((max(wests) - min(wests)) * narrowed, 0.01)
    scale = (WIDTH - 2 * MARGIN) / across
    most = max(numbers) or 1
    radii = [SMALLEST + (LARGEST - SMALLEST) * sqrt(n / most) if n else EMPTY for n in numbers]
    spots = [[MARGIN + (x - min(wests)) * narrowed * scale, MARGIN + (max(norths) - y) * scale] for x, y, _n in known]
    height = (max(norths) - min(norths)) * scale + 2 * MARGIN
    _push_apart(spots, radii)
    placed = [(round(x, 2), round(y, 2), round(radius, 2)) for (x, y), radius in zip(spots, radii, strict=True)]
    return placed, round(height, 2)


def _push_apart(spots: list[list[float]], radii: list[float]) -> None:
    """Move each two that lie on one another away from one another, along the line between them, until none do."""
    for _ in range(ROUNDS):
        still = True
        for (i, one), (j, other) in combinations(enumerate(spots), 2):
            apart = dist(one, other)
            lacking = radii[i] + radii[j] + BETWEEN - apart
            if lacking > 0.01:
                still = False
                for axis in (0, 1):
                    push = (other[axis] - one[axis]) / apart * lacking / 2 if apart else lacking / 2 * axis
                    one[axis] -= push
                    other[axis] += push
        if still:
            return
