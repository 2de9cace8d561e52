"""A map of points without any foreign server: places over a grid of degrees, with the names that fit. Pure.

Everything is in percent of the picture's width and height, so that lettering keeps its size on any screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, radians

GRID = 0.25  # degrees between two lines
SHAPE = 0.8  # the picture's height to its width, as the style sheet has it
LEAST = 0.2  # degrees across at least, so that a single place is not shown without its surroundings
MARGIN = 0.06  # of the wider side, around all that is shown
ASIDE = 7.0  # how far apart two pins stand at least, in percent
LETTER, LINE = 1.15, 2.6  # how wide a letter, how high a line is, in percent of a map as wide as a desktop's column
Place = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True)
class Frame:
    """What part of the earth is shown."""

    south: float
    west: float
    north: float
    east: float

    def at(self, place: Place) -> tuple[float, float]:
        """Where a place is: percent from the left, percent from the top."""
        latitude, longitude = place
        x = 100 * (longitude - self.west) / (self.east - self.west)
        return round(x, 2), round(100 * (self.north - latitude) / (self.north - self.south), 2)


@dataclass(frozen=True)
class Name:
    """A commune's name on the map; a `minor` one is shown where there is room."""

    text: str
    x: float
    y: float
    minor: bool


@dataclass(frozen=True)
class Pin:
    """A point on the map: its number in the list beside, where it is."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """A whole map: its pins, dots of communes, names, lines of the grid with what they say."""

    pins: tuple[Pin, ...]
    dots: tuple[tuple[float, float], ...]
    names: tuple[Name, ...]
    meridians: tuple[tuple[float, str], ...]
    parallels: tuple[tuple[float, str], ...]


def frame_of(places: Sequence[Place]) -> Frame | None:
    """The part of the earth that shows all these places in the picture's shape, with room around; None without any."""
    if not places:
        return None
    norths, easts = [place[0] for place in places], [place[1] for place in places]
    middle = (min(norths) + max(norths)) / 2, (min(easts) + max(easts)) / 2
    shrink = cos(radians(middle[0]))  # a degree of longitude beside one of latitude
    high, wide = max(norths) - min(norths), (max(easts) - min(easts)) * shrink
    wide = max(wide, high / SHAPE, LEAST) * (1 + 2 * MARGIN)
    half_high, half_wide = wide * SHAPE / 2, wide / shrink / 2
    return Frame(middle[0] - half_high, middle[1] - half_wide, middle[0] + half_high, middle[1] + half_wide)


def draw(pins: Sequence[tuple[int, Place]], communes: Sequence[tuple[str, Place, bool]]) -> Drawn | None:
    """The map of numbered points over communes (name, place, whether a large one); None where nothing has a place."""
    frame = frame_of([*(place for _n, place in pins), *(place for _name, place, _large in communes)])
    if frame is None:
        return None
    shown = tuple(_apart([Pin(number, *frame.at(place)) for number, place in pins]))
    return Drawn(
        shown,
        tuple(frame.at(place) for _name, place, _large in communes),
        tuple(_names(communes, frame, shown)),
        tuple((frame.at((frame.north, degree))[0], said) for degree, said in _lines(frame.west, frame.east)),
        tuple((frame.at((degree, frame.west))[1], said) for degree, said in _lines(frame.south, frame.north)),
    )


def _apart(pins: Iterable[Pin]) -> list[Pin]:
    """Pins that would cover each other stand side by side, the later to the right, or the left at the edge."""
    placed: list[Pin] = []
    for pin in pins:
        step = ASIDE if pin.x < 100 - 3 * ASIDE else -ASIDE
        while any(abs(pin.x - other.x) < ASIDE and abs(pin.y - other.y) < ASIDE for other in placed):
            pin = Pin(pin.number, round(pin.x + step, 2), pin.y)
        placed.append(pin)
    return placed


def _names(communes: Sequence[tuple[str, Place, bool]], frame: Frame, pins: Iterable[Pin]) -> list[Name]:
    """The names that do not run into a pin or each other: large communes first, then as given."""
    line = LINE / SHAPE
    taken = [(pin.x - 2.2, pin.y - 1.2 * line, pin.x + 2.2, pin.y + 0.7 * line) for pin in pins]
    names = []
    for text, place, large in sorted(communes, key=lambda each: not each[2]):
        x, y = frame.at(place)
        wide = len(text) * LETTER
        box = (x - wide / 2, y + 0.7 * line, x + wide / 2, y + 1.6 * line)  # under the pin that may stand there
        if box[0] < 0 or box[2] > 100 or box[3] > 100 or any(_meet(box, other) for other in taken):
            continue
        taken.append(box)
        names.append(Name(text, x, y, not large))
    return names


Box = tuple[float, float, float, float]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lines(low: float, high: float) -> list[tuple[float, str]]:
    """The degrees of the grid within, each as it is said: 103°15′."""
    steps = range(ceil(low / GRID), floor(high / GRID) + 1)
    return [(n * GRID, f"{floor(n * GRID)}°{round(n * GRID % 1 * 60):02d}′") for n in steps]
