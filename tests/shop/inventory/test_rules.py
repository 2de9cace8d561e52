"""The life of a batch, day by day."""

from datetime import date, timedelta

import pytest

from marketplace.shop.inventory.rules import Freshness, Life, proposed_code, proposed_end

MADE, ENDS = date(2026, 1, 1), date(2026, 12, 27)  # 360 days


@pytest.mark.parametrize(
    ("on", "freshness", "left", "short"),
    [
        (MADE, Freshness.FRESH, 360, False),
        (MADE + timedelta(days=120), Freshness.FRESH, 240, False),  # two thirds to the day
        (MADE + timedelta(days=121), Freshness.SHORT, 239, True),
        (ENDS - timedelta(days=31), Freshness.SHORT, 31, True),
        (ENDS - timedelta(days=30), Freshness.ENDING, 30, True),
        (ENDS, Freshness.ENDING, 0, True),
        (ENDS + timedelta(days=1), Freshness.EXPIRED, -1, True),
    ],
)
def test_a_life_of_360_days(on: date, freshness: Freshness, left: int, short: bool) -> None:
    life = Life(MADE, ENDS)
    assert (life.freshness(on), life.days_left(on), life.is_short(on)) == (freshness, left, short)


def test_what_lives_a_week_is_not_near_its_end_when_it_is_made() -> None:
    life = Life(MADE, MADE + timedelta(days=9))
    assert [life.freshness(MADE + timedelta(days=n)) for n in (0, 3, 4, 6, 9, 10)] == [
        Freshness.FRESH,
        Freshness.FRESH,
        Freshness.SHORT,
        Freshness.ENDING,
        Freshness.ENDING,
        Freshness.EXPIRED,
    ]


def test_unknown_days() -> None:
    assert Life(None, None).freshness(ENDS) is Freshness.LASTING
    assert Life(MADE, None).freshness(ENDS) is Freshness.LASTING
    assert not Life(None, ENDS).is_short(ENDS)
    assert Life(None, ENDS).freshness(ENDS - timedelta(days=31)) is Freshness.FRESH
    assert Life(None, ENDS).freshness(ENDS - timedelta(days=30)) is Freshness.ENDING
    assert Life(None, ENDS).freshness(ENDS + timedelta(days=1)) is Freshness.EXPIRED


def test_the_share_that_is_left() -> None:
    life = Life(MADE, ENDS)
    assert [life.share_left(day) for day in (MADE, MADE + timedelta(days=90), ENDS)] == [1.0, 0.75, 0.0]
    assert (life.share_left(MADE - timedelta(days=5)), life.share_left(ENDS + timedelta(days=5))) == (1.0, 0.0)
    assert Life(MADE, None).share_left(ENDS) is None
    day = Life(MADE, MADE)
    assert (day.share_left(MADE), day.share_left(MADE + timedelta(days=1))) == (1.0, 0.0)


def test_what_is_proposed() -> None:
    assert proposed_end(MADE, 90) == date(2026, 4, 1)
    assert proposed_end(MADE, None) is None
    assert proposed_code(MADE, frozenset({"X"})) == "260101"
    assert proposed_code(MADE, frozenset({"260101", "260101-2"})) == "260101-3"
