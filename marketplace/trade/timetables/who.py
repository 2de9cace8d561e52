"""Stage one, who meets whom: a b-matching, solved as a linear programme whose corners are whole numbers.

Producers' floors come first, the highest precedence before the next; then the merit. Both are flows in one network
(floors of a precedence are one arc's lower bound), so that no rounding is ever needed; that is asserted.

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
from marketplace.trade.timetables.openings import Openings

Vector = NDArray[np.float64]

MOST_CROWDS = 200  # far more than were ever seen; each round costs one linear programme


@dataclass(frozen=True)
class Chosen:
    """Indexes of the chosen candidates, their merit, and what each producer's floor lacks: no timetable does better."""

    candidates: tuple[int, ...]
    merit: int
    missing: tuple[int, ...]


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
    if not openings.candidates:
        return Chosen((), 0, openings.owed)
    programme = _Programme(openings, known)
    y = programme.solve(programme.gain, np.zeros(programme.producers))
    if y is None:
        y = _floors_first(programme, openings)
    picked = tuple(int(i) for i in np.flatnonzero(y))
    met = np.zeros(len(openings.owed), dtype=int)
    np.add.at(met, programme.at_producer[y], 1)
    missing = tuple(max(0, owed - int(had)) for owed, had in zip(openings.owed, met, strict=True))
    return Chosen(picked, sum(openings.candidates[i].weight for i in picked), missing)


def _floors_first(programme: "_Programme", openings: Openings) -> NDArray[np.bool_]:
    """Not every floor can be served: serve as much of each precedence as the higher ones leave."""
    precedence = np.array(openings.precedence)
    for level in sorted({int(p) for p in precedence}, reverse=True):
        of_level = (precedence == level).astype(float)
        programme.hold(of_level)
    y = programme.solve(programme.gain, programme.reachable)
    assert y is not None, "what was served before can be served again"
    return y


class _Programme:
    """The linear programme: y for each candidate, z for what a producer's floor lacks."""

    def __init__(self, openings: Openings, known: Sequence[Crowd]) -> None:
        candidates = openings.candidates
        self.producers = len(openings.owed)
        self.at_producer = np.array([c.producer for c in candidates])
        self.gain = np.concatenate([-np.array([c.weight for c in candidates], dtype=float), np.zeros(self.producers)])
        degree = np.bincount(self.at_producer, minlength=self.producers)
        room = np.array(openings.producer_room)
        # what no choice could serve is not for the programme to weigh
        self.reachable = np.minimum(np.minimum(openings.owed, room), degree).astype(float)
        self.rows = self._rows(openings)
        total = float(sum(openings.tables))
        self.most = np.concatenate([room, np.array(openings.buyer_room), [total], -self.reachable]).astype(float)
        for crowd in known:
            counted = np.zeros(len(self.gain))
            counted[list(crowd.candidates)] = 1
            self._add(counted, crowd.most)
        self.flow = not known

    def _rows(self, openings: Openings) -> csr_array:
        n, p, b = len(self.at_producer), self.producers, len(openings.buyer_room)
        each = np.arange(n)
        at_buyer = p + np.array([c.buyer for c in openings.candidates])
        floors = p + b + 1 + np.arange(p)
        row = np.concatenate([self.at_producer, at_buyer, np.full(n, p + b), floors[self.at_producer], floors])
        column = np.concatenate([each, each, each, each, n + np.arange(p)])
        entries = np.concatenate([np.ones(3 * n), -np.ones(n + p)])
        return csr_array(coo_array((entries, (row, column)), shape=(2 * p + b + 1, n + p)))

    def hold(self, of_level: Vector) -> None:
        """Serve this level's floors as well as they can be, and keep it so in all that follows."""
        n = len(self.at_producer)
        lack = np.concatenate([np.zeros(n), of_level])
        y = self.solve(lack, self.reachable)
        assert y is not None, "lacking everything is always possible"
        met = np.bincount(self.at_producer[y], minlength=self.producers)
        lacking = float(np.maximum(self.reachable - met, 0) @ of_level)
        self._add(lack, lacking)

    def _add(self, row: Vector, most: float) -> None:
        self.rows = csr_array(vstack([self.rows, coo_array(row.reshape(1, -1))]))
        self.most = np.append(self.most, most)

    def solve(self, cost: Vector, slack: Vector) -> NDArray[np.bool_] | None:
        """The cheapest choice with floors lacking at most `slack`, or None when there is none."""
        n = len(self.at_producer)
        upper = np.concatenate([np.ones(n), slack])
        bounds = np.column_stack([np.zeros(n + self.producers), upper])
        done = linprog(cost, A_ub=self.rows, b_ub=self.most, bounds=bounds, method="highs-ds")
        if done.status == 2:
            return None
        assert done.status == 0, done.message
        y = np.rint(done.x[:n])
        if np.abs(done.x[:n] - y).max() > 1e-6:
            assert not self.flow, "a corner of a flow is whole"
            raise _Fractions
        chosen: NDArray[np.bool_] = y > 0.5
        return chosen
