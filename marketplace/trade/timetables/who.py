"""Stage one, who meets whom: a b-matching, solved as a linear programme whose corners are whole numbers.

Producers' floors come first, step by step: everyone's first meeting, then the second, each by precedence; then the
merit. All are flows in one network (what a step serves is one arc's lower bound), so that no rounding is ever needed;
that is asserted. Serving steps in this order serves no fewer in all than any other would.

Where a party's choice does not fit the slots it shares, a row says so and the choice is made again. Such rows may leave
the network: an answer in fractions ends it, and the last whole one stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from marketplace.trade.timetables.crowding import Crowd, crowds
from marketplace.trade.timetables.openings import Openings, Step

Vector = NDArray[np.float64]

WHOLE = 1e-6  # as far from a whole number as rounding in the solver goes
MOST_CROWDS = 200  # far more than were ever seen; each round costs one linear programme


@dataclass(frozen=True)
class Chosen:
    """Indexes of the chosen candidates, what each step of the floors lacks, their merit: no timetable does better."""

    candidates: tuple[int, ...]
    lacking: tuple[int, ...]
    merit: int


class _Fractions(Exception):
    """The programme's corner is not whole."""


def choose(openings: Openings) -> Chosen:
    """The best choice of pairs as far as each party's own slots allow: floors first, then merit."""
    chosen = match(openings)
    known: list[Crowd] = []
    while (found := crowds(openings, chosen.candidates)) and len(known) < MOST_CROWDS:
        known += found
        try:
            chosen = match(openings, known)
        except _Fractions:
            break
    return chosen


def match(openings: Openings, known: Sequence[Crowd] = ()) -> Chosen:
    """The best choice of pairs, whatever the slots, but for the crowds that are known; without any it is a flow."""
    picked: list[int] = []
    if openings.candidates:
        programme = _Programme(openings, known)
        y = programme.solve(programme.gain, spare=False)
        if y is None:  # not every floor can be served: serve as much of each step as those before it leave
            for step in openings.steps:
                programme.hold(step)
            y = programme.solve(programme.gain, spare=True)
            assert y is not None, "what was served before can be served again"
        picked = [int(i) for i in np.flatnonzero(y)]
    lacking, merit = openings.rank(openings.candidates[i] for i in picked)
    return Chosen(tuple(picked), tuple(-step for step in lacking), merit)


class _Programme:
    """The linear programme: y for each candidate, z for each step of a producer's floor that it lacks."""

    def __init__(self, openings: Openings, known: Sequence[Crowd]) -> None:
        candidates = openings.candidates
        self.producers = len(openings.owed)
        self.at_producer = np.array([c.producer for c in candidates])
        degree = np.bincount(self.at_producer, minlength=self.producers)
        # what no choice could serve is not for the programme to weigh
        room = np.array(openings.producer_room)
        reachable = np.minimum(np.minimum(openings.owed, room), degree)
        self.steps = [step for p in range(self.producers) for step in openings.steps_of(p)[: reachable[p]]]
        self.owes = np.repeat(np.arange(self.producers), reachable)
        weights = np.array([c.weight for c in candidates], dtype=float)
        self.gain = np.concatenate([-weights, np.zeros(len(self.steps))])
        self.rows = self._rows(openings)
        total = float(sum(openings.tables))
        self.most = np.concatenate([room, np.array(openings.buyer_room), [total], -reachable]).astype(float)
        for crowd in known:
            counted = np.zeros(len(self.gain))
            counted[list(crowd.candidates)] = 1
            self._add(counted, crowd.most)
        self.flow = not known

    def _rows(self, openings: Openings) -> csr_array:
        n, p, b, k = len(self.at_producer), self.producers, len(openings.buyer_room), len(self.steps)
        each = np.arange(n)
        at_buyer = p + np.array([c.buyer for c in openings.candidates])
        floors = p + b + 1
        row = np.concatenate(
            [self.at_producer, at_buyer, np.full(n, p + b), floors + self.at_producer, floors + self.owes]
        )
        column = np.concatenate([each, each, each, each, n + np.arange(k)])
        entries = np.concatenate([np.ones(3 * n), -np.ones(n + k)])
        return csr_array(coo_array((entries, (row, column)), shape=(floors + p, n + k)))

    def hold(self, step: Step) -> None:
        """Serve this step as well as it can be, and keep it so in all that follows."""
        n = len(self.at_producer)
        lack = np.concatenate([np.zeros(n), [float(at == step) for at in self.steps]])
        x = self._corner(lack, spare=True)
        assert x is not None, "lacking everything is always possible"
        self._add(lack, float(lack @ x))

    def _add(self, row: Vector, most: float) -> None:
        self.rows = csr_array(vstack([self.rows, coo_array(row.reshape(1, -1))]))
        self.most = np.append(self.most, most)

    def solve(self, cost: Vector, *, spare: bool) -> NDArray[np.bool_] | None:
        """The cheapest choice, with floors lacking something or not; None when there is none."""
        x = self._corner(cost, spare=spare)
        return None if x is None else x[: len(self.at_producer)] > 0.5

    def _corner(self, cost: Vector, *, spare: bool) -> Vector | None:
        n, k = len(self.at_producer), len(self.steps)
        upper = np.concatenate([np.ones(n), np.full(k, float(spare))])
        bounds = np.column_stack([np.zeros(n + k), upper])
        done = linprog(cost, A_ub=self.rows, b_ub=self.most, bounds=bounds, method="highs-ds")
        if done.status == 2:
            return None
        assert done.status == 0, done.message
        x: Vector = np.rint(done.x)
        if np.abs(done.x - x).max() > WHOLE:
            assert not self.flow, "a corner of a flow is whole"
            raise _Fractions
        return x
