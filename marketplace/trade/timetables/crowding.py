"""Parties whose chosen partners are there with them in too few slots: what stage one cannot see, told to it as rows.

A party that shares only the slots N with some of its partners can meet at most |N| of them. Where a choice breaks this
(Hall's condition for one party), no second stage could place it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.trade.timetables.openings import Candidate, Openings


@dataclass(frozen=True)
class Crowd:
    """Of these candidates (by index), all of one party, at most `most` can be placed."""

    candidates: tuple[int, ...]
    most: int


def crowds(openings: Openings, chosen: Iterable[int]) -> list[Crowd]:
    """A crowd for every party whose chosen candidates cannot all have a slot."""
    chosen_of: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for i in chosen:
        candidate = openings.candidates[i]
        chosen_of["producer", candidate.producer].append(candidate)
        chosen_of["buyer", candidate.buyer].append(candidate)
    found = []
    for (side, party), candidates in sorted(chosen_of.items()):
        slots = too_few([candidate.slots for candidate in candidates])
        if slots:
            all_of_it = tuple(
                i
                for i, candidate in enumerate(openings.candidates)
                if getattr(candidate, side) == party and slots.issuperset(candidate.slots)
            )
            found.append(Crowd(all_of_it, len(slots)))
    return found


def too_few(wishes: Sequence[tuple[int, ...]]) -> frozenset[int]:
    """Slots on which more wishes lie than there are slots; none if each wish can have a slot of its own."""
    has: dict[int, int] = {}

    def give(wish: int, asked: set[int]) -> bool:
        for slot in wishes[wish]:
            if slot not in asked:
                asked.add(slot)
                if slot not in has or give(has[slot], asked):
                    has[slot] = wish
                    return True
        return False

    for wish in range(len(wishes)):
        asked: set[int] = set()
        if not give(wish, asked):
            return frozenset(asked)
    return frozenset()
