"""The engine's parts: who against a flow, one stage out of time, the last resort, comfort, tables, reasons."""

from collections import Counter, defaultdict
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given, settings

from bench.fairs import fair
from marketplace.trade.timetables.comfort import ease, idle
from marketplace.trade.timetables.crowding import Crowd, crowds, too_few
from marketplace.trade.timetables.engine import COMFORT_STEPS, solve
from marketplace.trade.timetables.fallback import slot_by_slot
from marketplace.trade.timetables.one_stage import solve_at_once
from marketplace.trade.timetables.openings import Openings
from marketplace.trade.timetables.problem import Meeting, Pair, Party, Problem
from marketplace.trade.timetables.seating import seat
from marketplace.trade.timetables.shortfalls import shortfalls
from marketplace.trade.timetables.timetable import Reason, Short
from marketplace.trade.timetables.when import place
from marketplace.trade.timetables.who import Chosen, choose, match
from tests.trade.timetables.cases import LIMIT, everyone, party, problems

MANY = settings(deadline=None, max_examples=150)


def flow_rank(openings: Openings) -> tuple[list[int], int]:
    """The rank of the best choice by min-cost flow: an arc of a step is worth more than all that comes after."""
    network = nx.DiGraph()
    more = 1 + sum(c.weight for c in openings.candidates)
    much = more + sum(openings.owed)
    worth = {step: -(much**nth) for nth, step in enumerate(reversed(openings.steps), start=1)}
    tables = sum(openings.tables)
    network.add_node("from", demand=-tables)
    network.add_node("to", demand=tables)
    network.add_edge("from", "to", capacity=tables, weight=0)
    network.add_edge("from", "all", capacity=tables, weight=0)
    for i, room in enumerate(openings.producer_room):
        steps = openings.steps_of(i)[:room]
        for step in steps:
            network.add_edge("all", (step, i), capacity=1, weight=worth[step])
            network.add_edge((step, i), ("P", i), capacity=1, weight=0)
        network.add_edge("all", ("P", i), capacity=room - len(steps), weight=0)
    for i, room in enumerate(openings.buyer_room):
        network.add_edge(("B", i), "to", capacity=room, weight=0)
    for c in openings.candidates:
        network.add_edge(("P", c.producer), ("B", c.buyer), capacity=1, weight=-c.weight)
    _, flow = nx.network_simplex(network)
    return openings.rank(c for c in openings.candidates if flow["P", c.producer]["B", c.buyer])


def chosen_rank(chosen: Chosen) -> tuple[list[int], int]:
    return [-lacking for lacking in chosen.lacking], chosen.merit


@MANY
@given(problems(most_parties=6, most_slots=4))
def test_stage_one_has_the_value_of_a_min_cost_flow(problem: Problem) -> None:
    openings = Openings.of(problem)
    assert chosen_rank(match(openings)) == flow_rank(openings)


@pytest.mark.parametrize(("tables", "buyers"), [(20, 30), (5, 30), (20, 7)])
def test_stage_one_has_the_value_of_a_flow_for_a_whole_fair(tables: int, buyers: int) -> None:
    """Enough of all; too few tables for every floor; too few buyers for them."""
    openings = Openings.of(fair(90, buyers, 12, seed=5, tables=tables, there=(0.8, 0.9)))
    assert chosen_rank(match(openings)) == flow_rank(openings)


def test_everyones_first_meeting_comes_before_anyones_second() -> None:
    """One buyer with four slots: three producers that want two each get one, and the higher precedence the fourth."""
    problem = everyone(3, 2, 4, least=2, tables=1)
    producers = (*problem.producers[:2], replace(problem.producers[2], precedence=1))
    timetable = solve(replace(problem, producers=producers), limit_seconds=LIMIT)
    assert Counter(s.producer for s in timetable.meetings) == {0: 1, 1: 1, 2: 2}


def test_wishes_that_crowd_into_too_few_slots_are_found() -> None:
    assert too_few([]) == too_few([(0, 1), (0,), (1, 2)]) == frozenset()
    assert too_few([(0, 1, 2), (0, 1), (1,), (0,)]) == {0, 1}


