"""All that is to be known of an offer on a day, frozen: what gates, scores and checklists work on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.papers.models import Paper, PaperState
from marketplace.people.papers.queries import list_in_use
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import public, variants_of
from marketplace.shop.catalog.rules import Packaging, Unit, months_of
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Tier, price_at
from marketplace.trade.demands.models import Storage
from marketplace.trade.offers.models import OfferState, WholesaleOffer
from marketplace.trade.offers.rules import content_of, price_of_one


@dataclass(frozen=True)
class OfferPaper:
    """A paper of the producer's vault that was given with a file and not refused. `kind` is the vault's."""

    kind: str
    number: str
    valid_until: date | None  # the last day, included; None: it does not lapse, or none is printed
    code: str
    issued_on: date | None
    accepted: bool  # an officer has looked at it and accepted it


@dataclass(frozen=True)
class OfferFacts:
    """A wholesale offer as it stands on `on`, of a listing that is public that day.

    Amounts are in `unit`. `net_quantity` of `net_unit` lies in one pack of the supplied variant; `retail` and `tiers`
    are prices of such packs. `places` are the place of origin as `system:code` (commune, former district, province);
    `latitude` and `longitude` those of the maker's commune, where the goods leave. `papers` are those usable on the
    day, `lapsed_papers` those whose last day is over.
    """

    on: date
    code: str
    offer_id: int
    state: OfferState
    listing_id: int
    listing_slug: str
    name: str
    name_en: str
    product_id: int
    set_code: str
    producer_id: int
    producer_slug: str
    producer_name: str
    producer_kind: ProducerKind
    organisation_id: int
    commune_id: int
    district_id: int | None
    province_id: int | None
    places: frozenset[str]
    latitude: float | None
    longitude: float | None
    stars: int
    certificate_code: str
    certificate_expires_on: date
    unit: Unit
    capacity: tuple[int, ...]
    committed: tuple[int, ...]
    least_order: int
    lead_days: int
    variant_id: int
    sku: str
    net_quantity: int | None
    net_unit: Unit | None
    retail: Money
    tiers: tuple[Tier, ...]
    packagings: frozenset[Packaging]
    storage: Storage
    shelf_life_days: int | None
    max_transit_days: int | None
    delivery_radius_km: int | None
    most_payment_days: int | None
    most_discount: int | None
    most_listing_fee: Money | None
    consignment: bool
    exclusive: bool
    invoice: bool
    barcode: str
    traceability: bool
    channels: frozenset[str]
    season: int
    back_on: date | None
    first_time: bool
    note: str
    note_en: str
    papers: tuple[OfferPaper, ...]
    lapsed_papers: tuple[OfferPaper, ...]

    @property
    def months(self) -> frozenset[int]:
        """The months it is to be had."""
        return months_of(self.season)

    @property
    def free(self) -> tuple[int, ...]:
        """What of each month is not promised yet, January first; never below nothing."""
        return tuple(max(made - promised, 0) for made, promised in zip(self.capacity, self.committed, strict=True))

    def free_in(self, month: int) -> int:
        """What may still be had in a month; out of season nothing."""
        return self.free[month - 1] if month in self.months else 0

    def price_of(self, unit: Unit, amount: Fraction | int = 0) -> Fraction | None:
        """What one of `unit` costs in dong, exactly, when `amount` of it is bought at once (0: retail).

        None where packs of this variant cannot be counted in that unit.
        """
        content = content_of(self.net_quantity, self.net_unit, unit)
        if content is None:
            return None
        packs = max(int(Fraction(amount) / content), 1)
        return price_of_one(price_at(self.retail, self.tiers, packs).unit, content)


def facts_of(offer_ids: Collection[int], *, on: date) -> list[OfferFacts]:
    """These offers, whatever their state, by id; one whose listing is not public on the day is not in the answer.

    Four queries, however many offers there are.
    """
    return _facts(WholesaleOffer.id.in_(list(offer_ids)), on)


def facts_of_open(*, on: date) -> list[OfferFacts]:
    """Every open offer of a listing that is public on the day, by id."""
    return _facts(WholesaleOffer.state == OfferState.OPEN, on)


def facts_of_producer(producer_id: int, *, on: date) -> list[OfferFacts]:
    """A producer's offers, whatever their state, of listings that are public on the day, by id."""
    return _facts(Product.producer_id == producer_id, on)


