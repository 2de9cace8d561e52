"""Turns shared equally, the next week with few of them, points that add up, programs known as such."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.trade.promotion.rules import TURNS, Facts, Score, is_robot, next_free, on_show, score, share

MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # in Vietnam
DAY = date(2026, 11, 23)


def day_of_turns(many: int, show: int) -> Counter[int]:
    """How often each of so many is shown in the 144 turns of a day."""
    turns = [on_show(range(many), show, MIDNIGHT + timedelta(minutes=10 * n)) for n in range(144)]
    assert all(len(set(turn)) == show for turn in turns), "nobody stands there twice at once"
    return Counter(each for turn in turns for each in turn)


def test_up_to_the_places_all_show_in_their_order() -> None:
    assert on_show(["b", "a"], 4, MIDNIGHT) == ["b", "a"]
    assert on_show([], 1, MIDNIGHT) == []


def test_more_than_the_places_show_equally_over_a_day() -> None:
    assert day_of_turns(6, 4) == dict.fromkeys(range(6), 96)
    assert day_of_turns(3, 1) == dict.fromkeys(range(3), 48)
    assert sorted(day_of_turns(5, 1).values()) == [28, 29, 29, 29, 29]
    assert sorted(day_of_turns(7, 4).values()) == [82, 82, 82, 82, 82, 83, 83]


def test_within_a_turn_nothing_moves() -> None:
    at = MIDNIGHT
    assert on_show(range(9), 2, at) == on_show(range(9), 2, at + timedelta(minutes=9, seconds=59))
    assert on_show(range(9), 2, at) != on_show(range(9), 2, at + timedelta(minutes=10))


def test_the_next_free_week() -> None:
    def span(first: int, last: int) -> tuple[date, date]:
        return DAY + timedelta(days=first), DAY + timedelta(days=last)

    def full(*spans: tuple[date, date]) -> list[tuple[date, date]]:
        return [each for each in spans for _ in range(TURNS)]

    assert next_free([], DAY) == DAY
    assert next_free(full(span(0, 3)), DAY) == DAY + timedelta(days=4)
    assert next_free(full(span(0, 3))[1:], DAY) == DAY, "one fewer than the most"
    assert next_free(full(span(6, 8)), DAY) == DAY + timedelta(days=9), "the whole week is free, not its first day"
    assert next_free(full(span(-9, -2)), DAY) == DAY
    assert next_free(full(span(0, 400)), DAY) is None


def test_points_add_up() -> None:
    best = score(Facts(stars=5, days_public=0, units=50, district_seen=0.0, sold=1.0))
    assert best == Score(stars=30, newness=20, stock=15, district=20, sales=15)
    assert (best.total, sum(points for _part, points in best.parts)) == (100, 100)
    assert [part for part, _points in best.parts] == ["stars", "newness", "stock", "district", "sales"]
    plain = score(Facts(stars=3, days_public=400, units=10, district_seen=1.0, sold=0.0))
    assert (plain, plain.total) == (Score(10, 0, 3, 0, 0), 13)
    assert score(Facts(4, 45, 900, 0.5, 0.0)) == Score(20, 10, 15, 10, 0)


def test_shares_of_the_greatest() -> None:
    assert (share(0, 0), share(0, 9), share(9, 9)) == (0.0, 0.0, 1.0)
    assert 0.6 < share(99, 999) < 0.7


@pytest.mark.parametrize(
    ("agent", "robot"),
    [("", True), ("Googlebot/2.1", True), ("curl/8.1", True), ("Mozilla/5.0 (Linux; Android 14) Chrome/129", False)],
)
def test_programs_are_known_by_what_they_say(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot
