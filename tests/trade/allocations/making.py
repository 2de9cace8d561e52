"""Small fairs made by chance, and the best placing of one by trying all."""

from itertools import permutations
from random import Random

import numpy as np

from marketplace.trade.allocations.parts import Figures, figures
from marketplace.trade.allocations.problem import Exhibitor, Gathering, Problem, Stand
from marketplace.trade.allocations.solver import worth


def made(people: int, stands: int, seed: int, *, gathering: Gathering, zones: int = 2, sets: int = 3) -> Problem:
    """A row of stands in zones, exhibitors with needs and wishes, all by chance."""
    dice = Random(seed)
    row = tuple(
        Stand(
            f"B{n}",
            f"Z{n * zones // stands}",
            dice.choice([0, 0, 2000]),
            dice.random() < 0.3,
            dice.random() < 0.3,
            dice.choice([40_000, 90_000]),
            dice.random() < 0.2,
            round(dice.random(), 2),
        )
        for n in range(stands)
    )
    crowd = tuple(
        Exhibitor(
            f"E{n}",
            frozenset(dice.sample([f"S{k}" for k in range(sets)], dice.choice([1, 1, 2]))),
            frozenset({f"P{dice.randrange(3)}"}),
            dice.choice([0, 0, 2000]),
            dice.random() < 0.1,
            dice.random() < 0.1,
            dice.choice([0, 40_000, 90_000]),
            (f"Z{dice.randrange(zones)}", f"B{dice.randrange(stands)}"),
            dice.random() < 0.3,
            round(dice.random() * 100, 1),
            round(dice.random(), 2),
        )
        for n in range(people)
    )
    beside = frozenset((f"B{n}", f"B{n + 1}") for n in range(stands - 1))
    return Problem(row, crowd, beside, gathering=gathering)


def most_placed(problem: Problem) -> int:
    """How many can have a stand at most, by trying all (quotas kept)."""
    return max(len(keys) for keys in _placings(problem))


def best_of(problem: Problem, chosen: list[str]) -> float:
    """The value of the best placing of just these, by trying all."""
    facts = figures(problem)
    rows = [n for n, each in enumerate(problem.exhibitors) if each.key in chosen]
    facts = Figures(facts.gain[rows], facts.allowed[rows], facts.rivals[np.ix_(rows, rows)], facts.cost)
    ways = permutations(range(len(problem.stands)), len(rows))
    return max(worth(facts, np.array(at)) for at in ways if all(facts.allowed[n, s] for n, s in enumerate(at)))


def _placings(problem: Problem) -> list[list[str]]:
    """Every set of exhibitors that fits, each once for every way."""
    found: list[list[str]] = []

    def go(n: int, taken: set[str], chosen: list[str]) -> None:
        if n == len(problem.exhibitors):
            if all(_count(problem, chosen, mark) <= most for mark, most in problem.quotas.items()):
                found.append(list(chosen))
            return
        one = problem.exhibitors[n]
        go(n + 1, taken, chosen)
        for stand in problem.stands:
            if stand.key not in taken and not one.lacks(stand):
                go(n + 1, taken | {stand.key}, [*chosen, one.key])

    go(0, set(), [])
    return found


def _count(problem: Problem, chosen: list[str], mark: str) -> int:
    return sum(mark in each.places for each in problem.exhibitors if each.key in chosen)
