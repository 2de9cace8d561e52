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


@pytest.mark.parametrize("code", ["1048", "781", "148", "1489"])
@pytest.mark.parametrize(
    ("totals", "average", "stars"),
    [
        (("89.99", "90.00"), "90.00", 5),  # 89.995: halves go up, and the star follows what is written down
        (("89.99", "89.99", "90.00"), "89.99", 4),  # 89.99333
        (("89.98", "90.00", "90.00"), "89.99", 4),
        (("69.99", "70.00"), "70.00", 4),
        (("69.99", "69.99", "70.00"), "69.99", 3),
        (("49.99", "50.00"), "50.00", 3),
        (("29.99", "30.00"), "30.00", 2),
        (("29.99", "29.99", "30.00"), "29.99", 1),
        (("0.01", "0.00"), "0.01", 1),
        (("100.00", "99.99"), "100.00", 5),
        (("33.33", "33.33", "33.34"), "33.33", 2),
    ],
)
def test_the_star_follows_the_rounded_average(code: str, totals: tuple[str, ...], average: str, stars: int) -> None:
    found = spread([Decimal(each) for each in totals]).average
    assert (found, ruleset(code).stars_of(found)) == (Decimal(average), stars)


@given(TOTALS)
def test_averages_are_exact_halves_up(totals: list[Decimal]) -> None:
    """Against whole cents: no digit is lost on the way, however many sheets there are."""
    cents, n = sum(int(each * 100) for each in totals), len(totals)
    assert spread(totals).average == Decimal((2 * cents + n) // (2 * n)) / 100


def test_known_sheets_are_scored_line_by_line_others_by_part() -> None:
    known = lines_of(ruleset("1048"), ruleset("1048").sheets[0].sets[0])
    assert sum(line.most for line in known) == 100
    assert all(line.criterion for line in known)
    parts = lines_of(ruleset("1489"), "I.5.a")
    assert [(line.code, int(line.most)) for line in parts] == [("A", 40), ("B", 25), ("C", 35)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4", "4.00"),
        (" 4,5 ", "4.50"),
        ("4.25", "4.25"),
        ("4,255", None),
        ("bốn", None),
        ("", None),
        ("NaN", None),
        ("1e30", None),
        ("1e-30", None),
        ("1_0", None),
        ("٣", None),
        ("-1", "-1.00"),
        ("4,50000", "4.50"),
        (".5", None),
    ],
)
def test_points_as_people_write_them(typed: str, read: str | None) -> None:
    assert read_points(typed) == (Decimal(read) if read else None)


def test_points_out_of_range() -> None:
    lines = lines_of(ruleset("1489"), "I.5.a")
    points = {"A": Decimal(41), "B": Decimal(-1), "C": Decimal(35)}
    assert wrong_points(lines, points) == ["A", "B"]
    assert wrong_points(lines, {}) == []
    assert wrong_points(lines, {"A": Decimal("1.005")}) == ["A"]
    assert total(points) == Decimal("75.00")


def test_more_than_half_agree() -> None:
    assert agreed([{"x", "y"}, {"x"}, set()], ["x", "y", "z"]) == ("x",)
    assert agreed([{"x"}, set()], ["x"]) == ()
