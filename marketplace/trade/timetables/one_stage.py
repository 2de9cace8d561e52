"""Who and when at once, for when the two stages do not meet: slower, and given the time it proves what it finds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array, hstack

from marketplace.trade.timetables.openings import Openings
from marketplace.trade.timetables.when import Grid, Placed

Vector = NDArray[np.float64]

# merits are whole and below ten million, so that a gap this small leaves no better one
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


def solve_at_once(openings: Openings, missing: Sequence[int], *, left: Callable[[], float]) -> Found:
    """The best timetable, floors first; `missing` is what they lack at least, `left` tells the seconds that are left.

    When time is up with nothing found, that is what is returned.
    """
    whole = _Whole(openings, left)
    levels = sorted(set(openings.precedence), reverse=True)
    least = [sum(m for m, p in zip(missing, openings.precedence, strict=True) if p == level) for level in levels]
    held = [whole.at_most(level, most) for level, most in zip(levels, least, strict=True)]
    floors_proven = True
    best = whole.ask(whole.gain, held)
    if best.status == 2:  # so much cannot be had with these slots: serve one precedence after the other
        held = []
        for level in levels:
            served = whole.ask(whole.lack(level), held)
            if served.x is None:
                return whole.nothing
            floors_proven = floors_proven and served.status == 0
            held.append(whole.at_most(level, round(served.fun)))
        best = whole.ask(whole.gain, held)
    if best.x is None:
        return whole.nothing
    bound = min(float(whole.nothing.bound), -best.mip_dual_bound + 1e-4)  # out of time it may be endless
    return Found(whole.grid.read(best.x[: whole.grid.size]), math.floor(bound), floors_proven)


class _Whole:
    """The integer programme: x for each candidate and slot, z for what each producer's floor lacks."""

    def __init__(self, openings: Openings, left: Callable[[], float]) -> None:
        self.left = left
        self.nothing = Found([], sum(candidate.weight for candidate in openings.candidates), floors_proven=False)
        self.openings = openings
        self.grid = grid = Grid(openings, openings.candidates)
        self.producers = len(openings.owed)
        weights = np.array([c.weight for c in openings.candidates], dtype=float)[grid.of]
        self.gain = np.concatenate([-weights, np.zeros(self.producers)])
        self.rules = [self._wider(rule) for rule in self._rules()]
        self.rules.append(self._floors())

    def lack(self, level: int) -> Vector:
        """What the floors of a precedence lack, as a cost."""
        of_level = np.array([precedence == level for precedence in self.openings.precedence], dtype=float)
        return np.concatenate([np.zeros(self.grid.size), of_level])

    def at_most(self, level: int, most: int) -> LinearConstraint:
        """The floors of a precedence lack no more than that."""
        return LinearConstraint(csr_array(self.lack(level).reshape(1, -1)), ub=float(most))

    def ask(self, cost: Vector, more: list[LinearConstraint]) -> OptimizeResult:
        """The solver's answer in what is left of the time."""
        return milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, np.concatenate([np.ones(self.grid.size), np.array(self.openings.owed, dtype=float)])),
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
        none = csr_array((rule.A.shape[0], self.producers))
        return LinearConstraint(csr_array(hstack([rule.A, none])), lb=rule.lb, ub=rule.ub)

    def _floors(self) -> LinearConstraint:
        size, each = self.grid.size, np.arange(self.producers)
        row = np.concatenate([self.grid.producer, each])
        column = np.concatenate([np.arange(size), size + each])
        shape = (self.producers, size + self.producers)
        return LinearConstraint(
            csr_array(coo_array((np.ones(len(row)), (row, column)), shape=shape)),
            lb=np.array(self.openings.owed, dtype=float),
        )
