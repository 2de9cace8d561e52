"""The checker finds every fault that is planted, and it alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from marketplace.trade.timetables.checking import RULES, Unsound, faults, sound
from marketplace.trade.timetables.problem import Meeting, Pair, Problem
from marketplace.trade.timetables.timetable import Method, Reason, Seat, Short, Timetable
from tests.trade.timetables.cases import party

# A and B are there all day, C in slot 0 alone; A must meet X in slot 0 at table 1; B and Z may not meet
PROBLEM = Problem(
    producers=(party("A", (0, 1), 2), party("B", (0, 1), 2, least=2), party("C", (0,), 2)),
    buyers=(party("X", (0, 1), 2), party("Y", (0, 1), 2), party("Z", (0, 1), 1)),
    pairs=(
        Pair(0, 0, 10),
        Pair(0, 1, 20),
        Pair(1, 0, 30),
        Pair(1, 1, 40),
        Pair(2, 1, 50),
        Pair(2, 2, 60),
        Pair(0, 2, 70),
    ),
    tables=(3, 2),
    fixed=(Meeting(0, 0, 0, 1),),
    former=(Meeting(1, 1, 0), Meeting(1, 0, 0), Meeting(0, 2, 1)),
    stay=5,
)
SOUND = Timetable(
    meetings=(Seat(0, 0, 0, 1), Seat(1, 1, 0, 0), Seat(1, 0, 1, 0)),
    value=80,
    merit=90,
    bound=100,
    gap=0.1,
    proven=False,
    floors_proven=True,
    method=Method.GREEDY_FALLBACK,
    kept=(0,),
    moved=(1,),
    dropped=(2,),
)


def _seats(*seats: tuple[int, int, int, int], value: int, merit: int | None = None) -> Timetable:
    """The sound timetable with these meetings besides, and everything else claimed rightly."""
    more = tuple(Seat(*seat) for seat in seats)
    return replace(SOUND, meetings=SOUND.meetings + more, value=value, merit=value + 10 if merit is None else merit)


PLANTED: dict[str, Callable[[], Timetable]] = {
    "producer_twice": lambda: _seats((1, 2, 1, 1), value=80),
    "buyer_twice": lambda: _seats((2, 1, 0, 2), value=130),
    "table_twice": lambda: _seats((2, 2, 0, 0), value=140),
    "pair_twice": lambda: replace(SOUND, meetings=(*SOUND.meetings[:2], Seat(1, 1, 1, 0)), value=50),
    "table_unknown": lambda: _seats((2, 2, 0, 3), value=140),
    "over_tables": lambda: _seats((2, 2, 0, 2), value=140),
    "not_available": lambda: _seats((2, 2, 1, 1), value=140),
    "over_most": lambda: _seats((2, 2, 0, 2), value=140),
    "fixed_moved": lambda: replace(SOUND, meetings=(Seat(0, 0, 0, 2), *SOUND.meetings[1:])),
    "not_allowed": lambda: _seats((2, 0, 0, 2), value=80),
    "value_wrong": lambda: replace(SOUND, value=81, merit=91),
    "merit_wrong": lambda: replace(SOUND, merit=91),
    "short_wrong": lambda: replace(SOUND, short=(Short(1, 1, Reason.CLASHES),)),
    "former_wrong": lambda: replace(SOUND, kept=(), moved=(0, 1)),
}


def test_a_sound_timetable_has_no_faults() -> None:
    assert faults(PROBLEM, SOUND) == []
    assert sound(PROBLEM, SOUND) is SOUND


@pytest.mark.parametrize("code", RULES)
def test_each_planted_fault_is_found(code: str) -> None:
    problem = {
        "over_tables": replace(PROBLEM, tables=(2, 2)),
        "over_most": replace(PROBLEM, producers=(*PROBLEM.producers[:2], party("C", (0,), 0))),
    }.get(code, PROBLEM)
    timetable = PLANTED[code]()
    assert code in faults(problem, timetable)
    with pytest.raises(Unsound) as raised:
        sound(problem, timetable)
    assert code in raised.value.faults
    assert code in str(raised.value)


@pytest.mark.parametrize(
    ("timetable", "code"),
    [
        (replace(SOUND, meetings=SOUND.meetings[1:], value=70, merit=80), "fixed_moved"),
        (replace(SOUND, meetings=(Seat(0, 0, 1, 1), *SOUND.meetings[1:])), "fixed_moved"),
        (replace(SOUND, meetings=(*SOUND.meetings, Seat(0, 2, 1, -1)), value=150, merit=165), "table_unknown"),
        (replace(SOUND, meetings=SOUND.meetings[:2], value=50), "short_wrong"),
        (replace(SOUND, proven=True), "merit_wrong"),
        (replace(SOUND, gap=1.5), "merit_wrong"),
        (replace(SOUND, dropped=()), "former_wrong"),
        (replace(SOUND, moved=()), "former_wrong"),
    ],
)
def test_faults_of_other_kinds_are_found(timetable: Timetable, code: str) -> None:
    assert code in faults(PROBLEM, timetable)


@pytest.mark.parametrize("seat", [Seat(3, 0, 0, 0), Seat(0, 3, 0, 0), Seat(0, 0, 2, 0), Seat(-1, 0, 0, 0)])
def test_meetings_of_nobody_or_at_no_time_are_found(seat: Seat) -> None:
    assert faults(PROBLEM, replace(SOUND, meetings=(seat,))) == ["nobody"]
