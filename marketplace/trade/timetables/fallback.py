"""The last resort, which always has an answer: slot by slot by assignment, then each again until none gets better."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from marketplace.trade.timetables.openings import Candidate, Openings
from marketplace.trade.timetables.when import Placed

ROUNDS = 3  # the third hardly gains


def slot_by_slot(openings: Openings) -> Placed:
    """A timetable that breaks no rule and to which no meeting can be added."""
    board = _Board(openings)
    for slot in range(len(openings.tables)):
        board.fill(slot)
    all(board.once_more() for _ in range(ROUNDS))  # until a round gains nothing
    return sorted(board.placed.values(), key=lambda place: (place[0].producer, place[0].buyer))


class _Board:
    """Who sits where so far."""

    def __init__(self, openings: Openings) -> None:
        self.openings = openings
        self.placed: dict[tuple[int, int], tuple[Candidate, int]] = {}
        self.producer_has: Counter[int] = Counter()
        self.buyer_has: Counter[int] = Counter()
        self.by_slot: list[list[Candidate]] = [[] for _ in openings.tables]
        for candidate in openings.candidates:
            for slot in candidate.slots:
                self.by_slot[slot].append(candidate)
        # a meeting that serves a floor comes before any that does not, an earlier step before a later
        over = 1 + max((c.weight for c in openings.candidates), default=0)
        self.bonus = {step: over * nth for nth, step in enumerate(reversed(openings.steps), start=1)}

    def fill(self, slot: int) -> None:
        """The best assignment of one empty slot among those who can still meet."""
        room, buyer_room = self.openings.producer_room, self.openings.buyer_room
        gains: NDArray[np.float64] = np.zeros((len(room), len(buyer_room)))
        next_steps = [self.openings.steps_of(p)[self.producer_has[p] :][:1] for p in range(len(room))]
        bonus = [sum(self.bonus[step] for step in steps) for steps in next_steps]
        able = {}
        for c in self.by_slot[slot]:
            full = self.producer_has[c.producer] >= room[c.producer] or self.buyer_has[c.buyer] >= buyer_room[c.buyer]
            if not full and (c.producer, c.buyer) not in self.placed:
                gains[c.producer, c.buyer] = c.weight + bonus[c.producer]
                able[c.producer, c.buyer] = c
        pairs = zip(*linear_sum_assignment(gains, maximize=True), strict=True)
        found = sorted(((int(p), int(b)) for p, b in pairs if gains[p, b] > 0), key=lambda pair: (-gains[pair], pair))
        for pair in found[: self.openings.tables[slot]]:
            self._put(able[pair], slot)

    def once_more(self) -> bool:
        """Every slot again; true when one got better."""
        return sum(self.again(slot) for slot in range(len(self.openings.tables))) > 0

    def again(self, slot: int) -> bool:
        """Empty the slot and fill it anew; true when that was better, else all is as before."""
        before = [candidate for candidate, at in self.placed.values() if at == slot]
        rank = self._rank()
        self._clear(before)
        self.fill(slot)
        if self._rank() > rank:
            return True
        self._clear([candidate for candidate, at in self.placed.values() if at == slot])
        for candidate in before:
            self._put(candidate, slot)
        return False

    def _rank(self) -> tuple[list[int], int]:
        return self.openings.rank(candidate for candidate, _ in self.placed.values())

    def _put(self, candidate: Candidate, slot: int) -> None:
        self.placed[candidate.producer, candidate.buyer] = (candidate, slot)
        self.producer_has[candidate.producer] += 1
        self.buyer_has[candidate.buyer] += 1

    def _clear(self, candidates: list[Candidate]) -> None:
        for candidate in candidates:
            del self.placed[candidate.producer, candidate.buyer]
            self.producer_has[candidate.producer] -= 1
            self.buyer_has[candidate.buyer] -= 1
