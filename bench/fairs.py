"""Fairs that could be: producers, buyers and what they think of each other, from a seed."""

import random
from dataclasses import dataclass

from marketplace.trade.timetables.problem import Pair, Party, Problem

CATEGORIES = 12
LEAST, MOST = 3, 10


@dataclass(frozen=True)
class _Offer:
    categories: frozenset[int]
    star: int
    haccp: bool
    cold: bool
    capacity: float
    liking: float


@dataclass(frozen=True)
class _Need:
    categories: frozenset[int]
    star: int
    haccp: bool
    cold: bool
    order: float
    liking: float


def fair(producers: int, buyers: int, slots: int, *, seed: int, tables: int, there: tuple[float, float]) -> Problem:
    """A fair of that size; `there` is how likely a producer and a buyer are present in a slot.

    One pair in seven is eligible: stars are 70, 27 and 3 %; category, star, HACCP, cold chain, order size are gates.
    """
    dice = random.Random(seed)
    offers = [_offer(dice) for _ in range(producers)]
    needs = [_need(dice) for _ in range(buyers)]
    return Problem(
        producers=tuple(
            Party(f"P{i}", min(MOST, slots), _present(dice, slots, there[0]), LEAST, int(dice.random() < 0.3))
            for i in range(producers)
        ),
        buyers=tuple(Party(f"B{i}", slots, _present(dice, slots, there[1])) for i in range(buyers)),
        pairs=tuple(
            Pair(p, b, _value(dice, offer, need))
            for p, offer in enumerate(offers)
            for b, need in enumerate(needs)
            if _eligible(offer, need)
        ),
        tables=(tables,) * slots,
    )


def _present(dice: random.Random, slots: int, likely: float) -> frozenset[int]:
    return frozenset(slot for slot in range(slots) if dice.random() < likely)


def _offer(dice: random.Random) -> _Offer:
    star = dice.choices((3, 4, 5), (70, 27, 3))[0]
    categories = frozenset(dice.sample(range(CATEGORIES), dice.choice((1, 1, 2))))
    haccp, cold = dice.random() < 0.25 + 0.2 * (star - 3), dice.random() < 0.5
    return _Offer(categories, star, haccp, cold, dice.lognormvariate(6, 1), dice.random())


def _need(dice: random.Random) -> _Need:
    categories = frozenset(dice.sample(range(CATEGORIES), dice.randint(2, 5)))
    star = dice.choices((3, 4), (80, 20))[0]
    return _Need(
        categories, star, dice.random() < 0.3, dice.random() < 0.25, dice.lognormvariate(4.5, 1), dice.random()
    )


def _eligible(offer: _Offer, need: _Need) -> bool:
    return (
        bool(offer.categories & need.categories)
        and offer.star >= need.star
        and (offer.haccp or not need.haccp)
        and (offer.cold or not need.cold)
        and offer.capacity >= 2 * need.order
    )


def _value(dice: random.Random, offer: _Offer, need: _Need) -> int:
    """Both directions by the harmonic mean, as the desk's score does it, in thousandths."""
    for_buyer = 0.3 * offer.liking + 0.2 * (offer.star - need.star) / 2 + 0.5 * dice.random()
    for_producer = 0.4 * need.liking + 0.6 * dice.random()
    return max(1, round(2000 * for_buyer * for_producer / (for_buyer + for_producer + 1e-9)))
