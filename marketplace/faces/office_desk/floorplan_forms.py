"""What an officer types about a plan where nothing is drawn: a hall, a row of booths, one booth, a landmark."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import read_dong
from marketplace.platform.core.words import N_
from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.rules import BoothPlan, Direction, HallPlan, LandmarkPlan, Layout, row_of

METRES = N_("Ghi số mét, như 3 hoặc 2,5.")
NUMBER = N_("Nhập bằng chữ số.")
AMOUNT = N_("Ghi số tiền, như 500.000.")
MOST_IN_ROW = 100


class _Typed:
    """Reads fields one by one and keeps what could not be read."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form, self.wrong = form, dict[str, str]()

    def line(self, name: str) -> str:
        return nfc(self.form.get(name, ""))

    def metres(self, name: str) -> int:
        """Centimetres."""
        typed = self.line(name).replace(",", ".")
        if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", typed) is None:
            self.wrong[name] = METRES
            return 0
        whole, _mark, part = typed.partition(".")
        return int(whole) * 100 + int(part.ljust(2, "0"))

    def number(self, name: str, usual: str = "0") -> int:
        typed = self.line(name) or usual
        if re.fullmatch(r"[0-9]{1,9}", typed) is None:
            self.wrong[name] = NUMBER
            return 0
        return int(typed)

    def dong(self, name: str) -> int:
        amount = read_dong(self.line(name) or "0")
        if amount is None:
            self.wrong[name] = AMOUNT
            return 0
        return amount.amount

    def ticked(self, name: str) -> bool:
        return bool(self.form.get(name))

    def judge(self) -> None:
        if self.wrong:
            raise Invalid(self.wrong)


def layout_in(form: Mapping[str, str]) -> Layout:
    """The drawing that the page sends; Invalid where it is none."""
    try:
        return Layout.from_json(json.loads(form.get("layout", "")))
    except (ValueError, RecursionError) as error:
        raise Invalid from error


def base_in(form: Mapping[str, str]) -> int:
    """The plan that was begun with; a number that no plan has where none is said."""
    typed = form.get("base", "")
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else -1


def with_hall(layout: Layout, form: Mapping[str, str]) -> Layout:
    """The layout with one more hall."""
    typed = _Typed(form)
    hall = HallPlan(typed.line("name"), typed.metres("width"), typed.metres("depth"), typed.line("name_en"))
    typed.judge()
    return replace(layout, halls=(*layout.halls, hall))


def without_hall(layout: Layout, number: int) -> Layout:
    """The layout without a hall and all that stands in it; those behind it move up."""

    def up(hall: int) -> int:
        return hall - 1 if hall > number else hall

    return Layout(
        tuple(hall for n, hall in enumerate(layout.halls) if n != number),
        tuple(replace(each, hall=up(each.hall)) for each in layout.booths if each.hall != number),
        tuple(replace(each, hall=up(each.hall)) for each in layout.landmarks if each.hall != number),
    )


def with_row(layout: Layout, form: Mapping[str, str]) -> Layout:
    """The layout with a row of booths."""
    typed = _Typed(form)
    first = BoothPlan(
        code="new-0",
        hall=typed.number("hall"),
        label=typed.line("label"),
        x=typed.metres("x"),
        y=typed.metres("y"),
        width=typed.metres("width"),
        depth=typed.metres("depth"),
        price=typed.dong("price"),
        power_w=typed.number("power_w"),
    )
    gap = typed.metres("gap")
    count = typed.number("count", "1")
    if not 1 <= count <= MOST_IN_ROW:
        typed.wrong.setdefault("count", N_("Từ 1 đến 100 gian một dãy."))
    typed.judge()
    direction = Direction.DOWN if form.get("direction") == Direction.DOWN.value else Direction.RIGHT
    return replace(layout, booths=(*layout.booths, *row_of(first, count, gap, direction)))


def with_booth(layout: Layout, code: str, form: Mapping[str, str]) -> Layout:
    """The layout with one booth as typed."""
    typed = _Typed(form)
    said = BoothPlan(
        code=code,
        hall=typed.number("hall"),
        label=typed.line("label"),
        x=typed.metres("x"),
        y=typed.metres("y"),
        width=typed.metres("width"),
        depth=typed.metres("depth"),
        price=typed.dong("price"),
        power_w=typed.number("power_w"),
        water=typed.ticked("water"),
        cold=typed.ticked("cold"),
        open_sides=typed.number("open_sides", "1"),
        zone=typed.number("zone") if typed.line("zone") else None,
        blocked=typed.ticked("blocked"),
    )
    typed.judge()
    return replace(layout, booths=tuple(said if each.code == code else each for each in layout.booths))


def without_booth(layout: Layout, code: str) -> Layout:
    """The layout without a booth."""
    return replace(layout, booths=tuple(each for each in layout.booths if each.code != code))


def with_landmark(layout: Layout, form: Mapping[str, str]) -> Layout:
    """The layout with one more landmark."""
    typed = _Typed(form)
    kind = form.get("kind", "")
    if kind not in set(LandmarkKind):
        typed.wrong["kind"] = N_("Chọn một mục trong danh sách.")
    x, y, width, depth = (typed.metres(name) for name in ("x", "y", "width", "depth"))
    hall, label = typed.number("hall"), typed.line("label")
    typed.judge()
    return replace(
        layout, landmarks=(*layout.landmarks, LandmarkPlan(hall, LandmarkKind(kind), x, y, width, depth, label))
    )


def without_landmark(layout: Layout, number: int) -> Layout:
    """The layout without a landmark."""
    kept = (each for n, each in enumerate(layout.landmarks) if n != number)
    return replace(layout, landmarks=tuple(kept))


def metres(length: int) -> str:
    """Centimetres as people write metres: `3`, `2,5`."""
    return f"{length / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
