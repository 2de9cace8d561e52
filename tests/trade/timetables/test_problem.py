"""What cannot be is named; problems and timetables survive the way through JSON."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from marketplace.trade.timetables.engine import solve
from marketplace.trade.timetables.facts import Code, Fact, Impossible
from marketplace.trade.timetables.problem import Meeting, Pair, Party, Problem
from marketplace.trade.timetables.timetable import Timetable
from tests.trade.timetables.cases import LIMIT, everyone, party, problems

TWO = everyone()


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"tables": (), "pairs": (), "producers": (), "buyers": ()}, [Fact(Code.NO_SLOTS)]),
        ({"tables": (9, -1)}, [Fact(Code.TABLES_BELOW_ZERO, slot=1)]),
        ({"stay": -1}, [Fact(Code.STAY_BELOW_ZERO)]),
        ({"buyers": (party("B", (0,)), party("B", (1,)))}, [Fact(Code.KEY_TWICE, buyer="B")]),
        ({"producers": (party("P", (0,)), party("P", (1,)))}, [Fact(Code.KEY_TWICE, producer="P")]),
        ({"buyers": (party("B", (0,), -1), party("C", ()))}, [Fact(Code.MOST_BELOW_ZERO, buyer="B")]),
        ({"producers": (party("P", (0,), 2, -1), party("Q", ()))}, [Fact(Code.LEAST_BELOW_ZERO, producer="P")]),
        ({"producers": (party("P", (0,), 2, 3), party("Q", ()))}, [Fact(Code.LEAST_OVER_MOST, producer="P")]),
        ({"buyers": (party("B", (0,), 2, 1), party("C", ()))}, [Fact(Code.BUYER_LEAST, buyer="B")]),
        ({"buyers": (party("B", (0, 2)), party("C", (-1,)))}, [Fact(Code.SLOT_UNKNOWN, buyer=key) for key in "BC"]),
        ({"pairs": (Pair(0, 2, 1), Pair(-1, 0, 1))}, [Fact(Code.NOBODY), Fact(Code.NOBODY)]),
        ({"pairs": (Pair(0, 1, 1), Pair(0, 1, 2))}, [Fact(Code.PAIR_TWICE, "P0", "B1")]),
        ({"pairs": (Pair(0, 1, 0),)}, [Fact(Code.VALUE_NOT_ABOVE_ZERO, "P0", "B1")]),
        ({"former": (Meeting(0, 5, 0),)}, [Fact(Code.NOBODY)]),
        ({"former": (Meeting(0, 0, 2),)}, [Fact(Code.SLOT_UNKNOWN, "P0", "B0")]),
        ({"former": (Meeting(0, 0, 0), Meeting(0, 0, 1))}, [Fact(Code.FORMER_TWICE, "P0", "B0")]),
        ({"fixed": (Meeting(0, 0, 0), Meeting(0, 0, 1))}, [Fact(Code.FIXED_TWICE, "P0", "B0")]),
        ({"fixed": (Meeting(0, 0, 0), Meeting(0, 1, 0))}, [Fact(Code.FIXED_CLASH, "P0", slot=0)]),
        ({"fixed": (Meeting(0, 0, 0), Meeting(1, 0, 0))}, [Fact(Code.FIXED_CLASH, buyer="B0", slot=0)]),
        ({"fixed": (Meeting(0, 0, 0, 9),)}, [Fact(Code.FIXED_TABLE_UNKNOWN, "P0", "B0", 0)]),
        ({"fixed": (Meeting(0, 0, 0, 3), Meeting(1, 1, 0, 3))}, [Fact(Code.FIXED_TABLE_TWICE, "P1", "B1", 0)]),
        ({"fixed": (Meeting(0, 0, 0), Meeting(1, 1, 0)), "tables": (1, 1)}, [Fact(Code.FIXED_OVER_TABLES, slot=0)]),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, Any], facts: list[Fact]) -> None:
    with pytest.raises(Impossible) as raised:
        replace(TWO, **change)
    assert list(raised.value.facts) == facts
    assert str(raised.value).split(", ") == [fact.code.value for fact in facts]


def test_a_fixed_meeting_must_fit_its_parties() -> None:
    buyers = (party("B0", (1,), most=0), party("B1", (0, 1)))
    with pytest.raises(Impossible) as raised:
        replace(TWO, buyers=buyers, fixed=(Meeting(0, 0, 0),))
    assert set(raised.value.facts) == {
        Fact(Code.FIXED_NOT_AVAILABLE, buyer="B0", slot=0),
        Fact(Code.FIXED_OVER_MOST, buyer="B0"),
    }


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(Impossible) as raised:
        replace(TWO, stay=-1, pairs=(Pair(0, 0, -5), Pair(7, 7, 1)))
    assert [fact.code for fact in raised.value.facts] == [Code.STAY_BELOW_ZERO, Code.VALUE_NOT_ABOVE_ZERO, Code.NOBODY]


@given(problems())
def test_a_problem_survives_json_and_keeps_its_digest(problem: Problem) -> None:
    again = Problem.from_json(problem.to_json())
    assert again == problem
    assert again.digest == problem.digest


def test_another_problem_has_another_digest() -> None:
    others = [replace(TWO, stay=99), replace(TWO, tables=(9, 8)), replace(TWO, fixed=(Meeting(0, 0, 0),))]
    others.append(replace(TWO, producers=(Party("P0", 9, frozenset({0})), TWO.producers[1])))
    assert len({TWO.digest, *(other.digest for other in others)}) == 5


def test_a_timetable_survives_json() -> None:
    problem = replace(everyone(3, 1, 2, least=1), former=(Meeting(2, 0, 0), Meeting(0, 0, 1)))
    timetable = solve(problem, limit_seconds=LIMIT)
    assert timetable.short
    again = Timetable.from_json(timetable.to_json())
    assert again == timetable
    assert again.seconds == timetable.seconds
