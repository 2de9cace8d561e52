"""The optimiser: who is placed at all, then where, then how far from the best that can be.

1. Who: as many as can be, those of merit first, needs and quotas kept. Without binding quotas a linear assignment; with
   them a linear programme (quotas lie in each other or beside each other, so its corners are whole).
2. Where: from the best assignment of the parts alone, by the best exchange of two, or move to a free stand, until none
   helps; then from shaken placings, a fixed number of times, so that the same problem gives the same answer.
3. How far: no placing is worth more than the best assignment in which each exhibitor's competitors lie as well for it
   as they could (Gilmore 1962, Lawler 1963), so the gap to that bound is told, and 0 means proven.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

from marketplace.trade.allocations.parts import Figures, Matrix, figures
from marketplace.trade.allocations.problem import Problem

NEVER = -1e9
EPSILON = 1e-7
SHAKES = 6_000  # divided among the exhibitors, so that a big fair is done in seconds
FEWEST, MOST = 20, 200
Ints = NDArray[np.int_]


@dataclass(frozen=True)
class Outcome:
    """Stand by exhibitor, by key; the value, a bound no placing passes, and how often it was shaken."""

    placed: dict[str, str]
    value: float
    bound: float
    shakes: int

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound; 0: proven best."""
        return max(0.0, self.bound - self.value) / max(abs(self.bound), 1.0) if self.bound - self.value > 1e-6 else 0.0


