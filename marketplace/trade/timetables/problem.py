"""What is asked: parties and the slots they are there, pairs that may meet and their value, tables, what must stay."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypedDict

from marketplace.trade.timetables.facts import Code, Fact, Impossible


@dataclass(frozen=True, slots=True)
class Party:
    """A producer or a buyer: at most `most` meetings, in `slots` only; a producer should get at least `least`.

    Where floors compete, everyone's first meeting comes before anyone's second, and so on; among equals, the higher
    `precedence`.
    """

    key: str
    most: int
    slots: frozenset[int]
    least: int = 0
    precedence: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A producer and a buyer (by index) that may meet, and what that is worth in thousandths."""

    producer: int
    buyer: int
    value: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A producer and a buyer (by index) in a slot, at a table if one was given."""

    producer: int
    buyer: int
    slot: int
    table: int | None = None


@dataclass(frozen=True)
class Problem:
    """One timetable to work out; raises Impossible, with every contradiction, when it is made.

    `tables` says how many tables each slot has. `fixed` meetings are there afterwards exactly so. `former` ones are of
    the run before: meeting again is worth `stay` more, and in the same slot where that can be had.
    """

    producers: tuple[Party, ...]
    buyers: tuple[Party, ...]
    pairs: tuple[Pair, ...]
    tables: tuple[int, ...]
    fixed: tuple[Meeting, ...] = ()
    former: tuple[Meeting, ...] = ()
    stay: int = 100

    def __post_init__(self) -> None:
        facts = [*_of_numbers(self), *_of_parties(self), *_of_pairs(self), *_of_meetings(self)]
        if not facts:  # the rest reads indexes that hold
            facts = [*_of_fixed(self), *_of_fixed_tables(self)]
        if facts:
            raise Impossible(facts)

    @cached_property
    def values(self) -> Mapping[tuple[int, int], int]:
        """What each pair is worth; a pair that is not there may not meet."""
        return {(pair.producer, pair.buyer): pair.value for pair in self.pairs}

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts; `from_json` gives the same problem again."""
        return {
            "producers": [_party_to_json(party) for party in self.producers],
            "buyers": [_party_to_json(party) for party in self.buyers],
            "pairs": [[pair.producer, pair.buyer, pair.value] for pair in self.pairs],
            "tables": list(self.tables),
            "fixed": [[m.producer, m.buyer, m.slot, m.table] for m in self.fixed],
            "former": [[m.producer, m.buyer, m.slot, m.table] for m in self.former],
            "stay": self.stay,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The problem that `to_json` wrote."""
        return cls(
            producers=tuple(_party_from_json(party) for party in plain["producers"]),
            buyers=tuple(_party_from_json(party) for party in plain["buyers"]),
            pairs=tuple(Pair(*pair) for pair in plain["pairs"]),
            tables=tuple(plain["tables"]),
            fixed=tuple(Meeting(*meeting) for meeting in plain["fixed"]),
            former=tuple(Meeting(*meeting) for meeting in plain["former"]),
            stay=plain["stay"],
        )

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the whole input: equal problems, equal digests."""
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _party_to_json(party: Party) -> dict[str, Any]:
    return {
        "key": party.key,
        "most": party.most,
        "slots": sorted(party.slots),
        "least": party.least,
        "precedence": party.precedence,
    }


def _party_from_json(plain: Mapping[str, Any]) -> Party:
    return Party(plain["key"], plain["most"], frozenset(plain["slots"]), plain["least"], plain["precedence"])


def _of_numbers(problem: Problem) -> Iterator[Fact]:
    if not problem.tables:
        yield Fact(Code.NO_SLOTS)
    for slot, tables in enumerate(problem.tables):
        if tables < 0:
            yield Fact(Code.TABLES_BELOW_ZERO, slot=slot)
    if problem.stay < 0:
        yield Fact(Code.STAY_BELOW_ZERO)


def _of_parties(problem: Problem) -> Iterator[Fact]:
    for side, parties in (("producer", problem.producers), ("buyer", problem.buyers)):
        for key, times in Counter(party.key for party in parties).items():
            if times > 1:
                yield _about(Code.KEY_TWICE, side, key)
        for party in parties:
            for code in _of_party(party, len(problem.tables)):
                yield _about(code, side, party.key)
    for buyer in problem.buyers:
        if buyer.least > 0:
            yield Fact(Code.BUYER_LEAST, buyer=buyer.key)


def _of_party(party: Party, slots: int) -> Iterator[Code]:
    if party.most < 0:
        yield Code.MOST_BELOW_ZERO
    elif party.least > party.most:
        yield Code.LEAST_OVER_MOST
    if party.least < 0:
        yield Code.LEAST_BELOW_ZERO
    if not all(0 <= slot < slots for slot in party.slots):
        yield Code.SLOT_UNKNOWN


def _of_pairs(problem: Problem) -> Iterator[Fact]:
    seen: set[tuple[int, int]] = set()
    for pair in problem.pairs:
        names = _names(problem, pair)
        if not names:
            yield Fact(Code.NOBODY)
            continue
        if pair.value <= 0:
            yield Fact(Code.VALUE_NOT_ABOVE_ZERO, **names)
        if (pair.producer, pair.buyer) in seen:
            yield Fact(Code.PAIR_TWICE, **names)
        seen.add((pair.producer, pair.buyer))


def _of_meetings(problem: Problem) -> Iterator[Fact]:
    for meetings, twice in ((problem.fixed, Code.FIXED_TWICE), (problem.former, Code.FORMER_TWICE)):
        seen: set[tuple[int, int]] = set()
        for meeting in meetings:
            names = _names(problem, meeting)
            if not names:
                yield Fact(Code.NOBODY)
                continue
            if not 0 <= meeting.slot < len(problem.tables):
                yield Fact(Code.SLOT_UNKNOWN, **names)
            if (meeting.producer, meeting.buyer) in seen:
                yield Fact(twice, **names)
            seen.add((meeting.producer, meeting.buyer))


def _about(code: Code, side: str, key: str, slot: int | None = None) -> Fact:
    return Fact(code, producer=key, slot=slot) if side == "producer" else Fact(code, buyer=key, slot=slot)


class _Names(TypedDict, total=False):
    producer: str
    buyer: str


def _names(problem: Problem, pair: Pair | Meeting) -> _Names:
    """Both keys, or nothing when one of the two is not there."""
    if 0 <= pair.producer < len(problem.producers) and 0 <= pair.buyer < len(problem.buyers):
        return {"producer": problem.producers[pair.producer].key, "buyer": problem.buyers[pair.buyer].key}
    return {}


def _of_fixed(problem: Problem) -> Iterator[Fact]:
    sides = (
        ("producer", problem.producers, [(m.producer, m.slot) for m in problem.fixed]),
        ("buyer", problem.buyers, [(m.buyer, m.slot) for m in problem.fixed]),
    )
    for side, parties, seats in sides:
        for (index, slot), times in Counter(seats).items():
            if times > 1:
                yield _about(Code.FIXED_CLASH, side, parties[index].key, slot)
            if slot not in parties[index].slots:
                yield _about(Code.FIXED_NOT_AVAILABLE, side, parties[index].key, slot)
        for index, meetings in Counter(index for index, _ in seats).items():
            if meetings > parties[index].most:
                yield _about(Code.FIXED_OVER_MOST, side, parties[index].key)
    for slot, meetings in Counter(meeting.slot for meeting in problem.fixed).items():
        if meetings > problem.tables[slot]:
            yield Fact(Code.FIXED_OVER_TABLES, slot=slot)


def _of_fixed_tables(problem: Problem) -> Iterator[Fact]:
    taken: set[tuple[int, int]] = set()
    for meeting in problem.fixed:
        if meeting.table is None:
            continue
        if not 0 <= meeting.table < problem.tables[meeting.slot]:
            yield Fact(Code.FIXED_TABLE_UNKNOWN, slot=meeting.slot, **_names(problem, meeting))
        if (meeting.slot, meeting.table) in taken:
            yield Fact(Code.FIXED_TABLE_TWICE, slot=meeting.slot, **_names(problem, meeting))
        taken.add((meeting.slot, meeting.table))
