"""A floor plan as a picture: halls and booths in the units of the page, who stands there, what was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.rules import BoothPlan, LandmarkPlan, Layout

UNIT = 64 / 300  # a booth of three metres is 64 units wide
LETTER = 6.4  # units that a letter of a name takes
LONGEST = 10  # letters of a name on a booth
LANDMARKS = {
    LandmarkKind.ENTRANCE: _l("Cửa vào"),
    LandmarkKind.STAGE: _l("Sân khấu"),
    LandmarkKind.DESK: _l("Quầy hướng dẫn"),
    LandmarkKind.FOOD: _l("Khu ăn uống"),
    LandmarkKind.TOILET: _l("Nhà vệ sinh"),
    LandmarkKind.FIRST_AID: _l("Y tế"),
    LandmarkKind.WALL: _l("Tường"),
}


@dataclass(frozen=True)
class Shape:
    """A booth or landmark on the page. `state`: placed, free or blocked; a landmark's kind."""

    code: str
    label: str
    x: int
    y: int
    width: int
    depth: int
    state: str
    name: str = ""  # of who stands there
    short: str = ""  # as much of it as there is room for
    found: bool = False


@dataclass(frozen=True)
class Picture:
    """A hall on the page."""

    number: int
    name: str
    name_en: str
    width: int
    depth: int
    booths: list[Shape]
    marks: list[Shape]


def pictures(layout: Layout, names: Mapping[str, str], found: Collection[str] = ()) -> list[Picture]:
    """Every hall, with the names of who stands where by the booth's code; `found` booths stand out."""
    halls = []
    for number, hall in enumerate(layout.halls):
        booths = [_booth(each, names.get(each.code, ""), found) for each in layout.booths if each.hall == number]
        marks = [_mark(each) for each in layout.landmarks if each.hall == number]
        size = _units(hall.width), _units(hall.depth)
        halls.append(Picture(number, hall.name, hall.name_en, *size, booths, marks))
    return halls


def _booth(booth: BoothPlan, name: str, found: Collection[str]) -> Shape:
    x, y, width, depth = map(_units, (booth.x, booth.y, booth.width, booth.depth))
    state = "blocked" if booth.blocked else "placed" if name else "free"
    room = max(3, min(LONGEST, int((width - 4) / LETTER)))
    short = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    return Shape(
        booth.code, booth.label, x, y, width, depth, state, name, short if depth >= 30 else "", booth.code in found
    )


def _mark(mark: LandmarkPlan) -> Shape:
    x, y, width, depth = map(_units, (mark.x, mark.y, mark.width, mark.depth))
    return Shape("", mark.label or str(LANDMARKS[mark.kind]), x, y, width, depth, mark.kind.value)


def _units(length: int) -> int:
    return round(length * UNIT)
