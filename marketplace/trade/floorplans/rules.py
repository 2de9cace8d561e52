"""A plan as it is drawn: what may be saved, rows of booths, the grid, who stands beside whom. Lengths: centimetres."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from pydantic import TypeAdapter

from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.trade.floorplans.models import LandmarkKind

GRID = 25
MOST_BOOTHS, MOST_HALLS, MOST_LANDMARKS = 600, 20, 100
MOST_PRICE, MOST_POWER = 1_000_000_000, 100_000
WHOLE = ""  # messages about the plan as a whole
OVERLAP = N_("Gian này chồng lên gian khác.")
OUTSIDE_HALL = N_("Nằm ngoài sảnh.")
SAME_LABEL = N_("Số gian này đã có ở gian khác.")
NO_LABEL = N_("Đặt số gian từ 1 đến 12 ký tự.")
SIZES = N_("Mỗi cạnh từ 0,5 đến 50 mét.")
AMOUNTS = N_("Giá từ 0 đến 1 tỉ đồng, điện từ 0 đến 100.000 W, mặt mở từ 1 đến 4.")
NO_HALL = N_("Gian này không ở sảnh nào.")
SAME_CODE = N_("Một gian có hai lần trong bản vẽ.")
HALL_SIZES = N_("Sảnh cần tên, và mỗi cạnh từ 1 đến 500 mét.")
LANDMARK_SIZES = N_("Mỗi mốc nằm trọn trong sảnh, cạnh từ 0,2 mét, tên nhiều nhất 60 ký tự.")
TOO_MANY = N_("Nhiều nhất 20 sảnh, 600 gian và 100 mốc.")


class Box(Protocol):
    """What lies in a hall."""

    @property
    def hall(self) -> int: ...
    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def depth(self) -> int: ...


@dataclass(frozen=True)
class HallPlan:
    """A hall as drawn; its number is its place in the layout."""

    name: str
    width: int
    depth: int
    name_en: str = ""


@dataclass(frozen=True)
class BoothPlan:
    """A booth as drawn. `code`: its own for ever, or whatever the drawer calls a new one. `zone`: a zone's number."""

    code: str
    hall: int
    label: str
    x: int
    y: int
    width: int
    depth: int
    price: int = 0
    power_w: int = 0
    water: bool = False
    cold: bool = False
    open_sides: int = 1
    zone: int | None = None
    blocked: bool = False


@dataclass(frozen=True)
class LandmarkPlan:
    """What else stands in a hall."""

    hall: int
    kind: LandmarkKind
    x: int
    y: int
    width: int
    depth: int
    label: str = ""


