"""The named parts of a placing's value, each in [0, 1], and what two competitors' places cost. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from marketplace.trade.allocations.problem import Exhibitor, Gathering, Problem, Stand

Matrix = NDArray[np.float64]


class Part(StrEnum):
    """What speaks for a placing."""

    WISH = "wish"
    CORNER = "corner"
    OWED = "owed"
    THRIFT = "thrift"
    STAY = "stay"


def part(which: Part, exhibitor: Exhibitor, stand: Stand) -> float:
    """How well a stand does for an exhibitor in one respect, from 0 to 1."""
    return {
        Part.WISH: _wish,
        Part.CORNER: _corner,
        Part.OWED: _owed,
        Part.THRIFT: _thrift,
        Part.STAY: _stay,
    }[which](exhibitor, stand)


def _wish(exhibitor: Exhibitor, stand: Stand) -> float:
    """The first wish met is worth 1, the second half, the third a third."""
    for rank, wish in enumerate(exhibitor.wishes, start=1):
        if wish in (stand.key, stand.zone):
            return 1 / rank
    return 0.0


def _corner(exhibitor: Exhibitor, stand: Stand) -> float:
    return float(exhibitor.corner and stand.corner)


def _owed(exhibitor: Exhibitor, stand: Stand) -> float:
    """Good spots for those who stood badly last time."""
    return exhibitor.owed * stand.quality


def _thrift(exhibitor: Exhibitor, stand: Stand) -> float:
    """1 where nothing scarce is wasted; a third less for each of power, water, cold that is not needed."""
    wasted = (stand.power_w > 0 and not exhibitor.power_w) + (stand.water and not exhibitor.water)
    return 1 - (wasted + (stand.cold and not exhibitor.cold)) / 3


def _stay(exhibitor: Exhibitor, stand: Stand) -> float:
    return float(bool(exhibitor.former) and exhibitor.former == stand.key)


@dataclass(frozen=True)
class Figures:
    """The problem as matrices: exhibitors in rows, stands in columns.

    `gain`: the parts times their weights. `allowed`: needs met, or pinned there. `rivals`: who competes with whom.
    `cost`: of two stands, what it costs to have competitors in them, negative where that is wished.
    """

    gain: Matrix
    allowed: NDArray[np.bool_]
    rivals: Matrix
    cost: Matrix


def figures(problem: Problem) -> Figures:
    """The matrices of a problem."""
    weights, stands, exhibitors = problem.weights, problem.stands, problem.exhibitors
    gain = np.zeros((len(exhibitors), len(stands)))
    for which in Part:
        weight = getattr(weights, which.value)
        if weight:
            gain += weight * np.array([[part(which, e, s) for s in stands] for e in exhibitors]).reshape(gain.shape)
    pinned = {each.pinned for each in exhibitors if each.pinned}
    allowed = np.array(
        [[e.pinned == s.key if e.pinned or s.key in pinned else not e.lacks(s) for s in stands] for e in exhibitors],
        dtype=bool,
    ).reshape(gain.shape)
    rivals = np.array([[a is not b and a.competes_with(b) for b in exhibitors] for a in exhibitors], dtype=float)
    return Figures(gain, allowed, rivals.reshape(len(exhibitors), len(exhibitors)), _cost(problem))


def _cost(problem: Problem) -> Matrix:
    """Neighbours cost `apart`. In one zone: competitors cost when spread, and are worth something when grouped.

    What a zone's pairs are worth is shared among them, so that a set of many does not outweigh all else.
    """
    index = {stand.key: n for n, stand in enumerate(problem.stands)}
    cost = np.zeros((len(index), len(index)))
    if problem.gathering is not Gathering.FREE and problem.stands:
        zones = np.array([stand.zone for stand in problem.stands])
        together = (zones[:, None] == zones[None, :]) & (zones != "")[:, None]
        sign = 1.0 if problem.gathering is Gathering.SPREAD else -1.0
        crowd = max(
            1.0,
            float(np.mean([sum(a.competes_with(b) for b in problem.exhibitors) for a in problem.exhibitors] or [1])),
        )
        cost += np.where(together, sign * problem.weights.gather / crowd, 0.0)
    for a, b in problem.beside:
        cost[index[a], index[b]] += problem.weights.apart
        cost[index[b], index[a]] += problem.weights.apart
    np.fill_diagonal(cost, 0.0)
    return cost
