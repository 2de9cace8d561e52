"""The score of a pair that passed the gates: two directions, each a sum of named parts, joined. Pure.

Each part is a whole number of hundredths from 0 to 100, each weight a whole number, the weights of a direction adding
up to 100: so part x weight adds up exactly to the direction's points, 0 to 10,000 (hundredths of a point). The two
are joined by the harmonic mean (trade notes 4.2): one cold side sinks the pair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.trade.matching.facts import Between, DemandFacts
from marketplace.trade.matching.gates import Gate, distance, in_unit, monthly, unit_price
from marketplace.trade.offers.facts import OfferFacts

FULL = 100
FAR_KM = 1500  # Lai Châu to Cần Thơ is about 1,400
LONG_CREDIT = 90  # days
MOST_DISCOUNT = 40  # percent
MORE_PAPERS = 3  # beyond those asked for: so many are the most that count


class Part(StrEnum):
    """What speaks for a pair. Those before `CHANNEL` speak to the buyer, the others to the producer."""

    STARS = "stars"
    VOLUME = "volume"
    PRICE = "price"
    WISHES = "wishes"
    MORE_PAPERS = "more_papers"
    NEARNESS = "nearness"
    RELIABILITY = "reliability"
    NOVELTY = "novelty"
    CHANNEL = "channel"
    USE = "use"
    MARGIN = "margin"
    CREDIT = "credit"
    DISCOUNT = "discount"
    ORDER_SIZE = "order_size"
    FOLLOW_THROUGH = "follow_through"


BUYER_PARTS = (
    Part.STARS,
    Part.VOLUME,
    Part.PRICE,
    Part.WISHES,
    Part.MORE_PAPERS,
    Part.NEARNESS,
    Part.RELIABILITY,
    Part.NOVELTY,
)
PRODUCER_PARTS = (
    Part.USE,
    Part.MARGIN,
    Part.CREDIT,
    Part.DISCOUNT,
    Part.CHANNEL,
    Part.ORDER_SIZE,
    Part.NEARNESS,
    Part.FOLLOW_THROUGH,
)


@dataclass(frozen=True)
class Weights:
    """How much each part counts, in percent of its direction. `number` is the version that was used."""

    buyer: Mapping[Part, int]
    producer: Mapping[Part, int]
    number: int = 0


USUAL = Weights(
    buyer=dict(zip(BUYER_PARTS, (12, 20, 20, 18, 6, 8, 10, 6), strict=True)),
    producer=dict(zip(PRODUCER_PARTS, (20, 18, 16, 12, 10, 10, 6, 8), strict=True)),
)


def check_weights(weights: Weights) -> None:
    """Each weight is from 0 to 100, each side's add up to 100; raises Invalid, naming `buyer_stars` or `buyer`."""
    wrong: dict[str, str] = {}
    for side, parts in (("buyer", BUYER_PARTS), ("producer", PRODUCER_PARTS)):
        given = weights.buyer if side == "buyer" else weights.producer
        wrong |= {f"{side}_{part}": N_("Từ 0 đến 100.") for part in parts if not 0 <= given.get(part, -1) <= FULL}
        if not wrong and sum(given[part] for part in parts) != FULL:
            wrong[side] = N_("Các trọng số của một phía phải cộng thành 100.")
    if wrong:
        raise Invalid(wrong)


@dataclass(frozen=True)
class Counted:
    """One part: its value (hundredths, 0 to 100), its weight (percent), and what they come to."""

    part: Part
    value: int
    weight: int

    @property
    def points(self) -> int:
        """Hundredths of a point: value x weight."""
        return self.value * self.weight

    @property
    def lost(self) -> int:
        """What it falls short of its weight's all."""
        return (FULL - self.value) * self.weight


