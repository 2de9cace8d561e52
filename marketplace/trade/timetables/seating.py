"""Which table: a buyer keeps one for the day where there are enough, and producers move; fixed tables stay."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from marketplace.trade.timetables.comfort import Place
from marketplace.trade.timetables.problem import Problem
from marketplace.trade.timetables.timetable import Seat


def seat(problem: Problem, places: Sequence[Place]) -> tuple[Seat, ...]:
    """A table for every meeting, no table twice in a slot; buyers change tables as seldom as can easily be had."""
    fixed = {(m.producer, m.buyer): m.table for m in problem.fixed if m.table is not None}
    taken: dict[int, set[int]] = defaultdict(set)
    seats = []
    for meeting in problem.fixed:
        if meeting.table is not None:
            taken[meeting.slot].add(meeting.table)
            seats.append(Seat(meeting.producer, meeting.buyer, meeting.slot, meeting.table))
    free = sorted((place for place in places if place[:2] not in fixed), key=lambda place: (place[2], place[1]))
    homes = _homes(problem, free, taken)
    away = []
    for producer, buyer, slot in free:
        home = homes[buyer]
        if home < problem.tables[slot] and home not in taken[slot]:
            taken[slot].add(home)
            seats.append(Seat(producer, buyer, slot, home))
        else:
            away.append((producer, buyer, slot))
    seats += _elsewhere(problem, away, seats, taken)
    return tuple(sorted(seats, key=lambda s: (s.slot, s.table)))


def _homes(problem: Problem, free: Sequence[Place], fixed: dict[int, set[int]]) -> dict[int, int]:
    """A table for each buyer: the one it had most, else the one where others are in its way least."""
    had: dict[int, Counter[int]] = defaultdict(Counter)
    for weight, meetings in ((len(problem.tables) + 1, problem.fixed), (1, problem.former)):
        for meeting in meetings:
            if meeting.table is not None:
                had[meeting.buyer][meeting.table] += weight
    slots: dict[int, list[int]] = defaultdict(list)
    for _, buyer, slot in free:
        slots[buyer].append(slot)
    claimed = {slot: set(tables) for slot, tables in fixed.items()}
    most = max((problem.tables[slot] for of_buyer in slots.values() for slot in of_buyer), default=0)
    homes: dict[int, int] = {}
    owners: Counter[int] = Counter()
    # those who had a table before come first, then the busiest, who would have to change most often
    for buyer in sorted(slots, key=lambda b: (b not in had, -len(slots[b]), b)):
        blocked = Counter(table for slot in slots[buyer] for table in claimed.get(slot, ()))
        for slot in slots[buyer]:
            blocked.update(range(problem.tables[slot], most))
        order = {table: (blocked[table], -had[buyer][table], owners[table], table) for table in range(most)}
        homes[buyer] = home = min(order, key=order.__getitem__)
        owners[home] += 1
        for slot in slots[buyer]:
            claimed.setdefault(slot, set()).add(home)
    return homes


def _elsewhere(
    problem: Problem, away: Sequence[Place], seats: Sequence[Seat], taken: dict[int, set[int]]
) -> list[Seat]:
    """Those whose table is not free sit where their buyer was last, else at the first free table."""
    at: dict[int, dict[int, int]] = defaultdict(dict)
    for s in seats:
        at[s.buyer][s.slot] = s.table
    found = []
    for producer, buyer, slot in away:
        left = [table for table in range(problem.tables[slot]) if table not in taken[slot]]
        earlier = [earlier for earlier in at[buyer] if earlier < slot]
        last = at[buyer][max(earlier)] if earlier else None
        table = last if last in left else left[0]
        assert table is not None
        taken[slot].add(table)
        at[buyer][slot] = table
        found.append(Seat(producer, buyer, slot, table))
    return found
