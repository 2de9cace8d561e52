"""Who and when at once, for when the two stages do not meet: slower, and given the time it proves what it finds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array, hstack

from marketplace.trade.timetables.openings import Openings, Step
from marketplace.trade.timetables.when import Grid, Placed

Vector = NDArray[np.float64]

# merits are whole and, but for pairs that must meet, below ten million: a gap this small leaves no better one
RELATIVE_GAP = 1e-7


@dataclass(frozen=True)
class Found:
    """Placed meetings, a bound on their merit with the floors served so, and whether these can be served no better."""

    placed: Placed
    bound: int
    floors_proven: bool

    @property
    def proven(self) -> bool:
        """Nothing is better."""
        return self.floors_proven and sum(candidate.weight for candidate, _ in self.placed) >= self.bound


def solve_at_once(openings: Openings, lacking: Sequence[int], *, left: Callable[[], float]) -> Found:
    """The best timetable, floors first; `lacking` is what their steps lack at least, `left` tells the seconds left.

    When time is up with nothing found, that is what is returned.
    """
    whole = _Whole(openings, left)
    steps = openings.steps
    held = [whole.at_most(step, most) for step, most in zip(steps, lacking, strict=True)]
    floors_proven = True
    best = whole.ask(whole.gain, held)
    if best.status == 2:  # so much cannot be had with these slots: serve one step after the other
        held = []
        for step in steps:
            served = whole.ask(whole.lack(step), held)
            if served.x is None:
                return whole.nothing
            floors_proven = floors_proven and served.status == 0
            held.append(whole.at_most(step, round(served.fun)))
        best = whole.ask(whole.gain, held)
    if best.x is None:
        return whole.nothing
    bound = min(float(whole.nothing.bound), -best.mip_dual_bound + 1e-4)  # out of time it may be endless
    return Found(whole.grid.read(best.x[: whole.grid.size]), math.floor(bound), floors_proven)


class _Whole:
    """The integer programme: x for each candidate and slot, z for each step of a producer's floor that it lacks."""

    def __init__(self, openings: Openings, left: Callable[[], float]) -> None:
        self.left = left
        self.nothing = Found([], sum(candidate.weight for candidate in openings.candidates), floors_proven=False)
        self.openings = openings
        self.grid = grid = Grid(openings, openings.candidates)
        self.owes = [(p, step) for p in range(len(openings.owed)) for step in openings.steps_of(p)]
        weights = np.array([c.weight for c in openings.candidates], dtype=float)[grid.of]
        self.gain = np.concatenate([-weights, np.zeros(len(self.owes))])
        self.rules = [self._wider(rule) for rule in self._rules()]
        self.rules.append(self._floors())

    def lack(self, step: Step) -> Vector:
        """What a step of the floors lacks, as a cost."""
        return np.concatenate([np.zeros(self.grid.size), [float(at == step) for _, at in self.owes]])

    def at_most(self, step: Step, most: int) -> LinearConstraint:
        """A step of the floors lacks no more than that."""
        return LinearConstraint(csr_array(self.lack(step).reshape(1, -1)), ub=float(most))

    def ask(self, cost: Vector, more: list[LinearConstraint]) -> OptimizeResult:
        """The solver's answer in what is left of the time."""
        return milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, 1),
            constraints=[*self.rules, *more],
            options={"time_limit": max(0.0, self.left()), "mip_rel_gap": RELATIVE_GAP},
        )

    def _rules(self) -> list[LinearConstraint]:
        grid, openings = self.grid, self.openings
        room = np.array(openings.producer_room, dtype=float)[np.unique(grid.producer)]
        buyer_room = np.array(openings.buyer_room, dtype=float)[np.unique(grid.buyer)]
        return [
            *grid.hard(),
            LinearConstraint(grid.rows(grid.of), ub=1),
            LinearConstraint(grid.rows(grid.producer), ub=room),
            LinearConstraint(grid.rows(grid.buyer), ub=buyer_room),
        ]

    def _wider(self, rule: LinearConstraint) -> LinearConstraint:
        none = csr_array((rule.A.shape[0], len(self.owes)))
        return LinearConstraint(csr_array(hstack([rule.A, none])), lb=rule.lb, ub=rule.ub)

    def _floors(self) -> LinearConstraint:
        size, steps, producers = self.grid.size, len(self.owes), len(self.openings.owed)
        row = np.concatenate([self.grid.producer, np.array([p for p, _ in self.owes], dtype=np.int64)])
        rows = coo_array((np.ones(size + steps), (row, np.arange(size + steps))), shape=(producers, size + steps))
        return LinearConstraint(csr_array(rows), lb=np.array(self.openings.owed, dtype=float))
