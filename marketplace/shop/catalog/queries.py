"""Reading listings. `public()` is the one query that decides what the public sees; nothing re-states its rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.queries import in_force
from marketplace.shop.catalog.label_fields import MEDICINE_SET, SELLABLE_KINDS, missing
from marketplace.shop.catalog.models import Listing, ListingPicture, ListingState, Variant
from marketplace.shop.catalog.policies import kept_by


@dataclass(frozen=True)
class PublicListing:
    """A listing as the public may see it on a day, with the certificate that admits it."""

    listing: Listing
    certificate: Certificate

    @property
    def product(self) -> Product:
        return self.listing.product

    @property
    def producer(self) -> Producer:
        return self.listing.product.producer


@dataclass(frozen=True)
class Offer:
    """A variant on sale today: what a basket, a checkout and a page may sell."""

    variant: Variant
    public: PublicListing


def admitted() -> tuple[ColumnElement[bool], ...]:
    """The part of the public rule that has no dates: published, of a verified producer, and no medicine.

    What set III.1 sells has said by law what it is; medicine, and what said nothing, is never shown.
    """
    no_medicine = or_(Product.set_code != MEDICINE_SET, Listing.declared_kind.in_(SELLABLE_KINDS))
    return Listing.state == ListingState.PUBLISHED, Producer.verified_at.is_not(None), no_medicine


def public(on: date) -> Select[Listing, Certificate]:
    """A published listing of a verified producer whose product is certified with 3 stars or more on the day."""
    return (
        select(Listing, Certificate)
        .join(Listing.product)
        .join(Product.producer)
        .join(Certificate, Certificate.product_id == Product.id)
        .where(*admitted(), in_force(on))
    )


def _loaded(on: date) -> Select[Listing, Certificate]:
    return public(on).options(
        contains_eager(Listing.product)
        .contains_eager(Product.producer)
        .joinedload(Producer.commune)
        .options(joinedload(AdministrativeUnit.former_district), joinedload(AdministrativeUnit.parent)),
        joinedload(Certificate.decision),
    )


def _read(query: Select[Listing, Certificate]) -> list[PublicListing]:
    return [PublicListing(listing, certificate) for listing, certificate in db.session.execute(query)]


def get_public(slug: str, *, on: date) -> PublicListing:
    """The public listing with this slug, or NotFound: lapsed, revoked, paused or unknown alike."""
    origin = joinedload(Listing.origin_commune).joinedload(AdministrativeUnit.parent)
    found = _read(_loaded(on).options(origin).where(Listing.slug == slug))
    if not found:
        raise NotFound
    return found[0]


def list_public(ids: Sequence[int], *, on: date) -> list[PublicListing]:
    """The public among these listings, in the order of `ids`."""
    found = {p.listing.id: p for p in _read(_loaded(on).where(Listing.id.in_(ids)).order_by(Listing.id))}
    return [found[i] for i in ids if i in found]


def list_public_slugs(*, on: date, without: frozenset[str]) -> list[tuple[str, datetime | None]]:
    """The slugs of all public listings but those of some sets, with the instant since when, by slug."""
    query = public(on).with_only_columns(Listing.slug, Listing.published_at).where(Product.set_code.not_in(without))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Listing.slug))]


def find_public_of_products(product_ids: Iterable[int], *, on: date) -> dict[int, PublicListing]:
    """The public listings of these products, by product; one that is not public is not in the answer."""
    query = _loaded(on).where(Product.id.in_(list(product_ids))).order_by(Listing.id)
    return {found.product.id: found for found in _read(query)}


def list_public_of_producer(producer_id: int, *, on: date) -> list[PublicListing]:
    """A producer's public listings, most stars first."""
    return _read(
        _loaded(on).where(Producer.id == producer_id).order_by(Certificate.stars.desc(), Listing.name, Listing.id)
    )


def list_public_by_slug(slugs: Sequence[str], *, on: date) -> list[PublicListing]:
    """The public among these listings, in the order of `slugs`."""
    found = {p.listing.slug: p for p in _read(_loaded(on).where(Listing.slug.in_(slugs)).order_by(Listing.id))}
    return [found[slug] for slug in slugs if slug in found]


def list_public_nearby(listing: Listing, *, on: date, limit: int) -> list[PublicListing]:
    """Other public listings of the same producer, then of the same commune, most stars first."""
    producer = listing.product.producer
    query = _loaded(on).where(Producer.commune_id == producer.commune_id, Listing.id != listing.id)
    own_first = (Producer.id != producer.id, Certificate.stars.desc(), Listing.name, Listing.id)
    return _read(query.order_by(*own_first).limit(limit))