def solve(problem: Problem, *, shakes: int | None = None) -> Outcome:
    """The best placing found; `shakes`: how often to start anew, by the fair's size unless said."""
    facts = figures(problem)
    chosen = _who(problem, facts)
    if not len(chosen):
        return Outcome({}, 0.0, 0.0, 0)
    facts = Figures(facts.gain[chosen], facts.allowed[chosen], facts.rivals[np.ix_(chosen, chosen)], facts.cost)
    bound = _bound(facts)
    best = _improve(facts, _assign(facts))
    value = worth(facts, best)
    rng = np.random.default_rng(int(problem.digest[:12], 16))
    done, most = 0, max(FEWEST, min(MOST, SHAKES // len(chosen))) if shakes is None else shakes
    while done < most and bound - value > EPSILON:
        other = _improve(facts, _shake(facts, best, rng))
        done += 1
        if (found := worth(facts, other)) > value + EPSILON:
            best, value = other, found
    keys = [problem.exhibitors[i].key for i in chosen]
    placed = {key: problem.stands[stand].key for key, stand in zip(keys, best, strict=True)}
    return Outcome(placed, value, max(bound, value), done)


def worth(facts: Figures, at: Ints) -> float:
    """The value of a placing of everybody: `at` is each one's stand."""
    own = float(facts.gain[np.arange(len(at)), at].sum())
    return own - float((facts.rivals * facts.cost[np.ix_(at, at)]).sum()) / 2


def _who(problem: Problem, facts: Figures) -> Ints:
    """Indexes of those who are placed: as many as can be, then those of merit; the pinned always."""
    if not facts.allowed.any():
        return np.array([], dtype=int)
    merit = np.array([each.merit for each in problem.exhibitors])
    spread = float(merit.max() - merit.min()) or 1.0
    count = len(merit)
    prize = 1.0 + (merit - merit.min()) / spread / (2 * count)  # all merits together weigh less than one more placed
    prize += np.array([2.0 * count if each.pinned else 0.0 for each in problem.exhibitors])
    rows, columns = linear_sum_assignment(np.where(facts.allowed, prize[:, None], 0.0), maximize=True)
    chosen = rows[facts.allowed[rows, columns]]
    if all(sum(mark in problem.exhibitors[i].places for i in chosen) <= most for mark, most in problem.quotas.items()):
        return np.asarray(chosen, dtype=int)
    return _within_quotas(problem, facts, prize)


def _within_quotas(problem: Problem, facts: Figures, prize: Matrix) -> Ints:
    rows, columns = np.nonzero(facts.allowed)
    n, m = facts.allowed.shape
    pairs = np.arange(len(rows))
    marks = list(problem.quotas)
    entries = [(rows, pairs), (n + columns, pairs)]
    for number, mark in enumerate(marks):
        inside = np.array([mark in problem.exhibitors[i].places for i in rows])
        entries.append((np.full(int(inside.sum()), n + m + number), pairs[inside]))
    row, column = (np.concatenate([pair[side] for pair in entries]) for side in (0, 1))
    table = coo_array((np.ones(len(row)), (row, column)), shape=(n + m + len(marks), len(pairs)))
    most = np.concatenate([np.ones(n + m), [float(problem.quotas[mark]) for mark in marks]])
    answer = milp(
        -prize[rows], constraints=LinearConstraint(table.tocsr(), -np.inf, most), integrality=1, bounds=(0, 1)
    )
    assert answer.x is not None, "placing nobody is always possible"
    return np.unique(rows[answer.x > 0.5])


def _assign(facts: Figures, gain: Matrix | None = None) -> Ints:
    """The best placing of everybody by the parts alone."""
    wanted = np.where(facts.allowed, facts.gain if gain is None else gain, NEVER)
    rows, columns = linear_sum_assignment(wanted, maximize=True)
    at = np.empty(len(rows), dtype=int)
    at[rows] = columns
    return at


def _bound(facts: Figures) -> float:
    """No placing of these exhibitors is worth more (Gilmore and Lawler's bound)."""
    most = facts.rivals.sum(axis=1).astype(int)
    others = np.sort(-facts.cost + np.diag(np.full(len(facts.cost), NEVER)), axis=1)[:, ::-1]
    sums = np.concatenate([np.zeros((len(others), 1)), np.cumsum(others, axis=1)], axis=1)
    hopeful = facts.gain + sums[:, most].T / 2
    at = _assign(facts, hopeful)
    return float(hopeful[np.arange(len(at)), at].sum())


def _improve(facts: Figures, at: Ints) -> Ints:
    """The best exchange of two, or move to a free stand, again and again until none helps."""
    at = at.copy()
    each = np.arange(len(at))
    while True:
        near = facts.rivals @ facts.cost[at]  # what competitors cost each exhibitor at each stand
        here = facts.gain[each, at] - near[each, at]
        swap = _swaps(facts, at, near, here)
        i, j = np.unravel_index(int(np.argmax(swap)), swap.shape)
        moves = np.where(facts.allowed, facts.gain - near - here[:, None], NEVER)
        moves[:, at] = NEVER
        k, stand = np.unravel_index(int(np.argmax(moves)), moves.shape)
        if max(swap[i, j], moves[k, stand]) <= EPSILON:
            return at
        if swap[i, j] >= moves[k, stand]:
            at[i], at[j] = at[j], at[i]
        else:
            at[k] = stand


def _swaps(facts: Figures, at: Ints, near: Matrix, here: Matrix) -> Matrix:
    """What exchanging each two would bring; NEVER where one may not stand there."""
    there = facts.gain[:, at] - near[:, at]  # i in j's stand, while j is still counted there
    between = facts.rivals * facts.cost[np.ix_(at, at)]
    own = facts.rivals * np.diag(facts.cost[np.ix_(at, at)])[None, :]
    gained = there + there.T - here[:, None] - here[None, :] - 2 * between + own + own.T
    possible = facts.allowed[:, at]
    swap = np.where(possible & possible.T, gained, NEVER)
    np.fill_diagonal(swap, NEVER)
    return np.asarray(swap)


def _shake(facts: Figures, at: Ints, rng: np.random.Generator) -> Ints:
    """A few exhibitors, chosen by chance, anywhere that needs allow, the others where they are as far as can be."""
    n, m = facts.gain.shape
    size = min(n, int(rng.integers(2, 3 + max(2, n // 10))))
    loose = rng.choice(n, size=size, replace=False)
    wanted = np.zeros((n, m))
    wanted[np.arange(n), at] = 2.0
    wanted[loose] = rng.random((size, m))
    return _assign(facts, wanted)