@dataclass(frozen=True)
class Layout:
    """A whole plan."""

    halls: tuple[HallPlan, ...] = ()
    booths: tuple[BoothPlan, ...] = ()
    landmarks: tuple[LandmarkPlan, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a saved plan keeps it and the page draws it."""
        kept: dict[str, Any] = _reader().dump_python(self, mode="json")
        return kept

    @classmethod
    def from_json(cls, kept: object) -> "Layout":
        """What `to_json` gave, or a page sent; raises ValueError where it is no plan. Names come composed (NFC)."""
        said = _reader().validate_python(kept)
        return cls(
            tuple(replace(each, name=nfc(each.name), name_en=nfc(each.name_en)) for each in said.halls),
            tuple(replace(each, label=nfc(each.label)) for each in said.booths),
            tuple(replace(each, label=nfc(each.label)) for each in said.landmarks),
        )


@cache
def _reader() -> TypeAdapter[Layout]:
    return TypeAdapter(Layout)


class Direction(StrEnum):
    """Where a row goes on."""

    RIGHT = "right"
    DOWN = "down"


def check_layout(layout: Layout) -> dict[str, str]:
    """What is wrong, by the booth's code, by `hall-0`, `landmark-0`, or under WHOLE; nothing where it may be saved."""
    if len(layout.booths) > MOST_BOOTHS or len(layout.halls) > MOST_HALLS or len(layout.landmarks) > MOST_LANDMARKS:
        return {WHOLE: TOO_MANY}
    codes = Counter(each.code for each in layout.booths)
    if any(times > 1 for times in codes.values()):
        return {WHOLE: SAME_CODE}
    wrong = {each.code: OVERLAP for pair in overlaps(layout) for each in pair}
    wrong |= {f"hall-{n}": HALL_SIZES for n, hall in enumerate(layout.halls) if not _hall_stands(hall)}
    marks = enumerate(layout.landmarks)
    wrong |= {f"landmark-{n}": LANDMARK_SIZES for n, mark in marks if not _mark_stands(layout, mark)}
    labels = Counter(each.label.casefold() for each in layout.booths)
    for each in layout.booths:
        told = _wrong_of(layout, each) or (SAME_LABEL if labels[each.label.casefold()] > 1 else "")
        if told:
            wrong[each.code] = told
    return wrong


def _wrong_of(layout: Layout, booth: BoothPlan) -> str:
    """What is wrong with a booth by itself."""
    if not 1 <= len(booth.label) <= 12 or not booth.label.isprintable():
        return NO_LABEL
    if not (50 <= booth.width <= 5000 and 50 <= booth.depth <= 5000):
        return SIZES
    if not (0 <= booth.price <= MOST_PRICE and 0 <= booth.power_w <= MOST_POWER and 1 <= booth.open_sides <= 4):
        return AMOUNTS
    if not 0 <= booth.hall < len(layout.halls):
        return NO_HALL
    return "" if _within(layout.halls[booth.hall], booth) else OUTSIDE_HALL


def _hall_stands(hall: HallPlan) -> bool:
    named = 1 <= len(hall.name) <= 80 and len(hall.name_en) <= 80 and (hall.name + hall.name_en).isprintable()
    return named and 100 <= hall.width <= 50_000 and 100 <= hall.depth <= 50_000


def _mark_stands(layout: Layout, mark: LandmarkPlan) -> bool:
    if not 0 <= mark.hall < len(layout.halls) or len(mark.label) > 60 or not mark.label.isprintable():
        return False
    return mark.width >= 20 and mark.depth >= 20 and _within(layout.halls[mark.hall], mark)


def _within(hall: HallPlan, box: Box) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.width <= hall.width and box.y + box.depth <= hall.depth


def overlaps(layout: Layout) -> list[tuple[BoothPlan, BoothPlan]]:
    """Pairs that lie over each other in one hall; to touch is no overlap."""
    return [
        (a, b) for a, b in _near(layout.booths) if b.x < a.x + a.width and a.y < b.y + b.depth and b.y < a.y + a.depth
    ]


def _near(booths: Sequence[BoothPlan]) -> Iterator[tuple[BoothPlan, BoothPlan]]:
    """Pairs of one hall that no gap from left to right parts, the one further left first."""
    ordered = sorted(booths, key=lambda each: (each.hall, each.x, each.code))
    for at, a in enumerate(ordered):
        for b in ordered[at + 1 :]:
            if b.hall != a.hall or b.x > a.x + a.width:
                break
            yield a, b


def row_of(first: BoothPlan, count: int, gap: int, direction: Direction) -> list[BoothPlan]:
    """`count` booths like the first, `gap` between them, numbered on from its label: A1, A2, A3; A09, A10."""
    stem, number = _numbered(first.label)
    step = gap + (first.width if direction is Direction.RIGHT else first.depth)
    row = []
    for n in range(count):
        label = f"{stem}{int(number) + n:0{len(number)}}"
        across, down = (step * n, 0) if direction is Direction.RIGHT else (0, step * n)
        code = f"new-{label}" if n else first.code
        row.append(replace(first, code=code, label=label, x=first.x + across, y=first.y + down))
    return row


def _numbered(label: str) -> tuple[str, str]:
    """A label's stem and number; one without a number begins at 1."""
    found = re.fullmatch(r"(.*?)([0-9]{1,6})", label)
    return (found[1], found[2]) if found else (label, "1")