def _facts(wanted: ColumnElement[bool], on: date) -> list[OfferFacts]:
    rows = [(row[0], row[1], row[2], row[3]) for row in db.session.execute(_loaded(on).where(wanted))]
    papers = list_in_use({listing.product.producer_id for listing, *_ in rows})
    tiers = tiers_of([variant.id for *_, variant in rows])
    variants = variants_of([listing.id for listing, *_ in rows])
    return [
        _read(
            on,
            listing,
            certificate,
            offer,
            variant,
            tiers=tiers.get(variant.id, ()),
            variants=variants.get(listing.id, []),
            papers=papers.get(listing.product.producer_id, []),
        )
        for listing, certificate, offer, variant in rows
    ]


def _loaded(on: date) -> Select[Listing, Certificate, WholesaleOffer, Variant]:
    place = (joinedload(AdministrativeUnit.former_district), joinedload(AdministrativeUnit.parent))
    return (
        public(on)
        .join(WholesaleOffer, WholesaleOffer.listing_id == Listing.id)
        .join(Variant, Variant.id == WholesaleOffer.variant_id)
        .where(Variant.active)
        .add_columns(WholesaleOffer, Variant)
        .options(
            contains_eager(Listing.product)
            .contains_eager(Product.producer)
            .joinedload(Producer.commune)
            .options(*place),
            joinedload(Listing.origin_commune).options(*place),
        )
        .order_by(WholesaleOffer.id)
    )


def _read(
    on: date,
    listing: Listing,
    certificate: Certificate,
    offer: WholesaleOffer,
    variant: Variant,
    *,
    tiers: tuple[Tier, ...],
    variants: list[Variant],
    papers: list[Paper],
) -> OfferFacts:
    said = [_paper(paper) for paper in papers]
    return OfferFacts(
        on=on,
        stars=certificate.stars,
        certificate_code=certificate.code,
        certificate_expires_on=certificate.expires_on,
        variant_id=variant.id,
        sku=variant.sku,
        net_quantity=variant.net_quantity,
        net_unit=variant.net_unit,
        retail=variant.price,
        tiers=tiers,
        packagings=frozenset(v.packaging for v in variants if v.packaging),
        papers=tuple(paper for paper in said if not _over(paper, on)),
        lapsed_papers=tuple(paper for paper in said if _over(paper, on)),
        back_on=listing.resting(on),
        **_of_listing(listing),
        **_of_producer(listing),
        **_of_offer(offer),
    )


def _of_listing(listing: Listing) -> dict[str, Any]:
    return {
        "listing_id": listing.id,
        "listing_slug": listing.slug,
        "name": listing.name,
        "name_en": listing.name_en,
        "product_id": listing.product.id,
        "set_code": listing.product.set_code,
        "shelf_life_days": listing.shelf_life_days,
        "max_transit_days": listing.max_transit_days,
        "delivery_radius_km": listing.delivery_radius_km,
        "season": listing.season,
    }


def _of_producer(listing: Listing) -> dict[str, Any]:
    producer = listing.product.producer
    origin = listing.origin_commune or producer.commune
    return {
        "producer_id": producer.id,
        "producer_slug": producer.slug,
        "producer_name": producer.name,
        "producer_kind": producer.kind,
        "organisation_id": producer.organisation_id,
        "commune_id": origin.id,
        "district_id": origin.former_district_id,
        "province_id": origin.parent_id,
        "places": frozenset(place_code(u) for u in (origin, origin.former_district, origin.parent) if u),
        "latitude": producer.commune.latitude,
        "longitude": producer.commune.longitude,
    }


def _of_offer(offer: WholesaleOffer) -> dict[str, Any]:
    same = "code state unit least_order lead_days most_payment_days most_discount most_listing_fee consignment"
    same += " exclusive invoice barcode traceability storage first_time note note_en"
    return {
        **{name: getattr(offer, name) for name in same.split()},
        "offer_id": offer.id,
        "capacity": tuple(offer.capacity),
        "committed": tuple(offer.committed),
        "channels": frozenset(offer.channels),
    }


def place_code(unit: AdministrativeUnit) -> str:
    """How demands name a place: `2025:03388`."""
    return f"{unit.system}:{unit.code}"


def _paper(paper: Paper) -> OfferPaper:
    return OfferPaper(
        paper.kind, paper.number, paper.valid_until, paper.code, paper.issued_on, paper.state is PaperState.ACCEPTED
    )


def _over(paper: OfferPaper, on: date) -> bool:
    return paper.valid_until is not None and paper.valid_until < on
