"""The optimiser beside trying all, its bound, what it keeps and says; and the checker, which knows no optimiser."""

from dataclasses import replace

import pytest

from bench.booths import taking_turns, value_of
from marketplace.trade.allocations.jobs import result_of
from marketplace.trade.allocations.parts import Part
from marketplace.trade.allocations.problem import Exhibitor, Gathering, Need, Problem, Stand, Weights
from marketplace.trade.allocations.reasons import Left, Why, check, explain, explain_left, gathered
from marketplace.trade.allocations.solver import Outcome, solve
from marketplace.trade.allocations.spots import Box, gap, neighbours, quality
from tests.trade.allocations.making import best_of, made, most_placed

COLD, PLAIN = Stand("C", cold=True), Stand("A")


@pytest.mark.parametrize("gathering", list(Gathering))
@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_trying_all(seed: int, gathering: Gathering) -> None:
    problem = made(5, 6, seed, gathering=gathering)
    outcome = solve(problem)
    assert check(problem, outcome.placed) == []
    assert len(outcome.placed) == most_placed(problem)
    best = best_of(problem, list(outcome.placed)) if outcome.placed else 0.0
    assert outcome.value == pytest.approx(best)
    assert outcome.bound >= best - 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_quotas_are_kept_and_as_many_placed_as_they_allow(seed: int) -> None:
    problem = replace(made(5, 6, seed, gathering=Gathering.FREE), quotas={"P0": 1, "P1": 1})
    outcome = solve(problem)
    assert check(problem, outcome.placed) == []
    assert len(outcome.placed) == most_placed(problem)


def test_the_same_problem_gives_the_same_answer() -> None:
    problem = made(12, 14, 3, gathering=Gathering.SPREAD)
    again = Problem.from_json(problem.to_json())
    assert (again, again.digest) == (problem, problem.digest)
    assert solve(problem) == solve(again)


@pytest.mark.parametrize("gathering", list(Gathering))
def test_a_bigger_fair_is_sound_and_better_than_taking_turns(gathering: Gathering) -> None:
    problem = made(60, 70, 1, gathering=gathering, zones=4, sets=6)
    outcome = solve(problem, shakes=5)
    assert check(problem, outcome.placed) == []
    turns = taking_turns(problem)
    assert len(outcome.placed) >= len(turns)
    assert outcome.bound >= outcome.value > value_of(problem, turns)


def test_needs_come_before_wishes_and_merit_decides_who_is_left() -> None:
    fish, meat = Exhibitor("fish", cold=True, merit=1), Exhibitor("meat", cold=True, merit=2, wishes=("A",))
    tea = Exhibitor("tea", wishes=("C",))
    problem = Problem((COLD, PLAIN), (fish, meat, tea))
    outcome = solve(problem)
    assert outcome.placed == {"meat": "C", "tea": "A"}
    assert explain_left(problem, outcome) == {"fish": Left(Why.TOO_FEW, (Need.COLD,), 2, 1)}
    told = explain(problem, outcome)
    assert (told["meat"].met, told["meat"].against, told["meat"].pinned) == ((Need.COLD,), (), False)
    assert [(each.part, each.share) for each in told["tea"].parts] == [(Part.THRIFT, 1)]


def test_parts_add_up_to_the_value() -> None:
    problem = replace(made(5, 6, 4, gathering=Gathering.FREE), weights=Weights(apart=0))
    outcome = solve(problem)
    assert sum(each.points for each in explain(problem, outcome).values()) == pytest.approx(outcome.value)


def test_competitors_stand_apart_where_they_can() -> None:
    row = tuple(Stand(f"B{n}") for n in range(3))
    beside = frozenset({("B0", "B1"), ("B1", "B2")})
    tea, also, honey = (
        Exhibitor(key, frozenset({which})) for key, which in (("t", "tea"), ("u", "tea"), ("h", "honey"))
    )
    problem = Problem(row, (tea, also, honey), beside)
    outcome = solve(problem)
    assert outcome.placed["h"] == "B1"
    assert (gathered(problem, outcome.placed), outcome.gap) == ((0, 0), 0)
    tight = Problem(row[:2], (tea, also), frozenset({("B0", "B1")}))
    squeezed = solve(tight)
    assert gathered(tight, squeezed.placed) == (1, 0)
    assert explain(tight, squeezed)["t"].beside == ("u",)


