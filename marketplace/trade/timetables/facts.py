"""Why a problem cannot be taken: codes for the caller to put in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """What is wrong with a problem, as a name."""

    NO_SLOTS = "no_slots"
    TABLES_BELOW_ZERO = "tables_below_zero"
    STAY_BELOW_ZERO = "stay_below_zero"
    KEY_TWICE = "key_twice"
    MOST_BELOW_ZERO = "most_below_zero"
    LEAST_BELOW_ZERO = "least_below_zero"
    LEAST_OVER_MOST = "least_over_most"
    BUYER_LEAST = "buyer_least"  # the floor is promised to producers alone
    SLOT_UNKNOWN = "slot_unknown"
    NOBODY = "nobody"  # a pair or meeting of a party that is not there
    PAIR_TWICE = "pair_twice"
    VALUE_NOT_ABOVE_ZERO = "value_not_above_zero"
    FIXED_TWICE = "fixed_twice"
    FIXED_NOT_AVAILABLE = "fixed_not_available"
    FIXED_CLASH = "fixed_clash"  # two fixed meetings of one party in one slot
    FIXED_OVER_MOST = "fixed_over_most"
    FIXED_OVER_TABLES = "fixed_over_tables"
    FIXED_TABLE_UNKNOWN = "fixed_table_unknown"
    FIXED_TABLE_TWICE = "fixed_table_twice"
    FORMER_TWICE = "former_twice"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that cannot be, and whom (by key) and which slot it concerns."""

    code: Code
    producer: str = ""
    buyer: str = ""
    slot: int | None = None


class Impossible(Exception):
    """The problem contradicts itself; `facts` names every contradiction found."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        super().__init__(", ".join(fact.code for fact in self.facts))
