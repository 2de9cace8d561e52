"""What may be drawn, rows, the grid: exact."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.trade.floorplans import rules
from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.rules import (
    BoothPlan,
    Direction,
    HallPlan,
    LandmarkPlan,
    Layout,
    check_layout,
    row_of,
)
from tests.floors import booth, row_layout

HALL = HallPlan("Sảnh", 3000, 2000)


def in_hall(*booths: BoothPlan) -> Layout:
    return Layout((HALL, replace(HALL, name="Sân")), booths)


def test_a_plan_is_kept_as_drawn() -> None:
    layout = row_layout()
    assert Layout.from_json(layout.to_json()) == layout
    assert check_layout(layout) == {}
    assert layout.to_json()["landmarks"][0]["kind"] == "entrance"
    typed = {"halls": [{"name": " Nha\u0300  A ", "width": 300, "depth": 300}]}
    assert Layout.from_json(typed) == Layout((HallPlan("Nhà A", 300, 300),))


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {"booths": 3},
        {"halls": [{"name": "A"}]},
        {"halls": [{"name": "A", "width": "x", "depth": 2}]},
        {"halls": [{"name": "A", "width": float("inf"), "depth": 2}]},
        {"landmarks": [{"hall": 0, "kind": "volcano", "x": 0, "y": 0, "width": 9, "depth": 9}]},
    ],
)
def test_what_is_no_plan(bad: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Layout.from_json(bad)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"label": ""}, rules.NO_LABEL),
        ({"label": "A" * 13}, rules.NO_LABEL),
        ({"label": "A\x00"}, rules.NO_LABEL),
        ({"width": 49}, rules.SIZES),
        ({"depth": 5001}, rules.SIZES),
        ({"price": -1}, rules.AMOUNTS),
        ({"price": 1_000_000_001}, rules.AMOUNTS),
        ({"power_w": 100_001}, rules.AMOUNTS),
        ({"open_sides": 0}, rules.AMOUNTS),
        ({"open_sides": 5}, rules.AMOUNTS),
        ({"hall": 2}, rules.NO_HALL),
        ({"hall": -1}, rules.NO_HALL),
        ({"x": -1}, rules.OUTSIDE_HALL),
        ({"y": -1}, rules.OUTSIDE_HALL),
        ({"x": 2701}, rules.OUTSIDE_HALL),
        ({"y": 1701}, rules.OUTSIDE_HALL),
    ],
)
def test_a_booth_that_cannot_stand(said: dict[str, Any], told: str) -> None:
    assert check_layout(in_hall(booth("GH1", **said))) == {"GH1": told}


@pytest.mark.parametrize("said", [{"x": 2700, "y": 1700}, {"width": 50, "depth": 50}, {"width": 3000, "depth": 2000}])
def test_a_booth_at_the_limit_stands(said: dict[str, Any]) -> None:
    assert check_layout(in_hall(booth("GH1", **said))) == {}


def test_over_each_other_and_of_one_label() -> None:
    assert check_layout(in_hall(booth("a"), booth("b", "A2", x=299))) == {"a": rules.OVERLAP, "b": rules.OVERLAP}
    assert check_layout(in_hall(booth("a"), booth("b", "A2", x=300))) == {}
    assert check_layout(in_hall(booth("a"), booth("b", "A2", x=100, y=300))) == {}
    assert check_layout(in_hall(booth("a"), booth("b", "A2", hall=1))) == {}
    same = check_layout(in_hall(booth("a"), booth("b", "a1", x=600)))
    assert same == {"a": rules.SAME_LABEL, "b": rules.SAME_LABEL}
    assert check_layout(in_hall(booth("a"), booth("a", "A2", x=600))) == {rules.WHOLE: rules.SAME_CODE}


def test_halls_and_landmarks() -> None:
    stage = LandmarkPlan(0, LandmarkKind.STAGE, 0, 0, 500, 300, "Sân khấu lớn")
    assert check_layout(Layout((HALL,), (), (stage,))) == {}
    for bad in (
        replace(stage, hall=1),
        replace(stage, label="x" * 61),
        replace(stage, label="\n"),
        replace(stage, width=19),
        replace(stage, depth=19),
        replace(stage, x=2501),
    ):
        assert check_layout(Layout((HALL,), (), (stage, bad))) == {"landmark-1": rules.LANDMARK_SIZES}
    for hall in (
        replace(HALL, name=""),
        replace(HALL, name="x" * 81),
        replace(HALL, name_en="x" * 81),
        replace(HALL, width=99),
        replace(HALL, depth=50_001),
    ):
        assert check_layout(Layout((HALL, hall))) == {"hall-1": rules.HALL_SIZES}


def test_too_many() -> None:
    booths = [booth(f"GH{n}", f"A{n}", x=n % 40 * 50, y=n // 40 * 50, width=50, depth=50) for n in range(601)]
    assert check_layout(Layout((HALL,), tuple(booths[:600]))) == {}
    mark = LandmarkPlan(0, LandmarkKind.WALL, 0, 0, 20, 20)
    for layout in (
        Layout((HALL,), tuple(booths)),
        Layout((HALL,) * 21),
        Layout((HALL,), (), (mark,) * 101),
    ):
        assert check_layout(layout) == {rules.WHOLE: rules.TOO_MANY}
    assert check_layout(Layout((HALL,) * 20, (), (mark,) * 100)) == {}


def test_a_row_is_numbered_on() -> None:
    row = row_of(booth("GHX", price=500_000), 3, 50, Direction.RIGHT)
    assert [(each.label, each.x, each.y, each.price) for each in row] == [
        ("A1", 0, 0, 500_000),
        ("A2", 350, 0, 500_000),
        ("A3", 700, 0, 500_000),
    ]
    assert [each.code for each in row] == ["GHX", "new-A2", "new-A3"]
    down = row_of(booth(label="B09", depth=250), 2, 0, Direction.DOWN)
    assert [(each.label, each.x, each.y) for each in down] == [("B09", 0, 0), ("B10", 0, 250)]
    assert [each.label for each in row_of(booth(label="Cổng"), 2, 0, Direction.DOWN)] == ["Cổng1", "Cổng2"]


BOXES = st.builds(
    lambda n, hall, x, y, width, depth: booth(f"n{n}", f"N{n}", hall=hall, x=x, y=y, width=width, depth=depth),
    st.integers(0, 10**6),
    st.integers(0, 1),
    st.integers(0, 800),
    st.integers(0, 800),
    st.integers(50, 400),
    st.integers(50, 400),
)


def meets(a: BoothPlan, b: BoothPlan) -> bool:
    """Whether boxes of one hall share some ground, told the plain way: some square centimetre lies in both."""
    across = set(range(a.x, a.x + a.width)) & set(range(b.x, b.x + b.width))
    down = set(range(a.y, a.y + a.depth)) & set(range(b.y, b.y + b.depth))
    return a.hall == b.hall and bool(across) and bool(down)


@given(st.lists(BOXES, max_size=8, unique_by=lambda each: each.code))
def test_told_to_overlap_if_and_only_if_they_do(boxes: list[BoothPlan]) -> None:
    pairs = [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :]]
    over = {each.code for a, b in pairs if meets(a, b) for each in (a, b)}
    assert check_layout(in_hall(*boxes)) == dict.fromkeys(over, rules.OVERLAP)
