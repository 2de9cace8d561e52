"""The engine against trying everything, and what holds of every answer."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fairs import fair
from marketplace.trade.timetables.checking import faults
from marketplace.trade.timetables.engine import Watch, search, solve
from marketplace.trade.timetables.openings import Openings
from marketplace.trade.timetables.problem import Meeting, Pair, Problem
from marketplace.trade.timetables.timetable import Method, Reason, Short, Stage, Timetable
from tests.trade.timetables.cases import LIMIT, best, everyone, party, problems, rank_of

SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def solved(problem: Problem) -> Timetable:
    return solve(problem, limit_seconds=LIMIT)


@SLOW
@given(problems())
def test_it_is_as_good_as_the_best_of_all_timetables_and_says_so(problem: Problem) -> None:
    """Floors by precedence, then merit: what trying every timetable finds; so a feasible floor is always met."""
    timetable = solved(problem)
    assert rank_of(problem, timetable) == best(problem)
    assert (timetable.proven, timetable.floors_proven, timetable.gap) == (True, True, 0)
    assert timetable.bound == timetable.merit


@SLOW
@given(problems())
def test_no_answer_breaks_a_rule_in_or_out_of_time(problem: Problem) -> None:
    for limit in (LIMIT, 0):
        assert faults(problem, solve(problem, limit_seconds=limit)) == []


@SLOW
@given(problems())
def test_the_last_resort_is_never_better_than_the_best_nor_claims_it_falsely(problem: Problem) -> None:
    hurried = solve(problem, limit_seconds=0)
    assert hurried.method is Method.GREEDY_FALLBACK
    assert rank_of(problem, hurried) <= best(problem)
    if hurried.proven:
        assert rank_of(problem, hurried) == best(problem)


@SLOW
@given(problems())
def test_the_same_input_gives_the_same_timetable(problem: Problem) -> None:
    again = Problem.from_json(problem.to_json())
    assert solved(problem) == solved(again)


@SLOW
@given(problems(fixing=False), st.data())
def test_confirmed_meetings_survive_a_re_run_and_a_withdrawal(problem: Problem, data: st.DataObject) -> None:
    first = solved(problem)
    confirmed = data.draw(st.lists(st.sampled_from(first.meetings), unique=True) if first.meetings else st.just([]))
    gone = data.draw(st.integers(0, len(problem.producers) - 1))
    fixed = tuple(Meeting(s.producer, s.buyer, s.slot, s.table) for s in confirmed if s.producer != gone)
    former = tuple(Meeting(s.producer, s.buyer, s.slot, s.table) for s in first.meetings if s not in confirmed)
    left = tuple(pair for pair in problem.pairs if pair.producer != gone)
    second = solved(replace(problem, pairs=left, fixed=fixed, former=former))
    seats = {(s.producer, s.buyer, s.slot, s.table) for s in second.meetings}
    assert {(m.producer, m.buyer, m.slot, m.table) for m in fixed} <= seats
    assert gone not in {producer for producer, _, _, _ in seats}


@SLOW
@given(problems(fixing=False))
def test_a_re_run_on_the_same_input_moves_nothing(problem: Problem) -> None:
    first = solved(problem)
    former = tuple(Meeting(s.producer, s.buyer, s.slot, s.table) for s in first.meetings)
    second = solved(replace(problem, former=former, stay=1000))
    assert (second.moved, second.dropped) == ((), ())


def test_a_fair_is_proven_best_by_two_stages() -> None:
    problem = fair(60, 20, 10, seed=3, tables=20, there=(0.9, 0.95))
    timetable = solved(problem)
    assert (timetable.method, timetable.proven, timetable.gap) == (Method.TWO_STAGES, True, 0)
    assert timetable.idle_after < timetable.idle_before


def test_few_slots_in_common_are_for_one_stage_and_it_proves_the_best() -> None:
    timetable = solved(fair(120, 40, 16, seed=1, tables=40, there=(0.3, 0.3)))
    assert (timetable.method, timetable.proven) == (Method.ONE_STAGE, True)


class Scripted(Watch):
    """A watch on which nothing is left after so many looks at it."""

    def __init__(self, looks: int) -> None:
        super().__init__(lambda _, __: None, LIMIT)
        self.looks = looks

    def left(self) -> float:
        self.looks -= 1
        return LIMIT if self.looks >= 0 else 0.0


def test_out_of_time_it_answers_with_what_it_has_and_says_how_far_that_is() -> None:
    """Time is up when one stage begins: it finds nothing, and the last resort answers."""
    openings = Openings.of(fair(120, 40, 16, seed=1, tables=40, there=(0.3, 0.3)))
    watch = Scripted(2)
    result = search(openings, watch)
    assert [stage for stage, _ in watch.begun] == [Stage.WHO, Stage.WHEN, Stage.ONE_STAGE, Stage.FALLBACK]
    assert result.method is Method.GREEDY_FALLBACK
    merit = openings.rank([candidate for candidate, _ in result.placed])[1]
    assert 0.9 * result.bound < merit < result.bound


def at_odds() -> Problem:
    """A can meet X in slot 0 alone, B meets Y in slot 1 alone: so A and Y cannot meet, though neither of them sees why.

    Stage one has all three meet, so that one stage decides.
    """
    return Problem(
        (party("A", (0, 1), least=2), party("B", (1,), least=1, precedence=1), party("C", (0, 1))),
        (party("X", (0,)), party("Y", (0, 1)), party("Z", (0, 1))),
        (Pair(0, 0, 300), Pair(0, 1, 200), Pair(1, 1, 50), Pair(2, 2, 10)),
        (5, 5),
    )


def test_what_floors_cannot_have_is_told_with_its_reason() -> None:
    problem = at_odds()
    timetable = solved(problem)
    assert timetable.method is Method.ONE_STAGE
    assert timetable.short == (Short(0, 1, Reason.CLASHES),)
    assert (timetable.value, timetable.bound, timetable.proven) == (360, 360, True)
    assert rank_of(problem, timetable) == best(problem)


@pytest.mark.parametrize("slot", [0, 1])
def test_one_stage_keeps_former_meetings_in_their_slot(slot: int) -> None:
    former = (Meeting(1, 1, 1), Meeting(2, 2, slot), Meeting(0, 1, 0))
    timetable = solved(replace(at_odds(), former=former, stay=50))
    assert timetable.method is Method.ONE_STAGE
    assert (timetable.kept, timetable.moved, timetable.dropped) == ((0, 1), (), (2,))


def test_staying_is_worth_what_was_said_and_no_more() -> None:
    """The dearer pair is worth 40 more: 39 for staying do not outweigh it, 41 do."""
    problem = Problem(
        (party("A", (0,)),), (party("X", (0,)), party("Y", (0,))), (Pair(0, 0, 100), Pair(0, 1, 140)), (1,)
    )
    former = (Meeting(0, 0, 0),)
    left, kept = (solved(replace(problem, former=former, stay=stay)) for stay in (39, 41))
    assert (left.value, left.merit, left.dropped) == (140, 140, (0,))
    assert (kept.value, kept.merit, kept.kept) == (100, 141, (0,))


def test_the_higher_precedence_is_served_where_floors_compete() -> None:
    problem = Problem(
        (party("large", (0,), least=1), party("small", (0,), least=1, precedence=1)),
        (party("X", (0,)),),
        (Pair(0, 0, 900), Pair(1, 0, 10)),
        (1,),
    )
    timetable = solved(problem)
    assert [(seat.producer, seat.buyer) for seat in timetable.meetings] == [(1, 0)]
    assert timetable.short == (Short(0, 1, Reason.PARTNERS_FULL),)


def test_a_confirmed_meeting_of_a_pair_that_is_none_any_more_stays_and_is_worth_nothing() -> None:
    problem = replace(everyone(1, 2, 2), pairs=(Pair(0, 1, 100),), fixed=(Meeting(0, 0, 1, 3),))
    timetable = solved(problem)
    assert [(s.producer, s.buyer, s.slot) for s in timetable.meetings] == [(0, 1, 0), (0, 0, 1)]
    assert timetable.meetings[1].table == 3
    assert timetable.value == 100


def test_nothing_to_do_is_done() -> None:
    timetable = solved(Problem((), (), (), (1,)))
    assert (timetable.meetings, timetable.bound, timetable.gap, timetable.proven) == ((), 0, 0.0, True)


def test_stages_are_told_in_their_order() -> None:
    told: list[Stage] = []
    timetable = solve(everyone(), tell=lambda stage, _: told.append(stage), limit_seconds=LIMIT)
    assert told == [Stage.WHO, Stage.WHEN, Stage.COMFORT, Stage.TABLES, Stage.CHECKING]
    assert [stage for stage, _ in timetable.seconds] == told
    told.clear()
    solve(at_odds(), tell=lambda stage, _: told.append(stage), limit_seconds=LIMIT)
    assert told[:3] == [Stage.WHO, Stage.WHEN, Stage.ONE_STAGE]
    told.clear()
    solve(everyone(), tell=lambda stage, _: told.append(stage), limit_seconds=0)
    assert told[:3] == [Stage.WHO, Stage.FALLBACK, Stage.COMFORT]
