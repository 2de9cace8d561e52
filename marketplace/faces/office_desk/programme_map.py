"""Communes as points on a drawing of ours: placed by their coordinates, sized by what is certified there."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from marketplace.office.programme.register import Place

WIDTH, MARGIN = 100.0, 6.0
SMALLEST, LARGEST = 1.1, 3.6


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
    wests, norths = [x for _place, x, _y in known], [y for _place, _x, y in known]
    narrowed = cos(radians((min(norths) + max(norths)) / 2))
    across = max((max(wests) - min(wests)) * narrowed, 0.01)
    scale = (WIDTH - 2 * MARGIN) / across
    most = max(place.products for place in places) or 1
    points = [
        Point(
            place,
            round(MARGIN + (x - min(wests)) * narrowed * scale, 2),
            round(MARGIN + (max(norths) - y) * scale, 2),
            round(SMALLEST + (LARGEST - SMALLEST) * sqrt(place.products / most), 2),
        )
        for place, x, y in known
    ]
    height = round((max(norths) - min(norths)) * scale + 2 * MARGIN, 2)
    return Drawing(height, tuple(sorted(points, key=lambda point: (-point.radius, point.place.commune.code))))
