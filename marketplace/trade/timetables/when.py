"""Stage two, when: a slot for each chosen pair. If there is one, stage one's value is reached, and that is a proof.

The programme asks for feasibility, in equality form: the solver is quick at that and slow at weighing slots, so comfort
comes later. Only a former meeting's slot has a weight.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from marketplace.trade.timetables.openings import Candidate, Openings

Indexes = NDArray[np.int64]
Placed = list[tuple[Candidate, int]]


class Grid:
    """A variable for each candidate and each slot it could have; rows that keep everyone from being in two places."""

    def __init__(self, openings: Openings, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        self.of = np.array([i for i, c in enumerate(candidates) for _ in c.slots], dtype=np.int64)
        self.slot = np.array([slot for c in candidates for slot in c.slots], dtype=np.int64)
        self.producer = np.array([c.producer for c in candidates], dtype=np.int64)[self.of]
        self.buyer = np.array([c.buyer for c in candidates], dtype=np.int64)[self.of]
        self.size = len(self.of)
        self.tables = np.array(openings.tables, dtype=float)
        self.stays = np.array(
            [openings.stays.get((c.producer, c.buyer), -1) == slot for c in candidates for slot in c.slots], dtype=float
        )

    def rows(self, groups: Indexes) -> csr_array:
        """A row for each group, in ascending order, summing its variables."""
        _, row = np.unique(groups, return_inverse=True)
        return csr_array(coo_array((np.ones(self.size), (row, np.arange(self.size)))))

    def hard(self) -> list[LinearConstraint]:
        """Nobody twice in a slot, and no more meetings than tables."""
        slots = len(self.tables)
        return [
            LinearConstraint(self.rows(self.producer * slots + self.slot), ub=1),
            LinearConstraint(self.rows(self.buyer * slots + self.slot), ub=1),
            LinearConstraint(self.rows(self.slot), ub=self.tables[np.unique(self.slot)]),
        ]

    def read(self, x: NDArray[np.float64]) -> Placed:
        """The meetings of a solution."""
        return [(self.candidates[self.of[v]], int(self.slot[v])) for v in np.flatnonzero(x > 0.5)]


def place(openings: Openings, chosen: Sequence[Candidate], *, limit_seconds: float) -> Placed | None:
    """A slot for every chosen pair, former ones in their slot where it can be; None if there is none or time is up."""
    if not chosen:
        return []
    grid = Grid(openings, chosen)
    each = LinearConstraint(grid.rows(grid.of), lb=1, ub=1)
    done = milp(
        -grid.stays,
        integrality=np.ones(grid.size),
        bounds=Bounds(0, 1),
        constraints=[each, *grid.hard()],
        options={"time_limit": limit_seconds},
    )
    return None if done.x is None else grid.read(done.x)
