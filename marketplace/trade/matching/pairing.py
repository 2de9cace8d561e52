"""A demand and an offer side by side; wishes and their brackets; near misses; a fair order of what is shown. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from marketplace.trade.matching.facts import Between, DemandFacts
from marketplace.trade.matching.gates import ALWAYS_HARD, NOT_TO_BE_MENDED, Gate, GateCode, gates
from marketplace.trade.matching.score import USUAL, Score, Weights, score
from marketplace.trade.offers.facts import OfferFacts

ALIKE = 800  # hundredths of a point: scores no further apart count as alike when turns are shared out
MOST = 10_000  # of a score


FOR_BUYERS = frozenset({GateCode.PLACES})  # what a buyer alone can open


class Wish(StrEnum):
    """What one party has said of another."""

    MUST = "must"
    MEET = "meet"
    NO = "no"


class Bracket(IntEnum):
    """Declared wishes come before any score: it orders only inside a bracket."""

    INFERRED = 0
    ONE_SIDED = 1
    MUTUAL = 2
    MUST_AND_MEET = 3
    MUTUAL_MUST = 4


def bracket(buyer: Wish | None, producer: Wish | None) -> Bracket:
    """The bracket of two wishes, neither of them a no (that one is a gate)."""
    said = [wish for wish in (buyer, producer) if wish in (Wish.MUST, Wish.MEET)]
    if len(said) < 2:
        return Bracket(len(said))
    return Bracket(2 + said.count(Wish.MUST))


@dataclass(frozen=True)
class Match:
    """A demand and an offer: every gate, the score, and the bracket of the wishes."""

    demand: DemandFacts
    offer: OfferFacts
    gates: tuple[Gate, ...]
    score: Score
    bracket: Bracket = Bracket.INFERRED

    @property
    def excluded(self) -> tuple[Gate, ...]:
        """The hard gates that are not passed; none: the two may meet."""
        return tuple(gate for gate in self.gates if gate.excludes)

    @property
    def eligible(self) -> bool:
        return not self.excluded

    def shut_by(self, code: GateCode) -> bool:
        """Whether this gate is one of those that keep the two apart."""
        return any(gate.code is code for gate in self.excluded)

    @property
    def only(self) -> Gate | None:
        """The one gate that keeps the two apart, where it is but one and not one that nobody can mend."""
        one = self.excluded[0] if len(self.excluded) == 1 else None
        return one if one is not None and one.code not in NOT_TO_BE_MENDED else None

    @property
    def value(self) -> int:
        """What orders pairs, and what a timetable adds up: the bracket first, then the score; never zero."""
        return int(self.bracket) * MOST + max(1, self.score.points)


def match(
    demand: DemandFacts,
    offer: OfferFacts,
    between: Between,
    *,
    on: date,
    weights: Weights = USUAL,
    wishes: tuple[Wish | None, Wish | None] = (None, None),
) -> Match:
    """Lay an offer beside a demand on a day. `wishes`: the buyer's of the producer, the producer's of the buyer."""
    passed = gates(demand, offer, between, on=on)
    return Match(demand, offer, passed, score(demand, offer, between, passed, weights=weights), bracket(*wishes))


@dataclass(frozen=True)
class NearMiss:
    """Pairs that fail exactly one gate, the same: what would open so many buyers to so many producers."""

    gate: str  # its key: `papers:haccp`
    matches: tuple[Match, ...]

    @property
    def buyers(self) -> frozenset[int]:
        return frozenset(each.demand.distributor_id for each in self.matches)

    @property
    def producers(self) -> frozenset[int]:
        return frozenset(each.offer.producer_id for each in self.matches)

    @property
    def told(self) -> dict[int, int]:
        """How many buyers would open to each producer (by row) that can itself do something about the gate."""
        if GateCode(self.gate.partition(":")[0]) in FOR_BUYERS:
            return {}
        pairs = {(each.offer.producer_id, each.demand.distributor_id) for each in self.matches}
        return dict(sorted(Counter(producer for producer, _buyer in pairs).items()))


def near_misses(matches: Iterable[Match]) -> list[NearMiss]:
    """The pairs that one gate alone keeps apart, by gate, most pairs first.

    What no office can mend (another kind of goods, a refusal, a contract that runs) is not among them.
    """
    found: dict[str, list[Match]] = defaultdict(list)
    for each in matches:
        if each.only is not None:
            found[each.only.key].append(each)
    grouped = [NearMiss(key, tuple(sorted(group, key=lambda each: -each.value))) for key, group in found.items()]
    return sorted(grouped, key=lambda near: (-len(near.producers) * len(near.buyers), -len(near.matches), near.gate))


def softened(matches: Iterable[Match]) -> list[tuple[str, int]]:
    """How many more would pass if the demand only preferred this criterion: keys of gates, most first."""
    only = Counter(each.only.key for each in matches if each.only and each.only.code not in ALWAYS_HARD)
    return sorted(only.items(), key=lambda pair: (-pair[1], pair[0]))


def unrefused(matches: Iterable[Match], refusal: GateCode) -> list[Match]:
    """Those that this refusal does not shut, for the side that is not told of it: the others are not there for it."""
    return [each for each in matches if not each.shut_by(refusal)]


def best_of_each_demand(matches: Iterable[Match]) -> list[Match]:
    """Of each demand the offer that suits it best, of those that no gate excludes; in the order given."""
    best: dict[int, Match] = {}
    for each in matches:
        if each.eligible and (each.demand.id not in best or each.value > best[each.demand.id].value):
            best[each.demand.id] = each
    return list(best.values())


def in_turn(matches: Sequence[Match], shown: Mapping[int, int], *, side: str, count: int) -> list[Match]:
    """So many of these in the order they are shown: the best first, but of those alike the least shown.

    `shown` counts how often each offer (`side` "offer") or demand ("demand") was shown before, by its row. At each
    place those whose value is within `ALIKE` of the best left are alike, so that nobody is pushed up from far below.
    """
    left = sorted(matches, key=lambda each: (-each.value, each.offer.code, each.demand.code))
    found: list[Match] = []
    while left and len(found) < count:
        alike = [each for each in left if each.value >= left[0].value - ALIKE]
        chosen = min(alike, key=lambda each: shown.get(subject_of(each, side), 0))
        left.remove(chosen)
        found.append(chosen)
    return found


def subject_of(each: Match, side: str) -> int:
    """The row that a list shows: an offer to a buyer, a demand to a producer."""
    return each.offer.offer_id if side == "offer" else each.demand.id