@dataclass(frozen=True)
class Direction:
    """How well one side is served: its parts, which add up to its points."""

    parts: tuple[Counted, ...]

    @property
    def points(self) -> int:
        """Hundredths of a point, 0 to 10,000."""
        return sum(part.points for part in self.parts)

    def best(self, count: int = 3) -> list[Counted]:
        """What speaks most for it, of the parts that are worth at least half."""
        good = [part for part in self.parts if part.value >= FULL // 2 and part.weight]
        return sorted(good, key=lambda part: -part.points)[:count]


@dataclass(frozen=True)
class Score:
    """A pair's score: the offer for the buyer, the demand for the producer, and the harmonic mean of the two."""

    buyer: Direction
    producer: Direction

    @property
    def points(self) -> int:
        """Hundredths of a point, 0 to 10,000; halves round up."""
        a, b = self.buyer.points, self.producer.points
        return (4 * a * b + a + b) // (2 * (a + b)) if a + b else 0

    @property
    def reasons(self) -> list[Counted]:
        """The three best of both sides."""
        return sorted([*self.buyer.best(), *self.producer.best()], key=lambda part: -part.points)[:3]

    @property
    def weakest(self) -> Counted:
        """What costs the pair most."""
        return max((*self.buyer.parts, *self.producer.parts), key=lambda part: part.lost)


def score(
    demand: DemandFacts,
    offer: OfferFacts,
    between: Between,
    passed: Sequence[Gate],
    *,
    weights: Weights = USUAL,
) -> Score:
    """The score of an offer before a demand; `passed` are its gates, of which the soft ones count as wishes."""
    near = _share(distance(demand, offer), FAR_KM, absent=50, less_is_better=True)
    for_buyer = {
        Part.STARS: _stars(offer.stars, demand.least_stars),
        Part.VOLUME: _volume(demand, offer),
        Part.PRICE: _price(demand, offer),
        Part.WISHES: _wishes(passed),
        Part.MORE_PAPERS: _more_papers(offer, passed),
        Part.NEARNESS: near,
        Part.RELIABILITY: (between.kept + 3) * FULL // (between.asked + 4),
        Part.NOVELTY: _novelty(offer, between),
    }
    for_producer = {
        Part.USE: _use(demand, offer),
        Part.MARGIN: _margin(demand, offer),
        Part.CREDIT: _share(demand.payment_days, LONG_CREDIT, absent=50, less_is_better=True),
        Part.DISCOUNT: _share(demand.discount, MOST_DISCOUNT, absent=50, less_is_better=True),
        Part.CHANNEL: _channel(demand, offer),
        Part.ORDER_SIZE: _order_size(demand, offer),
        Part.NEARNESS: near,
        Part.FOLLOW_THROUGH: (between.answered + 3) * FULL // (between.approached + 4),
    }
    return Score(
        Direction(tuple(Counted(part, for_buyer[part], weights.buyer[part]) for part in BUYER_PARTS)),
        Direction(tuple(Counted(part, for_producer[part], weights.producer[part]) for part in PRODUCER_PARTS)),
    )


def _share(amount: int | None, whole: int, *, absent: int, less_is_better: bool = False) -> int:
    if amount is None:
        return absent
    share = min(amount, whole) * FULL // whole
    return FULL - share if less_is_better else share


def _stars(there: int, least: int) -> int:
    """Just enough is 60; each star more brings it nearer to all; five are all."""
    return FULL if there >= 5 else max(0, 60 + 20 * (there - least))


def _volume(demand: DemandFacts, offer: OfferFacts) -> int:
    able = monthly(demand, offer)
    return 0 if able is None else min(FULL, able * FULL // (demand.volume_until or demand.volume_from))


def _price(demand: DemandFacts, offer: OfferFacts) -> int:
    """All at three quarters of the ceiling or less, nothing at five quarters; half where none was named."""
    price = unit_price(demand, offer)
    if demand.price_ceiling is None:
        return 50
    return 0 if price is None else _between(Fraction(price, demand.price_ceiling.amount), 5, 3)


def _margin(demand: DemandFacts, offer: OfferFacts) -> int:
    """The other side of the price: all where the ceiling is five quarters of the price, nothing at three quarters."""
    price = unit_price(demand, offer)
    if demand.price_ceiling is None or not price:
        return 50
    return _between(Fraction(demand.price_ceiling.amount) / price, 3, 5)


def _between(ratio: Fraction, worst: int, best: int) -> int:
    """Where a ratio stands between two numbers of quarters."""
    place = (ratio * 4 - worst) / (best - worst)
    return int(min(Fraction(1), max(Fraction(0), place)) * FULL)


def _wishes(passed: Sequence[Gate]) -> int:
    """The share of what was only wished for that is there; all where nothing was."""
    soft = [gate for gate in passed if not gate.hard]
    return sum(gate.passed for gate in soft) * FULL // len(soft) if soft else FULL


def _more_papers(offer: OfferFacts, passed: Sequence[Gate]) -> int:
    """Quality papers in force that nobody asked for."""
    asked = sum(gate.passed and bool(gate.subject) for gate in passed)
    kinds = {paper.kind for paper in offer.papers} & QUALITY
    return min(MORE_PAPERS, max(0, len(kinds) - asked)) * FULL // MORE_PAPERS


QUALITY = frozenset(
    {"food_safety", "haccp", "iso_22000", "vietgap", "organic", "halal", "test_report", "quality_system"}
)


def _novelty(offer: OfferFacts, between: Between) -> int:
    """Somebody new, and a producer whom no distributor buys from yet, first."""
    if between.met_on is not None:
        return 20
    return FULL if offer.first_time else 70


def _use(demand: DemandFacts, offer: OfferFacts) -> int:
    """How much of what it can still promise in a wanted month the demand would take."""
    able = monthly(demand, offer)
    return 0 if not able else min(FULL, demand.volume_from * FULL // able)


def _channel(demand: DemandFacts, offer: OfferFacts) -> int:
    if not offer.channels:
        return 70
    return FULL if demand.channel.value in offer.channels else 20


def _order_size(demand: DemandFacts, offer: OfferFacts) -> int:
    """All where it orders twice the least or more; half at the least."""
    least = in_unit(offer.least_order, offer.unit, demand.unit)
    if least is None or demand.order_size is None:
        return 50
    return min(FULL, demand.order_size * 50 // least)
