"""The arithmetic of a council."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.registry.councils.rules import agreed, lines_of, read_points, spread, total, wrong_points
from marketplace.registry.rulesets.queries import ruleset

TOTALS = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=15)


@given(TOTALS)
def test_an_average_lies_between_the_lowest_and_the_highest(totals: list[Decimal]) -> None:
    found = spread(totals)
    assert found.lowest <= found.average <= found.highest
    assert found.range == max(totals) - min(totals)
    assert abs(found.average * len(totals) - sum(totals)) <= Decimal("0.005") * len(totals)
    assert found.average == found.average.quantize(Decimal("0.01"))


def test_halves_round_up_and_who_stands_apart_is_named() -> None:
    assert spread([Decimal("70.00"), Decimal("70.01")]).average == Decimal("70.01")
    far = spread([Decimal(70), Decimal(71), Decimal(55), Decimal(72)])
    assert far.apart == (2,)
    assert spread([Decimal(50), Decimal(90)]).apart == ()  # of two, neither is the odd one
    assert spread([Decimal(70), Decimal(80), Decimal(70)]).apart == (1,)


def test_known_sheets_are_scored_line_by_line_others_by_part() -> None:
    known = lines_of(ruleset("1048"), ruleset("1048").sheets[0].sets[0])
    assert sum(line.most for line in known) == 100
    assert all(line.criterion for line in known)
    parts = lines_of(ruleset("1489"), "I.5.a")
    assert [(line.code, int(line.most)) for line in parts] == [("A", 40), ("B", 25), ("C", 35)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("4", "4.00"), (" 4,5 ", "4.50"), ("4.25", "4.25"), ("4,255", None), ("bốn", None), ("", None), ("NaN", None)],
)
def test_points_as_people_write_them(typed: str, read: str | None) -> None:
    assert read_points(typed) == (Decimal(read) if read else None)


def test_points_out_of_range() -> None:
    lines = lines_of(ruleset("1489"), "I.5.a")
    points = {"A": Decimal(41), "B": Decimal(-1), "C": Decimal(35)}
    assert wrong_points(lines, points) == ["A", "B"]
    assert wrong_points(lines, {}) == []
    assert total(points) == Decimal("75.00")


def test_more_than_half_agree() -> None:
    assert agreed([{"x", "y"}, {"x"}, set()], ["x", "y", "z"]) == ("x",)
    assert agreed([{"x"}, set()], ["x"]) == ()
