"""What is still open once the fixed meetings have their places: the ground on which both stages stand."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from marketplace.trade.timetables.problem import Party, Problem

# (how manieth, -precedence): a first meeting comes before anyone's second; among equals, the higher precedence
Step = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may still meet, what that adds to the merit, and the slots in which both could."""

    producer: int
    buyer: int
    weight: int
    slots: tuple[int, ...]


@dataclass(frozen=True)
class Openings:
    """Candidates that have a common slot; how many meetings each party can still have; tables left in each slot.

    `had` is how many fixed meetings each producer has, `owed` what its floor asks beyond them, `stays` the former slot
    of a candidate.
    """

    candidates: tuple[Candidate, ...]
    producer_room: tuple[int, ...]
    buyer_room: tuple[int, ...]
    tables: tuple[int, ...]
    had: tuple[int, ...]
    owed: tuple[int, ...]
    precedence: tuple[int, ...]
    stays: dict[tuple[int, int], int]

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """What the fixed meetings leave open."""
        tables = list(problem.tables)
        for meeting in problem.fixed:
            tables[meeting.slot] -= 1
        open_slots = frozenset(slot for slot, left in enumerate(tables) if left > 0)
        producers = [(m.producer, m.slot) for m in problem.fixed]
        buyers = [(m.buyer, m.slot) for m in problem.fixed]
        producer_slots = _free(problem.producers, producers, open_slots)
        buyer_slots = _free(problem.buyers, buyers, open_slots)
        had = Counter(index for index, _ in producers)
        stays = {(m.producer, m.buyer): m.slot for m in problem.former} if problem.stay else {}
        return cls(
            candidates=_candidates(problem, producer_slots, buyer_slots),
            producer_room=_room(problem.producers, producers, producer_slots),
            buyer_room=_room(problem.buyers, buyers, buyer_slots),
            tables=tuple(tables),
            had=tuple(had[i] for i in range(len(problem.producers))),
            owed=tuple(max(0, party.least - had[i]) for i, party in enumerate(problem.producers)),
            precedence=tuple(party.precedence for party in problem.producers),
            stays=stays,
        )

    def rank(self, met: Iterable[Candidate]) -> tuple[list[int], int]:
        """How good meetings are beside others: what each step lacks, below zero, then their merit."""
        met = list(met)
        more = Counter(candidate.producer for candidate in met)
        lacking = Counter(
            step for producer in range(len(self.owed)) for step in self.steps_of(producer)[more[producer] :]
        )
        return [-lacking[step] for step in self.steps], sum(candidate.weight for candidate in met)

    def steps_of(self, producer: int) -> list[Step]:
        """The meetings its floor still owes a producer, the first of them first."""
        had = self.had[producer]
        return [(had + nth, -self.precedence[producer]) for nth in range(1, self.owed[producer] + 1)]

    @cached_property
    def steps(self) -> list[Step]:
        """In which order floors are served."""
        return sorted({step for producer in range(len(self.owed)) for step in self.steps_of(producer)})


def _candidates(
    problem: Problem, producer_slots: list[frozenset[int]], buyer_slots: list[frozenset[int]]
) -> tuple[Candidate, ...]:
    settled = {(m.producer, m.buyer) for m in problem.fixed}
    former = {(m.producer, m.buyer) for m in problem.former}
    found = []
    for pair, value in sorted(problem.values.items()):
        common = producer_slots[pair[0]] & buyer_slots[pair[1]]
        if common and pair not in settled:
            weight = value + (problem.stay if pair in former else 0)
            found.append(Candidate(*pair, weight, tuple(sorted(common))))
    return tuple(found)


def _free(parties: tuple[Party, ...], taken: list[tuple[int, int]], open_slots: frozenset[int]) -> list[frozenset[int]]:
    busy: dict[int, set[int]] = {}
    for index, slot in taken:
        busy.setdefault(index, set()).add(slot)
    return [(party.slots & open_slots) - busy.get(i, set()) for i, party in enumerate(parties)]


def _room(parties: tuple[Party, ...], taken: list[tuple[int, int]], free: list[frozenset[int]]) -> tuple[int, ...]:
    had = Counter(index for index, _ in taken)
    return tuple(min(party.most - had[i], len(free[i])) for i, party in enumerate(parties))