def test_stage_one_leaves_out_what_a_partys_own_slots_cannot_hold() -> None:
    """X and Z are there in slot 0 alone: A meets one of them, the dearer, and B's row in the other slot is its own."""
    problem = Problem(
        (party("A", (0, 1)), party("B", (0, 1))),
        (party("X", (0,)), party("Y", (0, 1)), party("Z", (0,))),
        (Pair(0, 0, 300), Pair(0, 2, 200), Pair(1, 1, 50)),
        (5, 5),
    )
    openings = Openings.of(problem)
    assert (match(openings).merit, choose(openings).merit) == (550, 350)
    assert crowds(openings, match(openings).candidates) == [Crowd((0, 1), 1)]


@pytest.mark.parametrize(("there", "seed"), [(0.3, 0), (0.4, 4), (0.3, 4)])
def test_stage_one_bounds_what_can_be_had(there: float, seed: int) -> None:
    """The last of these comes to fractions after some rounds of rows; the whole choice before it stands."""
    openings = Openings.of(fair(120, 40, 16, seed=seed, tables=40, there=(there, there)))
    chosen = choose(openings)
    found = solve_at_once(openings, chosen.lacking, left=lambda: LIMIT)
    assert found.proven
    assert sum(candidate.weight for candidate, _ in found.placed) <= chosen.merit <= match(openings).merit


def test_the_second_stage_says_when_there_is_no_slot() -> None:
    problem = replace(everyone(1, 2, 2), buyers=(party("B0", (0,)), party("B1", (0,))))
    openings = Openings.of(problem)
    assert place(openings, openings.candidates, limit_seconds=LIMIT) is None


@pytest.mark.parametrize("answers", [0, 1])
def test_one_stage_out_of_time_has_nothing_and_proves_nothing(answers: int) -> None:
    """It is told that time is up at its first question, or (floors beyond what slots allow) at its second."""
    openings = Openings.of(fair(120, 40, 16, seed=1, tables=40, there=(0.3, 0.3)))
    chosen = choose(openings)
    seconds = iter([LIMIT] * answers + [0.0] * 9)
    found = solve_at_once(
        openings, [0] * len(openings.steps) if answers else chosen.lacking, left=lambda: next(seconds)
    )
    assert (found.placed, found.floors_proven, found.proven) == ([], False, False)
    assert found.bound >= chosen.merit


def test_the_last_resort_is_near_the_best_and_gets_better_by_asking_again() -> None:
    problem = fair(120, 40, 16, seed=1, tables=40, there=(0.8, 0.9))
    openings = Openings.of(problem)
    merit = sum(candidate.weight for candidate, _ in slot_by_slot(openings))
    assert 0.95 * choose(openings).merit < merit <= choose(openings).merit


@pytest.mark.parametrize(
    ("busy", "there", "slots"),
    [(0, 0b1111, 0), (0b0100, 0b1111, 0), (0b1001, 0b1111, 2), (0b1001, 0b1011, 1), (0b110110, 0b111111, 1)],
)
def test_idle_slots_lie_between_meetings_and_breaks_are_none(busy: int, there: int, slots: int) -> None:
    assert idle(busy, there) == slots


@MANY
@given(problems(most_parties=6, most_slots=4))
def test_comfort_keeps_meetings_and_rules_and_never_adds_waiting(problem: Problem) -> None:
    """The engine checks every rule of what comes out; here: the same pairs, and settled ones where they were."""
    timetable = solve(problem, limit_seconds=0)
    places = [(s.producer, s.buyer, s.slot) for s in timetable.meetings]
    eased = ease(problem, places, settled={place[:2] for place in places[:1]}, steps=COMFORT_STEPS)
    assert sorted(place[:2] for place in eased.places) == sorted(place[:2] for place in places)
    assert set(places[:1]) <= set(eased.places)
    assert eased.after <= eased.before == timetable.idle_after


def test_comfort_closes_a_gap_and_stops_after_its_steps() -> None:
    problem = everyone(1, 2, 4)
    apart = [(0, 0, 0), (0, 1, 3)]
    eased = ease(problem, apart, settled=(), steps=100)
    assert (eased.before, eased.after) == (2, 0)
    assert ease(problem, apart, settled=(), steps=0).places == apart
    assert ease(problem, apart, settled={(0, 0), (0, 1)}, steps=100).places == apart
    assert ease(replace(problem, tables=(1, 0, 0, 1)), apart, settled=(), steps=100).places == apart


