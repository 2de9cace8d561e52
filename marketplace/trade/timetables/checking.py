"""The independent check: every hard rule asked again of a finished timetable, without anything of the engine."""

from collections import Counter
from collections.abc import Callable, Iterator

from marketplace.trade.timetables.problem import Party, Problem
from marketplace.trade.timetables.timetable import Timetable


class Unsound(Exception):
    """A timetable breaks rules: `faults` names them. It is never handed out."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


def sound(problem: Problem, timetable: Timetable) -> Timetable:
    """The timetable, if it breaks no rule; else raises Unsound."""
    found = faults(problem, timetable)
    if found:
        raise Unsound(found)
    return timetable


def faults(problem: Problem, timetable: Timetable) -> list[str]:
    """The codes of all rules that the timetable breaks; none for a sound one."""
    unknown = [
        seat
        for seat in timetable.meetings
        if not (
            0 <= seat.producer < len(problem.producers)
            and 0 <= seat.buyer < len(problem.buyers)
            and 0 <= seat.slot < len(problem.tables)
        )
    ]
    if unknown:
        return ["nobody"]
    return [code for code, broken in RULES.items() if any(broken(problem, timetable))]


Rule = Callable[[Problem, Timetable], Iterator[bool]]


def _repeated(things: Iterator[tuple[int, int]]) -> Iterator[bool]:
    yield any(times > 1 for times in Counter(things).values())


def _producer_twice(_: Problem, timetable: Timetable) -> Iterator[bool]:
    return _repeated((seat.producer, seat.slot) for seat in timetable.meetings)


def _buyer_twice(_: Problem, timetable: Timetable) -> Iterator[bool]:
    return _repeated((seat.buyer, seat.slot) for seat in timetable.meetings)


def _table_twice(_: Problem, timetable: Timetable) -> Iterator[bool]:
    return _repeated((seat.table, seat.slot) for seat in timetable.meetings)


def _pair_twice(_: Problem, timetable: Timetable) -> Iterator[bool]:
    return _repeated((seat.producer, seat.buyer) for seat in timetable.meetings)


def _table_unknown(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    return (not 0 <= seat.table < problem.tables[seat.slot] for seat in timetable.meetings)


def _over_tables(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    used = Counter(seat.slot for seat in timetable.meetings)
    return (used[slot] > tables for slot, tables in enumerate(problem.tables))


def _not_available(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    for seat in timetable.meetings:
        yield seat.slot not in problem.producers[seat.producer].slots
        yield seat.slot not in problem.buyers[seat.buyer].slots


def _over_most(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    yield from _too_many(problem.producers, Counter(seat.producer for seat in timetable.meetings))
    yield from _too_many(problem.buyers, Counter(seat.buyer for seat in timetable.meetings))


def _too_many(parties: tuple[Party, ...], met: Counter[int]) -> Iterator[bool]:
    return (met[index] > party.most for index, party in enumerate(parties))


def _fixed_moved(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    seats = {(seat.producer, seat.buyer, seat.slot): seat.table for seat in timetable.meetings}
    for fixed in problem.fixed:
        place = (fixed.producer, fixed.buyer, fixed.slot)
        yield place not in seats or fixed.table not in (None, seats[place])


def _not_allowed(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    allowed = {(pair.producer, pair.buyer) for pair in problem.pairs}
    allowed |= {(fixed.producer, fixed.buyer) for fixed in problem.fixed}
    return ((seat.producer, seat.buyer) not in allowed for seat in timetable.meetings)


def _value_wrong(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    worth = {(pair.producer, pair.buyer): pair.value for pair in problem.pairs}
    yield timetable.value != sum(worth.get((seat.producer, seat.buyer), 0) for seat in timetable.meetings)


def _merit_wrong(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    """The merit re-added, and the claims that rest on it."""
    former = {(meeting.producer, meeting.buyer) for meeting in problem.former}
    again = sum((seat.producer, seat.buyer) in former for seat in timetable.meetings)
    yield timetable.merit != timetable.value + problem.stay * again
    yield timetable.proven and timetable.merit != timetable.bound
    yield not 0 <= timetable.gap <= 1


def _short_wrong(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    met = Counter(seat.producer for seat in timetable.meetings)
    lacking = {i: party.least - met[i] for i, party in enumerate(problem.producers) if party.least > met[i]}
    yield [(short.producer, short.missing) for short in timetable.short] != sorted(lacking.items())


def _former_wrong(problem: Problem, timetable: Timetable) -> Iterator[bool]:
    """Each former meeting is kept, moved or dropped, as the timetable says."""
    at = {(seat.producer, seat.buyer): seat.slot for seat in timetable.meetings}
    now = [at.get((meeting.producer, meeting.buyer)) for meeting in problem.former]
    then = [meeting.slot for meeting in problem.former]
    yield timetable.kept != tuple(i for i, slot in enumerate(now) if slot == then[i])
    yield timetable.moved != tuple(i for i, slot in enumerate(now) if slot is not None and slot != then[i])
    yield timetable.dropped != tuple(i for i, slot in enumerate(now) if slot is None)


RULES: dict[str, Rule] = {
    "producer_twice": _producer_twice,
    "buyer_twice": _buyer_twice,
    "table_twice": _table_twice,
    "pair_twice": _pair_twice,
    "table_unknown": _table_unknown,
    "over_tables": _over_tables,
    "not_available": _not_available,
    "over_most": _over_most,
    "fixed_moved": _fixed_moved,
    "not_allowed": _not_allowed,
    "value_wrong": _value_wrong,
    "merit_wrong": _merit_wrong,
    "short_wrong": _short_wrong,
    "former_wrong": _former_wrong,
}
