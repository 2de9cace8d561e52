"""Why each stands where it does, why somebody stands nowhere: codes with figures, for pages to put in words. Pure."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from marketplace.trade.allocations.parts import Part, part
from marketplace.trade.allocations.problem import Exhibitor, Need, Problem, Stand
from marketplace.trade.allocations.solver import Outcome


@dataclass(frozen=True)
class Said:
    """One part of a placing's value: `share` in [0, 1] times its `weight`; all of them add up to what it is worth."""

    part: Part
    share: float
    weight: int

    @property
    def points(self) -> float:
        return self.share * self.weight


@dataclass(frozen=True)
class Explained:
    """A placing told: its parts, the needs it meets, competitors beside it and in its zone, needs a pin overrides."""

    stand: str
    parts: tuple[Said, ...]
    met: tuple[Need, ...]
    beside: tuple[str, ...]  # competing exhibitors that are neighbours
    in_zone: int  # competing exhibitors in its zone
    pinned: bool
    against: tuple[Need, ...]  # needs that its stand does not meet, because the office pinned it there

    @property
    def points(self) -> float:
        """What the parts add up to."""
        return sum(each.points for each in self.parts)


class Why(StrEnum):
    """Why somebody is not placed."""

    NOTHING_FITS = "nothing_fits"  # no stand meets its needs, whoever else came
    TOO_FEW = "too_few"  # the stands that do are fewer than those who need them
    QUOTA = "quota"  # its place has as many as it may
    FULL = "full"  # every stand that fits is taken by those who go first


@dataclass(frozen=True)
class Left:
    """Somebody without a stand. `needs` that are the trouble; how many need the like, and how many stands there are."""

    why: Why
    needs: tuple[Need, ...] = ()
    wanting: int = 0
    there: int = 0
    place: str = ""


def explain(problem: Problem, outcome: Outcome) -> dict[str, Explained]:
    """Every placing told, by exhibitor."""
    stands = {stand.key: stand for stand in problem.stands}
    people = {each.key: each for each in problem.exhibitors}
    at = {key: stands[stand] for key, stand in outcome.placed.items()}
    beside = {frozenset(pair) for pair in problem.beside}
    return {key: _explain(problem, people, at, beside, key) for key in outcome.placed}


def _explain(
    problem: Problem,
    people: dict[str, Exhibitor],
    at: dict[str, Stand],
    beside: set[frozenset[str]],
    key: str,
) -> Explained:
    one, stand = people[key], at[key]
    rivals = [other for other in at if other != key and one.competes_with(people[other])]
    weights = problem.weights
    said = tuple(
        Said(which, share, getattr(weights, which.value)) for which in Part if (share := part(which, one, stand)) > 0
    )
    lacking = one.lacks(stand)
    return Explained(
        stand=stand.key,
        parts=tuple(sorted(said, key=lambda each: -each.points)),
        met=tuple(need for need in _needs(one) if need not in lacking),
        beside=tuple(other for other in rivals if frozenset((stand.key, at[other].key)) in beside),
        in_zone=sum(at[other].zone == stand.zone != "" for other in rivals),
        pinned=one.pinned == stand.key,
        against=lacking,
    )


def _needs(one: Exhibitor) -> list[Need]:
    asked = {Need.POWER: one.power_w, Need.WATER: one.water, Need.COLD: one.cold, Need.AREA: one.area}
    return [need for need, wanted in asked.items() if wanted]


def explain_left(problem: Problem, outcome: Outcome) -> dict[str, Left]:
    """Why each one who is not placed is not, by exhibitor."""
    taken = Counter(mark for each in problem.exhibitors if each.key in outcome.placed for mark in each.places)
    return {each.key: _left(problem, each, taken) for each in problem.exhibitors if each.key not in outcome.placed}


def _left(problem: Problem, one: Exhibitor, taken: Counter[str]) -> Left:
    for mark in sorted(one.places):
        if mark in problem.quotas and taken[mark] >= problem.quotas[mark]:
            return Left(Why.QUOTA, place=mark, there=problem.quotas[mark])
    fitting = [stand for stand in problem.stands if not one.lacks(stand)]
    if not fitting:
        alone = tuple(need for need in _needs(one) if all(need in one.lacks(stand) for stand in problem.stands))
        return Left(Why.NOTHING_FITS, alone or tuple(_needs(one)))
    needs = tuple(_needs(one))
    wanting = [
        other for other in problem.exhibitors if not any(not other.lacks(s) for s in problem.stands if s not in fitting)
    ]
    if needs and len(wanting) > len(fitting):
        return Left(Why.TOO_FEW, needs, len(wanting), len(fitting))
    return Left(Why.FULL, needs, len(problem.exhibitors), len(problem.stands))


def check(problem: Problem, placed: dict[str, str]) -> list[str]:
    """What is wrong with a placing, found without the optimiser: nothing, if it is sound.

    Everybody at most once, a stand for one, needs met but for pins, pins kept, quotas kept.
    """
    stands = {stand.key: stand for stand in problem.stands}
    people = {each.key: each for each in problem.exhibitors}
    wrong = [f"{key}: nobody" for key in placed if key not in people]
    wrong += [f"{stand}: no stand" for stand in placed.values() if stand not in stands]
    if wrong:
        return wrong
    wrong += [f"{stand}: {n} exhibitors" for stand, n in Counter(placed.values()).items() if n > 1]
    for key, stand in placed.items():
        if people[key].pinned != stand:
            wrong += [f"{key}: lacks {need} in {stand}" for need in people[key].lacks(stands[stand])]
    wrong += [
        f"{each.key}: not where pinned"
        for each in problem.exhibitors
        if each.pinned and placed.get(each.key) != each.pinned
    ]
    counted = Counter(mark for key in placed for mark in people[key].places)
    wrong += [f"{mark}: over its quota" for mark, most in problem.quotas.items() if counted[mark] > most]
    return wrong


def gathered(problem: Problem, placed: dict[str, str]) -> tuple[int, int]:
    """Competing neighbours, and competitors sharing a zone: pairs."""
    people = {each.key: each for each in problem.exhibitors}
    zone = {stand.key: stand.zone for stand in problem.stands}
    who = {stand: key for key, stand in placed.items()}
    near = sum(a in who and b in who and people[who[a]].competes_with(people[who[b]]) for a, b in problem.beside)
    keys = list(placed)
    shared = sum(
        zone[placed[a]] == zone[placed[b]] != "" and people[a].competes_with(people[b])
        for n, a in enumerate(keys)
        for b in keys[n + 1 :]
    )
    return near, shared