@pytest.mark.parametrize(("gathering", "shared"), [(Gathering.GROUPED, 2), (Gathering.SPREAD, 0)])
def test_sets_gather_in_a_zone_or_lie_in_all(gathering: Gathering, shared: int) -> None:
    row = tuple(Stand(f"B{n}", f"Z{n // 2}") for n in range(4))
    people = tuple(Exhibitor(f"E{n}", frozenset({f"S{n % 2}"})) for n in range(4))
    problem = Problem(row, people, gathering=gathering)
    outcome = solve(problem)
    assert gathered(problem, outcome.placed) == (0, shared)
    assert {each.in_zone for each in explain(problem, outcome).values()} == {shared // 2}


def test_a_pin_holds_even_against_a_need_and_is_said() -> None:
    problem = Problem((COLD, PLAIN), (Exhibitor("fish", cold=True, pinned="A"), Exhibitor("tea", wishes=("A",))))
    outcome = solve(problem)
    assert outcome.placed == {"fish": "A", "tea": "C"}
    told = explain(problem, outcome)["fish"]
    assert (told.pinned, told.against, check(problem, outcome.placed)) == (True, (Need.COLD,), [])


def test_who_stood_badly_last_time_is_favoured_and_who_stands_stays() -> None:
    good, poor = Stand("G", quality=1.0), Stand("P", quality=0.0)
    problem = Problem((good, poor), (Exhibitor("a", owed=0.2), Exhibitor("b", owed=0.9)))
    assert solve(problem).placed == {"a": "P", "b": "G"}
    settled = Problem((good, poor), (Exhibitor("a", owed=0.2, former="G"), Exhibitor("b", owed=0.9, former="P")))
    assert solve(settled).placed == {"a": "G", "b": "P"}


def test_a_corner_and_thrift() -> None:
    corner, wet = Stand("K", corner=True), Stand("W", power_w=2000, water=True)
    problem = Problem((wet, corner), (Exhibitor("a", corner=True), Exhibitor("b", power_w=1000, water=True)))
    assert solve(problem).placed == {"a": "K", "b": "W"}


@pytest.mark.parametrize(
    ("problem", "left"),
    [
        (Problem((PLAIN,), (Exhibitor("x", cold=True),)), Left(Why.NOTHING_FITS, (Need.COLD,))),
        (
            Problem((COLD, Stand("W", water=True)), (Exhibitor("x", cold=True, water=True),)),
            Left(Why.NOTHING_FITS, (Need.WATER, Need.COLD)),
        ),
        (
            Problem((PLAIN, Stand("B")), (Exhibitor("x", places=frozenset({"p"})),), quotas={"p": 0}),
            Left(Why.QUOTA, place="p"),
        ),
        (Problem((PLAIN,), (Exhibitor("x"), Exhibitor("y", merit=1))), Left(Why.FULL, (), 2, 1)),
        (Problem((), (Exhibitor("x"),)), Left(Why.NOTHING_FITS)),
    ],
)
def test_why_somebody_stands_nowhere(problem: Problem, left: Left) -> None:
    outcome = solve(problem)
    assert explain_left(problem, outcome) == {"x": left}


def test_nobody_to_place() -> None:
    assert solve(Problem((PLAIN,), ())) == Outcome({}, 0.0, 0.0, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"stands": (PLAIN, PLAIN)},
        {"exhibitors": (Exhibitor("x"), Exhibitor("x"))},
        {"exhibitors": (Exhibitor("x", pinned="A"), Exhibitor("y", pinned="A"))},
        {"exhibitors": (Exhibitor("x", pinned="Q"),)},
        {"beside": frozenset({("A", "Q")})},
    ],
)
def test_a_problem_that_contradicts_itself(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"twice|pinned|not there"):
        Problem(**{"stands": (PLAIN, COLD), "exhibitors": (), **said})  # type: ignore[arg-type] # by chance of kind


@pytest.mark.parametrize(
    ("placed", "wrong"),
    [
        ({"who": "A"}, "who: nobody"),
        ({"x": "Q"}, "Q: no stand"),
        ({"x": "A", "y": "A"}, "A: 2 exhibitors"),
        ({"z": "A"}, "z: lacks cold in A"),
        ({"p": "A"}, "p: not where pinned"),
        ({"x": "A", "y": "C"}, "here: over its quota"),
    ],
)
def test_the_checker_finds_what_is_wrong(placed: dict[str, str], wrong: str) -> None:
    here = frozenset({"here"})
    people = (
        Exhibitor("x", places=here),
        Exhibitor("y", places=here),
        Exhibitor("z", cold=True),
        Exhibitor("p", pinned="C"),
    )
    problem = Problem((PLAIN, COLD), people, quotas={"here": 1})
    assert wrong in check(problem, placed)
    with pytest.raises(ValueError, match=wrong):
        result_of(problem, Outcome(placed, 0, 0, 0))


def test_side_by_side_is_less_than_an_aisle_and_not_corner_to_corner() -> None:
    a, b, c = Box("a", 1, 0, 0, 300, 300), Box("b", 1, 300, 0, 300, 300), Box("c", 1, 600, 300, 300, 300)
    back, far, other = Box("d", 1, 0, 359, 300, 300), Box("e", 1, 0, 720, 300, 300), Box("f", 2, 300, 0, 300, 300)
    assert neighbours([a, b, c, back, far, other]) == {("a", "b"), ("a", "d")}  # e lies 61 cm behind d
    assert (gap(a, b), gap(a, c), gap(b, c)) == (0, 300, 0)


def test_what_a_spot_is_worth() -> None:
    box, door = Box("a", 1, 0, 0, 300, 300), Box("", 1, 0, 300, 200, 20)
    assert quality(box, [door], open_sides=1, reach=1000) == 0.6
    assert quality(box, [door], open_sides=3, reach=1000) == 1.0
    assert quality(Box("a", 1, 800, 0, 300, 300), [door], open_sides=1, reach=1000) == 0.24
    assert quality(box, [Box("", 2, 0, 0, 1, 1)], open_sides=1, reach=1000) == 0.3
