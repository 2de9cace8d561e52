"""Standing on a day, comparable months, the interval: held against figures counted by hand."""

from datetime import date
from fractions import Fraction

import pytest

from marketplace.office.programme.models import Indicator
from marketplace.office.programme.rules import (
    Change,
    Compared,
    Progress,
    Standing,
    change_of,
    compare,
    growth,
    month_number,
    month_of,
    rounds_needed,
    share_of_year,
    urgency,
)

HALF = Fraction(1, 2)


def progress(
    done: int | None = 0,
    more: int = 0,
    least: int | None = 20,
    share: Fraction = HALF,
    rounds: int = 1,
    indicator: Indicator = Indicator.NEW_PRODUCTS,
    weight: int = 1,
) -> Progress:
    return Progress(indicator, done, more, least, None, weight, share, rounds)


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        (progress(None), Standing.UNKNOWN),
        (progress(3, least=None), Standing.NO_TARGET),
        (progress(20), Standing.REACHED),
        (progress(10), Standing.ON_COURSE),
        (progress(9, 1), Standing.WAITING),
        (progress(8, 1), Standing.BEHIND),
        (progress(12, 7, rounds=0), Standing.OUT_OF_REACH),
        (progress(12, 8, rounds=0), Standing.ON_COURSE),
        (progress(9, rounds=0, indicator=Indicator.ACTIVITIES), Standing.BEHIND),
        (progress(19, share=Fraction(1), indicator=Indicator.ACTIVITIES), Standing.OUT_OF_REACH),
    ],
)
def test_standing(row: Progress, standing: Standing) -> None:
    assert row.standing is standing
    assert row.behind == (standing in (Standing.WAITING, Standing.BEHIND, Standing.OUT_OF_REACH))


def test_more_than_was_asked_for_at_most() -> None:
    for done, most, over in ((31, 30, True), (30, 30, False), (99, None, False), (None, 30, False)):
        row = Progress(Indicator.UPGRADES, done, 0, 20, most, 1, HALF, 1)
        assert row.over is over


def test_what_is_due_and_what_each_round_must_bring() -> None:
    row = progress(3, least=25, share=Fraction(327, 365), rounds=2)
    assert (row.due, row.lacking, row.left) == (22, 19, 22)
    assert rounds_needed(row) == 11
    assert [rounds_needed(each) for each in (progress(20), progress(rounds=0))] == [None, None]
    assert rounds_needed(progress(indicator=Indicator.ACTIVITIES)) is None
    light, heavy, worse = progress(5, least=20), progress(9, weight=5), progress(0)
    assert sorted([light, heavy, worse], key=urgency) == [heavy, worse, light]


def test_the_year_passes_evenly() -> None:
    assert share_of_year(2026, date(2025, 12, 31)) == 0
    assert share_of_year(2026, date(2026, 1, 1)) == Fraction(1, 365)
    assert share_of_year(2026, date(2026, 7, 2)) == Fraction(183, 365)
    assert share_of_year(2026, date(2027, 3, 1)) == 1
    assert share_of_year(2024, date(2024, 12, 31)) == 1
    assert month_of(month_number(date(2026, 12, 31))) == date(2026, 12, 1)


def test_the_same_calendar_months_before_and_after() -> None:
    """Upgraded in June 2025, on sale since March 2025, seen in November 2026: March, April, May are compared."""
    sold = {month_number(date(2025, m, 1)): 100 * m for m in range(1, 13)}
    sold |= {month_number(date(2026, m, 1)): 130 * m for m in range(1, 12)}
    seen = {"event": date(2025, 6, 10), "on": date(2026, 11, 23)}
    assert compare(sold, on_sale_from=date(2025, 3, 1), **seen) == Compared(3, 400, 520)
    assert compare(sold, on_sale_from=date(2025, 2, 2), **seen) == Compared(3, 400, 520)  # February was not whole
    assert compare(sold, on_sale_from=date(2024, 1, 1), **seen).pairs == 11
    assert compare(sold, on_sale_from=date(2025, 6, 1), **seen) == Compared(0, 0, 0)
    assert compare(sold, on_sale_from=None, **seen) == Compared(0, 0, 0)
    early = compare(sold, event=date(2025, 6, 10), on_sale_from=date(2025, 1, 1), on=date(2026, 4, 30))
    assert early == Compared(3, 200, 260)  # April is not over: January, February, March


def test_a_months_mean_is_rounded() -> None:
    sold = {month_number(date(2025, 3, 1)): 100}
    found = compare(sold, event=date(2025, 6, 10), on_sale_from=date(2025, 3, 1), on=date(2026, 11, 23))
    assert found == Compared(3, 33, 0)


def test_the_interval_by_hand() -> None:
    """Changes 100, 200, 300: mean 200, deviation 100, t(2) 4.302653; 4.302653 x 100 / sqrt 3 is 248.41."""
    rows = [Compared(3, 1000, 1100), Compared(5, 0, 200), Compared(11, 500, 800), Compared(2, 0, 9_999)]
    assert change_of(rows) == Change(3, 1, 500, 700, -48, 448)
    assert (change_of(rows).mean, change_of(rows).certain) == (200, False)
    sure = change_of([Compared(3, 0, 100), Compared(3, 0, 101)])
    assert (sure.low, sure.high, sure.certain) == (94, 107, True)
    less = change_of([Compared(3, 100, 0), Compared(3, 101, 0)])
    assert less.certain
    assert change_of(rows[:1]) == Change(1, 0, 1000, 1100, None, None)
    assert not change_of(rows[:1]).certain
    assert change_of(rows[3:]) == Change(0, 1, 0, 0, None, None)


def test_growth() -> None:
    assert [growth(150, 100), growth(50, 100), growth(5, 0)] == [50, -50, None]