def test_comfort_leaves_a_chain_that_a_settled_meeting_holds() -> None:
    """P0 waits; its meeting in slot 0 could go to slot 1 only if B0's of slot 1 went to slot 0, and that is settled."""
    buyers = (party("B0", (0, 1)), party("B1", (2,)))
    problem = replace(everyone(2, 2, 3), buyers=buyers)
    places = [(0, 0, 0), (0, 1, 2), (1, 0, 1)]
    assert ease(problem, places, settled={(1, 0)}, steps=100).places == places
    assert ease(problem, places, settled=(), steps=100).places == [(0, 0, 1), (0, 1, 2), (1, 0, 0)]


def test_a_buyer_keeps_one_table_when_there_are_as_many_tables_as_buyers() -> None:
    problem = fair(60, 20, 12, seed=4, tables=20, there=(0.8, 0.9))
    timetable = solve(problem, limit_seconds=LIMIT)
    tables = defaultdict(set)
    for s in timetable.meetings:
        tables[s.buyer].add(s.table)
    assert {len(at) for at in tables.values()} == {1}
    assert len(set.union(*tables.values())) == len(tables), "and nobody else has it"


def test_buyers_that_are_not_there_together_share_a_table() -> None:
    problem = everyone(2, 2, 4, tables=1)
    seats = seat(problem, [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3)])
    assert [s.table for s in seats] == [0, 0, 0, 0]


def test_a_buyer_stays_at_the_table_it_was_told_and_where_it_was_before() -> None:
    problem = replace(everyone(2, 2, 3), fixed=(Meeting(0, 0, 0, 4),), former=(Meeting(1, 1, 0, 2), Meeting(0, 1, 2)))
    seats = seat(problem, [(0, 0, 0), (1, 0, 2), (0, 1, 1), (1, 1, 0)])
    assert {(s.buyer, s.slot): s.table for s in seats} == {(0, 0): 4, (0, 2): 4, (1, 1): 2, (1, 0): 2}


def test_who_must_leave_its_table_sits_at_a_free_one_and_stays_there() -> None:
    """Three buyers at two tables, never more than two at a time: the third moves in with whoever is away."""
    problem = everyone(3, 3, 4, tables=2)
    places = [(0, 0, 0), (1, 1, 0), (0, 1, 1), (1, 2, 1), (2, 2, 2), (0, 0, 2), (2, 0, 3), (1, 2, 3)]
    seats = seat(problem, places)
    assert Counter(len({s.table for s in seats if s.buyer == buyer}) for buyer in range(3)) == {1: 2, 2: 1}
    assert len({(s.slot, s.table) for s in seats}) == len(places)


DAY = (0, 1, 2)


@pytest.mark.parametrize(
    ("producer", "buyers", "tables", "reason"),
    [
        (party("P", (0,), 2, 2), (party("X", DAY), party("Y", DAY)), 9, Reason.NOT_AVAILABLE),
        (party("P", DAY, 2, 2), (party("X", DAY),), 9, Reason.NO_PARTNERS),
        (party("P", (0, 1), 2, 2), (party("X", (0,)), party("Y", (2,))), 9, Reason.NO_COMMON_SLOT),
        (party("P", (0, 1), 2, 2), (party("X", DAY), party("Y", DAY, 0)), 9, Reason.PARTNERS_FULL),
        (party("P", (0, 1), 2, 2), (party("X", (0, 2)), party("Y", (0,))), 9, Reason.CLASHES),
        (party("P", (0, 1), 2, 2), (party("X", DAY), party("Y", DAY)), 0, Reason.NO_ROOM),
    ],
)
def test_the_plainest_reason_is_told(producer: Party, buyers: tuple[Party, ...], tables: int, reason: Reason) -> None:
    problem = replace(
        everyone(1, len(buyers), 3),
        producers=(producer,),
        buyers=buyers,
        tables=(1, tables, tables),
    )
    timetable = solve(problem, limit_seconds=LIMIT)
    assert timetable.short == (Short(0, 1, reason),)
    assert timetable.floors_proven


def test_a_producer_whose_only_meeting_is_of_no_pair_has_no_partners() -> None:
    problem = replace(everyone(1, 1, 2, least=2), pairs=(), fixed=(Meeting(0, 0, 0),))
    assert shortfalls(problem, [(0, 0, 0)]) == (Short(0, 1, Reason.NO_PARTNERS),)


def test_pairs_that_never_coincide_are_no_candidates() -> None:
    problem = Problem((party("P", (0,)),), (party("X", (1,)),), (Pair(0, 0, 5),), (1, 1))
    assert Openings.of(problem).candidates == ()
