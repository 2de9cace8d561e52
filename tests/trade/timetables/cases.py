"""Small problems for tests, and what trying everything says of them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from marketplace.trade.timetables.problem import Meeting, Pair, Party, Problem
from marketplace.trade.timetables.timetable import Timetable

LIMIT = 60.0


def party(key: str, slots: Sequence[int], most: int = 9, least: int = 0, precedence: int = 0) -> Party:
    return Party(key, most, frozenset(slots), least, precedence)


def everyone(
    producers: int = 2, buyers: int = 2, slots: int = 2, *, least: int = 0, tables: int = 9, most: int = 9
) -> Problem:
    """Everyone is always there and may meet everyone; pairs are worth 100, 101, …"""
    day = range(slots)
    return Problem(
        tuple(party(f"P{i}", day, most, least) for i in range(producers)),
        tuple(party(f"B{i}", day, most) for i in range(buyers)),
        tuple(Pair(p, b, 100 + p * buyers + b) for p in range(producers) for b in range(buyers)),
        (tables,) * slots,
    )


@st.composite
def problems(draw: st.DrawFn, *, most_parties: int = 4, most_slots: int = 3, fixing: bool = True) -> Problem:
    """Problems small enough to try everything, with gaps in availability, few tables, floors and precedence."""
    slots = draw(st.integers(1, most_slots))
    days = st.frozensets(st.integers(0, slots - 1))
    producers = []
    for i in range(draw(st.integers(1, most_parties))):
        most = draw(st.integers(0, slots))
        least = draw(st.integers(0, most))
        producers.append(Party(f"P{i}", most, draw(days), least, draw(st.integers(0, 2))))
    buyers = [
        Party(f"B{i}", draw(st.integers(0, slots)), draw(days)) for i in range(draw(st.integers(1, most_parties)))
    ]
    all_pairs = [(p, b) for p in range(len(producers)) for b in range(len(buyers))]
    chosen = draw(st.lists(st.sampled_from(all_pairs), unique=True, max_size=7))
    pairs = tuple(Pair(p, b, draw(st.integers(1, 1000))) for p, b in chosen)
    tables = tuple(draw(st.integers(0, 3)) for _ in range(slots))
    problem = Problem(tuple(producers), tuple(buyers), pairs, tables)
    if not fixing:
        return problem
    former = draw(st.lists(st.tuples(st.sampled_from(all_pairs), st.integers(0, slots - 1)), unique_by=lambda m: m[0]))
    return Problem(
        problem.producers,
        problem.buyers,
        pairs,
        tables,
        fixed=draw(fixed_in(problem, all_pairs)),
        former=tuple(Meeting(p, b, slot) for (p, b), slot in former),
        stay=draw(st.sampled_from((0, 1, 100))),
    )


@st.composite
def fixed_in(draw: st.DrawFn, problem: Problem, pairs: list[tuple[int, int]]) -> tuple[Meeting, ...]:
    """Meetings that can stand beside each other, of allowed pairs and of others."""
    at: dict[tuple[int, int], int] = {}
    for pair in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=2)):
        slot = draw(st.integers(0, len(problem.tables) - 1))
        if may_meet(problem, at, pair, slot):
            at[pair] = slot
    return tuple(Meeting(p, b, slot) for (p, b), slot in at.items())


def may_meet(problem: Problem, at: dict[tuple[int, int], int], pair: tuple[int, int], slot: int) -> bool:
    """Whether this meeting can join the others, said as plainly as can be."""
    producer, buyer = problem.producers[pair[0]], problem.buyers[pair[1]]
    return (
        slot in producer.slots
        and slot in buyer.slots
        and sum(p == pair[0] for p, _ in at) < producer.most
        and sum(b == pair[1] for _, b in at) < buyer.most
        and sum(s == slot for s in at.values()) < problem.tables[slot]
        and not any(s == slot and (p == pair[0] or b == pair[1]) for (p, b), s in at.items())
    )


Rank = tuple[list[int], int]


def rank(problem: Problem, pairs: Sequence[tuple[int, int]]) -> Rank:
    """How many lack their first meeting, by precedence, their second, …, all below zero; then merit."""
    met = Counter(p for p, _ in pairs)
    levels = sorted({producer.precedence for producer in problem.producers}, reverse=True)
    lacking = [
        -sum(
            met[i] < nth <= producer.least
            for i, producer in enumerate(problem.producers)
            if producer.precedence == level
        )
        for nth in range(1, 1 + max(producer.least for producer in problem.producers))
        for level in levels
    ]
    worth = {(pair.producer, pair.buyer): pair.value for pair in problem.pairs}
    former = {(m.producer, m.buyer) for m in problem.former}
    merit = sum(worth.get(pair, 0) + problem.stay * (pair in former) for pair in pairs)
    return lacking, merit


def best(problem: Problem) -> Rank:
    """The rank of the best timetable, found by trying every one."""
    return max(rank(problem, list(at)) for at in _all(problem))


def _all(problem: Problem) -> Iterator[dict[tuple[int, int], int]]:
    fixed = {(m.producer, m.buyer): m.slot for m in problem.fixed}
    pairs = [pair for pair in problem.values if pair not in fixed]

    def grown(at: dict[tuple[int, int], int], rest: list[tuple[int, int]]) -> Iterator[dict[tuple[int, int], int]]:
        if not rest:
            yield at
            return
        yield from grown(at, rest[1:])
        for slot in range(len(problem.tables)):
            if may_meet(problem, at, rest[0], slot):
                yield from grown({**at, rest[0]: slot}, rest[1:])

    return grown(fixed, pairs)


def rank_of(problem: Problem, timetable: Timetable) -> Rank:
    return rank(problem, [(seat.producer, seat.buyer) for seat in timetable.meetings])
