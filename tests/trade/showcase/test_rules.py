"""When a point is open, what its map shows: pure."""

from datetime import date, datetime, time

import pytest

from marketplace.platform.core.clock import VIETNAM
from marketplace.trade.showcase.maps import Frame, Pin, draw, frame_of
from marketplace.trade.showcase.rules import Closure, Opening, Span, opening, overlap

LUNCH = [s for day in range(5) for s in (Span(day, time(7, 30), time(11, 30)), Span(day, time(13, 30), time(17)))]
NIGHT = [Span(4, time(18), time(1)), Span(5, time(18), time(1))]  # Friday and Saturday, past midnight


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of the November that begins with Monday the 23rd as day 0; days beyond run into December."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=VIETNAM).replace(day=23 + day)


def opens(day: int, hour: int, minute: int = 0) -> Opening:
    return Opening(False, again=at(day, hour, minute))


@pytest.mark.parametrize(
    ("spans", "when", "expected"),
    [
        (LUNCH, at(0, 7, 29), opens(0, 7, 30)),
        (LUNCH, at(0, 7, 30), Opening(True, until=at(0, 11, 30))),
        (LUNCH, at(0, 11, 30), opens(0, 13, 30)),
        (LUNCH, at(0, 16, 59), Opening(True, until=at(0, 17))),
        (LUNCH, at(0, 17), opens(1, 7, 30)),
        (LUNCH, at(4, 18), opens(7, 7, 30)),  # from Friday evening to Monday
        (NIGHT, at(4, 17), opens(4, 18)),
        (NIGHT, at(4, 23), Opening(True, until=at(5, 1))),
        (NIGHT, at(5, 0, 59), Opening(True, until=at(5, 1))),
        (NIGHT, at(5, 1), opens(5, 18)),
        (NIGHT, at(6, 0, 30), Opening(True, until=at(6, 1))),
        ([], at(0, 12), Opening(False)),
        ([Span(0, time(8), time(12)), Span(0, time(12), time(17))], at(0, 9), Opening(True, until=at(0, 17))),
        ([Span(d, time(0), time(0)) for d in (0, 1)], at(0, 9), Opening(True, until=at(2, 0))),
    ],
)
def test_open_or_when_again(spans: list[Span], when: datetime, expected: Opening) -> None:
    assert opening(spans, [], when) == expected


def test_closed_days_are_skipped_with_their_reason_and_a_night_is_finished() -> None:
    tet = [Closure(date(2026, 11, 23), date(2026, 11, 25), "Nghỉ lễ")]
    assert opening(LUNCH, tet, at(0, 9)) == Opening(False, again=at(3, 7, 30), reason="Nghỉ lễ")
    assert opening(LUNCH, tet, at(3, 9)) == Opening(True, until=at(3, 11, 30))
    saturday = [Closure(date(2026, 11, 28), date(2026, 11, 28))]
    assert opening(NIGHT, saturday, at(5, 0, 30)) == Opening(True, until=at(5, 1))
    for_ever = [Closure(date(2026, 1, 1), date(2027, 12, 31), "Sửa nhà")]
    assert opening(LUNCH, for_ever, at(0, 9)) == Opening(False, reason="Sửa nhà")
    last_day = [Closure(date(2026, 11, 24), date(2027, 12, 31))]
    assert opening(LUNCH, last_day, at(0, 14)) == Opening(True, until=at(0, 17))


def test_the_day_is_vietnams() -> None:
    utc = datetime.fromisoformat("2026-11-22T23:45:00+00:00")  # Monday 6:45 in Vietnam
    assert opening(LUNCH, [], utc) == opens(0, 7, 30)


@pytest.mark.parametrize(
    ("spans", "runs_into"),
    [
        (LUNCH, False),
        (NIGHT, False),
        ([Span(0, time(8), time(12)), Span(0, time(11), time(17))], True),
        ([Span(0, time(18), time(1)), Span(0, time(20), time(22))], True),
        ([Span(0, time(8), time(12)), Span(1, time(11), time(17))], False),
    ],
)
def test_times_of_one_day_may_not_run_into_each_other(spans: list[Span], runs_into: bool) -> None:
    assert overlap(spans) is runs_into


def test_the_map_keeps_the_earths_shape() -> None:
    frame = frame_of([(22.0, 103.0), (22.8, 104.0)])
    assert frame is not None
    left, bottom = frame.at((22.0, 103.0))
    right, top = frame.at((22.8, 104.0))
    assert 0 < left < right < 100
    assert 0 < top < bottom < 100
    # a kilometre is as long across as down: degrees of longitude are shorter by cos(22.4°) = 0.9245, the sheet is 5:4
    across, down = (right - left) / 100, (bottom - top) / 100 * 0.8
    assert across / down == pytest.approx(1.0 * 0.9245 / 0.8, rel=0.001)
    assert frame_of([]) is None
    alone = frame_of([(22.0, 103.0)])
    assert alone is not None
    assert alone.at((22.0, 103.0)) == (50, 50)


def test_pins_stand_apart_and_names_do_not_run_into_anything() -> None:
    communes = [("Phường Đoàn Kết", (22.4, 103.46), True), ("Xã Ngay Cạnh", (22.401, 103.461), False),
                ("Xã Xa", (22.0, 102.9), False), ("Xã Sát Biên Giới Rất Xa", (22.8, 104.0), False)]  # fmt: skip
    drawn = draw([(1, (22.4, 103.46)), (2, (22.4, 103.46)), (3, (22.79, 103.99)), (4, (22.79, 103.99))], communes)
    assert drawn is not None
    one, two, three, four = drawn.pins
    assert (two.x - one.x, two.y) == (7, one.y)
    assert four.x - three.x == pytest.approx(-7)
    assert four.y == three.y
    assert [(name.text, name.minor) for name in drawn.names] == [("Phường Đoàn Kết", False), ("Xã Xa", True)]
    assert len(drawn.dots) == 4
    assert "103°15′" in [said for _x, said in drawn.meridians]
    assert "22°30′" in [said for _y, said in drawn.parallels]
    assert all(0 <= x <= 100 for x, _said in (*drawn.meridians, *drawn.parallels))
    assert draw([], []) is None


def test_a_place_beyond_the_frame_is_beyond_the_sheet() -> None:
    assert Frame(0, 0, 10, 10).at((11, 5)) == (50, -10)
    assert Pin(1, 0, 0).number == 1
