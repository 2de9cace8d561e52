"""Who stays below its floor, and the plainest reason that holds."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from marketplace.trade.timetables.comfort import Place
from marketplace.trade.timetables.problem import Problem
from marketplace.trade.timetables.timetable import Reason, Short


def shortfalls(problem: Problem, places: Sequence[Place]) -> tuple[Short, ...]:
    """Every producer with fewer meetings than its floor."""
    had = Counter(producer for producer, _, _ in places)
    short = [(i, party.least - had[i]) for i, party in enumerate(problem.producers) if had[i] < party.least]
    if not short:
        return ()
    day = _Day(problem, places)
    return tuple(Short(producer, missing, day.reason(producer)) for producer, missing in short)


class _Day:
    def __init__(self, problem: Problem, places: Sequence[Place]) -> None:
        self.problem = problem
        self.partners: dict[int, set[int]] = defaultdict(set)
        for producer, buyer in problem.values:
            self.partners[producer].add(buyer)
        self.producer_busy: dict[int, set[int]] = defaultdict(set)
        self.buyer_busy: dict[int, set[int]] = defaultdict(set)
        self.unmet = {producer: set(partners) for producer, partners in self.partners.items()}
        for producer, buyer, slot in places:
            self.partners[producer].add(buyer)  # a fixed meeting may be of a pair that is none any more
            self.unmet.setdefault(producer, set()).discard(buyer)
            self.producer_busy[producer].add(slot)
            self.buyer_busy[buyer].add(slot)
        taken = Counter(slot for _, _, slot in places)
        self.room = {slot for slot, tables in enumerate(problem.tables) if taken[slot] < tables}

    def reason(self, producer: int) -> Reason:
        """From what the producer alone explains to what the others do."""
        party, buyers = self.problem.producers[producer], self.problem.buyers
        if len(party.slots) < party.least:
            return Reason.NOT_AVAILABLE
        if len(self.partners[producer]) < party.least:
            return Reason.NO_PARTNERS
        if sum(bool(party.slots & buyers[buyer].slots) for buyer in self.partners[producer]) < party.least:
            return Reason.NO_COMMON_SLOT
        free = party.slots - self.producer_busy[producer]
        unmet = [buyer for buyer in sorted(self.unmet[producer]) if not self._full(buyer)]
        if not unmet:
            return Reason.PARTNERS_FULL
        both = {slot for buyer in unmet for slot in free & (buyers[buyer].slots - self.buyer_busy[buyer])}
        return Reason.CLASHES if not both or both & self.room else Reason.NO_ROOM

    def _full(self, buyer: int) -> bool:
        party = self.problem.buyers[buyer]
        return len(self.buyer_busy[buyer]) >= min(party.most, len(party.slots))