def count_public_by_producer(producer_ids: Iterable[int], *, on: date) -> dict[int, int]:
    """How many public listings each of these producers has; none is not in the answer."""
    query = (
        public(on)
        .with_only_columns(Producer.id, func.count())
        .where(Producer.id.in_(list(producer_ids)))
        .group_by(Producer.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def variants_of(listing_ids: Iterable[int]) -> dict[int, list[Variant]]:
    """The active variants of these listings, in their order, by listing."""
    found: dict[int, list[Variant]] = {}
    query = (
        select(Variant)
        .where(Variant.listing_id.in_(list(listing_ids)), Variant.active)
        .order_by(Variant.listing_id, Variant.position, Variant.id)
    )
    for variant in db.session.scalars(query):
        found.setdefault(variant.listing_id, []).append(variant)
    return found


def offers(variant_ids: Iterable[int], *, on: date) -> dict[int, Offer]:
    """Which of these variants may be sold on the day; those of sets without a cart, and what rests, may not."""
    return _offers(_loaded(on).add_columns(Variant).where(_awake(on), Variant.id.in_(list(variant_ids))))


def resting(variant_ids: Iterable[int], *, on: date) -> dict[int, date]:
    """Which of these variants are public but rest on the day, with the day they are for sale again."""
    query = public(on).join(Variant, Variant.listing_id == Listing.id).with_only_columns(Variant.id, Listing.back_on)
    query = query.where(Variant.active, ~_awake(on), Variant.id.in_(list(variant_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.order_by(Variant.id)) if row[1] is not None}


def _awake(on: date) -> ColumnElement[bool]:
    """Not resting on the day (`Listing.resting` in SQL)."""
    return or_(Listing.back_on.is_(None), Listing.back_on <= on)


def get_offer(sku: str, *, on: date) -> Offer:
    """The variant with this SKU, if it may be sold on the day, or NotFound."""
    found = _offers(_loaded(on).add_columns(Variant).where(_awake(on), Variant.sku == sku))
    if not found:
        raise NotFound
    return next(iter(found.values()))


def _offers(query: Select[Listing, Certificate, Variant]) -> dict[int, Offer]:
    query = query.join(Variant, Variant.listing_id == Listing.id).where(Variant.active).order_by(Variant.id)
    return {
        variant.id: Offer(variant, PublicListing(listing, certificate))
        for listing, certificate, variant in db.session.execute(query)
        if product_set(listing.product.set_code).cart
    }


def get_listing(slug: str) -> Listing:
    """A listing whatever its state, with product and producer, for those who keep it (ask the policy)."""
    return _one(select(Listing).where(Listing.slug == slug))


def get_kept(slug: str, *, by: Actor, hold: bool = False) -> Listing:
    """A listing whatever its state that `by` keeps, or NotFound. `hold` keeps it from others until the block ends."""
    query = select(Listing).where(Listing.slug == slug, kept_by(by))
    return _one(query.with_for_update(of=Listing) if hold else query)


def get_kept_variant(sku: str, *, by: Actor, hold: bool = False, retired: bool = False) -> Variant:
    """An active variant of a listing that `by` keeps, or NotFound; with `retired` also one taken off its page.

    `hold` keeps both from others until the block ends, in a checkout's own order: variant, then listing.
    """
    query = (
        select(Variant)
        .join(Variant.listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(contains_eager(Variant.listing).contains_eager(Listing.product).contains_eager(Product.producer))
        .where(Variant.sku == sku, kept_by(by), or_(Variant.active, literal(retired)))
    )
    variant = db.session.scalar(query.with_for_update(of=[Variant, Listing]) if hold else query)
    if variant is None:
        raise NotFound
    return variant


def list_pictures(listing_id: int) -> list[ListingPicture]:
    """The pictures of a listing in their order, the cover first."""
    query = select(ListingPicture).where(ListingPicture.listing_id == listing_id)
    return list(db.session.scalars(query.order_by(ListingPicture.position, ListingPicture.id)))


def is_pictured(name: str) -> bool:
    """Whether a listing shows this picture."""
    return db.session.scalar(select(ListingPicture.id).where(ListingPicture.name == name)) is not None


def missing_of(listing: Listing, variants: Sequence[Variant] | None = None) -> dict[str, str]:
    """What its label still has to say before others may see it (`label_fields.missing`); its product is loaded."""
    return missing_if(listing, listing.told, variants)


def missing_if(listing: Listing, told: Mapping[str, Any], variants: Sequence[Variant] | None = None) -> dict[str, str]:
    """The same, if the label said what is `told`."""
    if variants is None:
        variants = variants_of([listing.id]).get(listing.id, [])
    service = product_set(listing.product.set_code).service
    sellable = bool(variants) and (service or all(variant.net_quantity for variant in variants))
    return missing(listing.product.set_code, told, sellable=sellable)


def get_variant(sku: str) -> Variant:
    """A variant with its listing, product and producer, for those who keep it (ask the policy)."""
    variant = db.session.scalar(
        select(Variant)
        .join(Variant.listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(contains_eager(Variant.listing).contains_eager(Listing.product).contains_eager(Product.producer))
        .where(Variant.sku == sku)
    )
    if variant is None:
        raise NotFound
    return variant


def list_of_producer(organisation_id: int) -> list[Listing]:
    """All listings of an organisation's producer, by name."""
    return list(
        db.session.scalars(
            _with_producer(select(Listing))
            .where(Producer.organisation_id == organisation_id)
            .order_by(Listing.name, Listing.id)
        )
    )


def list_in_review(*, by: Actor) -> list[Listing]:
    """The listings that wait for the officer's look, longest waiting first."""
    query = _with_producer(select(Listing)).where(Listing.state == ListingState.IN_REVIEW, kept_by(by))
    return list(db.session.scalars(query.order_by(Listing.submitted_at, Listing.id)))


def list_unlisted(organisation_id: int) -> list[Product]:
    """The products of an organisation's producer that have no listing yet, by name."""
    query = (
        select(Product)
        .join(Product.producer)
        .where(Producer.organisation_id == organisation_id)
        .where(~select(Listing.id).where(Listing.product_id == Product.id).exists())
    )
    return list(db.session.scalars(query.order_by(Product.name, Product.id)))


def _with_producer(query: Select[Listing]) -> Select[Listing]:
    return (
        query.join(Listing.product)
        .join(Product.producer)
        .options(
            contains_eager(Listing.product)
            .contains_eager(Product.producer)
            .joinedload(Producer.commune)
            .joinedload(AdministrativeUnit.parent),
            joinedload(Listing.origin_commune).joinedload(AdministrativeUnit.parent),
        )
    )


def _one(query: Select[Listing]) -> Listing:
    listing = db.session.scalar(_with_producer(query))
    if listing is None:
        raise NotFound
    return listing
