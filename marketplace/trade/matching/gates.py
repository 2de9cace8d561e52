"""Gates: what an offer must pass to come before a demand at all, each with its evidence. Pure.

A gate is *hard* where the demand insists on it, and then one that is not passed excludes the offer; a soft one only
weighs. Terms that a producer left open ("to be talked about") pass; facts of the goods that it has not said do not.
Source of the list: what buyers named at supply and demand conferences (domain notes 7.3, trade notes 4.1 and 4.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.delivery.rules import great_circle_km
from marketplace.trade.demands.models import Criterion
from marketplace.trade.demands.rules import comparable, in_base, wanted_paper
from marketplace.trade.matching.facts import Between, DemandFacts, place_of
from marketplace.trade.offers.facts import OfferFacts, OfferPaper

AGAIN_AFTER = timedelta(days=183)  # two who met are not brought together again sooner without a wish


class GateCode(StrEnum):
    CERTIFICATE = "certificate"
    SETS = "sets"
    BUYER_REFUSES = "buyer_refuses"
    PRODUCER_REFUSES = "producer_refuses"
    SUPPLIES = "supplies"
    MET = "met"
    STARS = "stars"
    PAPERS = "papers"
    INVOICE = "invoice"
    BARCODE = "barcode"
    TRACEABILITY = "traceability"
    VOLUME = "volume"
    SEASON = "season"
    ORDER_SIZE = "order_size"
    PRICE = "price"
    PACKAGING = "packaging"
    PLACES = "places"
    STORAGE = "storage"
    TRANSIT = "transit"
    REACH = "reach"
    SHELF_LIFE = "shelf_life"
    SHELF_LIFE_LEFT = "shelf_life_left"
    LISTING_FEE = "listing_fee"
    DISCOUNT = "discount"
    PAYMENT = "payment"
    CONSIGNMENT = "consignment"
    EXCLUSIVITY = "exclusivity"


REFUSALS = frozenset({GateCode.BUYER_REFUSES, GateCode.PRODUCER_REFUSES})
NOT_TO_BE_MENDED = frozenset({GateCode.SETS, *REFUSALS, GateCode.SUPPLIES, GateCode.MET})  # by goods, papers or terms
ALWAYS_HARD = NOT_TO_BE_MENDED | {GateCode.CERTIFICATE, GateCode.REACH}  # no demand can make them weigh only
TERMS = frozenset({GateCode.LISTING_FEE, GateCode.DISCOUNT, GateCode.PAYMENT, GateCode.TRANSIT})  # may be left open
Evidence = int | Money | date | str | None


@dataclass(frozen=True)
class Gate:
    """One gate: whether it is passed, whether it excludes, what was asked and what there is. `subject`: which paper.

    `wanted` and `there` are figures in the demand's unit, dong, days, percent, stars, a date, or a code; None where
    nothing was said.
    """

    code: GateCode
    passed: bool
    hard: bool = True
    wanted: Evidence = None
    there: Evidence = None
    subject: str = ""

    @property
    def excludes(self) -> bool:
        return self.hard and not self.passed

    @property
    def left_open(self) -> bool:
        """Whether it passes because the producer has said nothing: it is to be talked about."""
        return self.code in TERMS and self.passed and self.there is None

    @property
    def key(self) -> str:
        """What it is known by in groups: `papers:haccp`, `volume`."""
        return f"{self.code}:{self.subject}" if self.subject else self.code.value


def gates(demand: DemandFacts, offer: OfferFacts, between: Between, *, on: date) -> tuple[Gate, ...]:
    """Every gate that this demand has for this offer on the day of supply or meeting, in a steady order."""
    return (*_always(demand, offer, between, on), *_asked(demand, offer, on))


def _always(demand: DemandFacts, offer: OfferFacts, between: Between, on: date) -> Iterator[Gate]:
    """What holds whatever a demand says."""
    lasts = offer.certificate_expires_on >= on
    yield Gate(GateCode.CERTIFICATE, lasts, wanted=on, there=offer.certificate_expires_on)
    yield Gate(GateCode.SETS, offer.set_code in demand.sets, there=offer.set_code)
    yield Gate(GateCode.BUYER_REFUSES, not between.refused_by_buyer)
    yield Gate(GateCode.PRODUCER_REFUSES, not between.refused_by_producer)
    yield Gate(GateCode.SUPPLIES, not between.supplies)
    lately = between.met_on is not None and on < between.met_on + AGAIN_AFTER
    yield Gate(GateCode.MET, not lately, there=between.met_on)
    if offer.delivery_radius_km is not None and demand.place is not None:
        away = distance(demand, offer)
        near = away is None or away <= offer.delivery_radius_km
        yield Gate(GateCode.REACH, near, wanted=away, there=offer.delivery_radius_km)


def _asked(demand: DemandFacts, offer: OfferFacts, on: date) -> Iterator[Gate]:
    yield _gate(demand, Criterion.STARS, offer.stars >= demand.least_stars, demand.least_stars, offer.stars)
    yield from _papers(demand, offer, on)
    for criterion, asked, there in (
        (Criterion.INVOICE, demand.invoice, offer.invoice),
        (Criterion.BARCODE, demand.barcode, bool(offer.barcode)),
        (Criterion.TRACEABILITY, demand.traceability, offer.traceability),
        (Criterion.CONSIGNMENT, demand.consignment, offer.consignment),
        (Criterion.EXCLUSIVITY, demand.exclusive, offer.exclusive),
    ):
        if asked:
            yield _gate(demand, criterion, there)
    yield from _goods(demand, offer)
    yield from _keeping(demand, offer)
    yield from _terms(demand, offer)


def _gate(
    demand: DemandFacts,
    criterion: Criterion,
    passed: bool,
    wanted: Evidence = None,
    there: Evidence = None,
    *,
    code: GateCode | None = None,
    subject: str = "",
) -> Gate:
    return Gate(code or GateCode(criterion.value), passed, demand.insists(criterion), wanted, there, subject)


def _papers(demand: DemandFacts, offer: OfferFacts, on: date) -> Iterator[Gate]:
    """Each paper asked for: the one in force longest of those that answer it, or the one that lapsed last."""
    for code in demand.papers:
        kinds = wanted_paper(code).kinds
        held = [paper for paper in (*offer.papers, *offer.lapsed_papers) if paper.kind in kinds]
        best = max(held, key=lambda paper: paper.valid_until or date.max, default=None)
        valid = best is not None and (best.valid_until is None or best.valid_until >= on)
        yield _gate(demand, Criterion.PAPERS, valid, there=_told(best), subject=code)


def _told(paper: OfferPaper | None) -> Evidence:
    """What is said of a paper: its last day, else its number, else that it is there."""
    return None if paper is None else paper.valid_until or paper.number or paper.kind


def _goods(demand: DemandFacts, offer: OfferFacts) -> Iterator[Gate]:
    """How much, when, at which price, in which packs."""
    able = monthly(demand, offer)
    enough = able is not None and able >= demand.volume_from
    yield _gate(demand, Criterion.VOLUME, enough, demand.volume_from, able)
    wanted_months, there_months = len(demand.months), len(demand.months & offered_months(offer))
    if wanted_months < 12 or offer.season != 0:
        yield _gate(demand, Criterion.SEASON, there_months == wanted_months, wanted_months, there_months)
    if demand.order_size is not None:
        least = in_unit(offer.least_order, offer.unit, demand.unit)
        small = least is not None and least <= demand.order_size
        yield _gate(demand, Criterion.ORDER_SIZE, small, demand.order_size, least)
    if demand.price_ceiling is not None:
        price = unit_price(demand, offer)
        cheap = price is not None and price <= demand.price_ceiling.amount
        dong = None if price is None else Money(ceil(price))
        yield _gate(demand, Criterion.PRICE, cheap, demand.price_ceiling, dong)
    if demand.packagings:
        packed = offer.packagings & set(demand.packagings)
        wanted, there = ",".join(demand.packagings), ",".join(sorted(offer.packagings))
        yield _gate(demand, Criterion.PACKAGING, bool(packed), wanted, there or None)
    if demand.places:
        yield _gate(demand, Criterion.PLACES, bool(offer.places & set(demand.places)))


def _keeping(demand: DemandFacts, offer: OfferFacts) -> Iterator[Gate]:
    """How the goods are kept, how long they travel, how long they last."""
    if demand.storages:
        wanted = ",".join(demand.storages)
        yield _gate(demand, Criterion.STORAGE, offer.storage in demand.storages, wanted, offer.storage.value)
    transit, life = demand.transit_days, offer.shelf_life_days
    if transit is not None:
        bears = offer.max_transit_days is None or offer.max_transit_days >= transit
        yield _gate(demand, Criterion.TRANSIT, bears, transit, offer.max_transit_days)
    if demand.shelf_life_days is not None:
        long = life is not None and life >= demand.shelf_life_days
        yield _gate(demand, Criterion.SHELF_LIFE, long, demand.shelf_life_days, life)
    if demand.shelf_life_left is not None:
        left = None if life is None else life_left(life, transit or 0)
        fresh = left is not None and left >= demand.shelf_life_left
        code = GateCode.SHELF_LIFE_LEFT
        yield _gate(demand, Criterion.SHELF_LIFE, fresh, demand.shelf_life_left, left, code=code)


def _terms(demand: DemandFacts, offer: OfferFacts) -> Iterator[Gate]:
    """What the distributor charges and when it pays; what the producer left open passes."""
    if demand.listing_fee is not None:
        bears = offer.most_listing_fee is None or offer.most_listing_fee >= demand.listing_fee
        yield _gate(demand, Criterion.LISTING_FEE, bears, demand.listing_fee, offer.most_listing_fee)
    if demand.discount is not None:
        gives = offer.most_discount is None or offer.most_discount >= demand.discount
        yield _gate(demand, Criterion.DISCOUNT, gives, demand.discount, offer.most_discount)
    if demand.payment_days is not None:
        waits = offer.most_payment_days is None or offer.most_payment_days >= demand.payment_days
        yield _gate(demand, Criterion.PAYMENT, waits, demand.payment_days, offer.most_payment_days)


def in_unit(amount: int, unit: Unit, wanted: Unit) -> int | None:
    """An amount in another unit, rounded up; None where the two cannot be compared."""
    if not comparable(unit, wanted):
        return None
    return -(-in_base(amount, unit)[0] // in_base(1, wanted)[0])


def offered_months(offer: OfferFacts) -> frozenset[int]:
    """The months in which it can supply: in season, and with something left to promise."""
    return frozenset(month for month in range(1, 13) if offer.free_in(month) > 0)


def monthly(demand: DemandFacts, offer: OfferFacts) -> int | None:
    """What it can supply in the poorest of the wanted months, in the demand's unit; None where not comparable.

    Months in which it supplies nothing are the season's question, not the volume's.
    """
    if not comparable(offer.unit, demand.unit):
        return None
    least = min((offer.free_in(month) for month in demand.months & offered_months(offer)), default=0)
    return in_base(least, offer.unit)[0] // in_base(1, demand.unit)[0]


def unit_price(demand: DemandFacts, offer: OfferFacts) -> Fraction | None:
    """What one of the demand's unit costs at the size it orders, in dong, exactly; None where not comparable."""
    return offer.price_of(demand.unit, demand.order_size or demand.volume_from)


def life_left(shelf_life_days: int, transit_days: int) -> int:
    """The share of its life that goods have left when they arrive, in whole percent, rounded down."""
    return max(0, shelf_life_days - transit_days) * 100 // shelf_life_days


def distance(demand: DemandFacts, offer: OfferFacts) -> int | None:
    """Kilometres as the crow flies from the maker to where the goods go; None where one is not known."""
    maker = place_of(offer.latitude, offer.longitude)
    return None if demand.place is None or maker is None else round(great_circle_km(maker, demand.place))
