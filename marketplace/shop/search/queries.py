"""From the shop's tables to documents of the index, and from a question to public listings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.changes import Change
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.queries import list_of_products
from marketplace.registry.certification.rules import Interval, intervals
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.queries import PublicListing, admitted, list_public, variants_of
from marketplace.shop.inventory.queries import sellable_until
from marketplace.shop.pricing.queries import sales_of
from marketplace.shop.pricing.rules import price_at
from marketplace.shop.search.rules import Document, Engine, Found, Query

BATCH = 500


@dataclass(frozen=True)
class Hits:
    """A page of public listings with the totals and facets of all hits."""

    listings: list[PublicListing]
    found: Found


def engine() -> Engine:
    """The engine that SEARCH_URL names."""
    return cast("Engine", current_app.extensions["search"])


def search(query: Query, *, on: date) -> Hits:
    """The public listings that answer the query; what the index is late to drop, the one public query drops."""
    found = engine().search(query, on=on)
    return Hits(list_public(found.listing_ids, on=on), found)


def documents_of(listing_ids: Iterable[int], *, at: datetime) -> dict[int, list[Document]]:
    """What the index should hold of each of these listings from the day on: nothing for one never to be public.

    The price is the instant's: at the start and end of a flash sale a change row has it asked anew.
    """
    ids, on = list(listing_ids), day_of(at)
    listings = {row.id: row for row in db.session.scalars(_publishable().where(Listing.id.in_(ids)))}
    certificates = list_of_products(row.product_id for row in listings.values())
    variants = variants_of(listings)
    until = sellable_until(v.id for inside in variants.values() for v in inside)
    prices = _prices(variants, at)
    documents: dict[int, list[Document]] = {listing_id: [] for listing_id in ids}
    for listing in listings.values():
        for stretch in intervals(certificates.get(listing.product_id, [])):
            if stretch.last >= on and listing.id in variants:
                for whole in _documents(listing, variants[listing.id], prices[listing.id], stretch, until, on=on):
                    documents[listing.id] += _while_it_rests(whole, listing.resting(on))
    return documents


def _while_it_rests(whole: Document, back_on: date | None) -> list[Document]:
    """A stretch of days that a rest ends within is two: not to be had, and again to be had, without a write."""
    if back_on is None or back_on <= whole.first:
        return [whole]
    if back_on > whole.last:
        return [replace(whole, available=False)]
    return [replace(whole, last=back_on - timedelta(days=1), available=False), replace(whole, first=back_on)]


def listings_behind(changes: Iterable[Change]) -> list[int]:
    """The listings that these changes touch: of a listing itself, of a product, of a producer."""
    by_kind: dict[str, set[int]] = {"listing": set(), "product": set(), "producer": set()}
    for change in changes:
        by_kind[change.kind].add(change.subject_id)
    query = (
        select(Listing.id)
        .join(Listing.product)
        .where(
            Listing.id.in_(by_kind["listing"])
            | Listing.product_id.in_(by_kind["product"])
            | Product.producer_id.in_(by_kind["producer"])
        )
        .order_by(Listing.id)
    )
    return list(db.session.scalars(query))


def list_changes(*, limit: int = BATCH) -> list[Change]:
    """The oldest changes not yet indexed."""
    return list(db.session.scalars(select(Change).order_by(Change.id).limit(limit)))


def all_listing_ids() -> list[int]:
    """Every published listing."""
    query = select(Listing.id).where(Listing.state == ListingState.PUBLISHED).order_by(Listing.id)
    return list(db.session.scalars(query))


def _publishable() -> Select[Listing]:
    """Listings that are public on any day their product is certified."""
    return (
        select(Listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(
            contains_eager(Listing.product)
            .contains_eager(Product.producer)
            .joinedload(Producer.commune)
            .options(joinedload(AdministrativeUnit.former_district), joinedload(AdministrativeUnit.parent))
        )
        .where(*admitted())
        .order_by(Listing.id)
    )


def _documents(
    listing: Listing,
    variants: list[Variant],
    price: Money,
    stretch: Interval,
    until: dict[int, date | None],
    *,
    on: date,
) -> list[Document]:
    """A stretch of days as documents: through the last day its goods are good for, and the days after.

    So a batch past its day takes its listing to the end of the row without a write.
    """
    whole = _document(listing, price, stretch)
    ends = [until[variant.id] for variant in variants if variant.id in until]
    last = max((end or date.max for end in ends), default=date.min)
    if product_set(listing.product.set_code).service or last >= stretch.last:
        return [replace(whole, available=True)]
    if last < max(stretch.first, on):
        return [whole]
    return [replace(whole, last=last, available=True), replace(whole, first=last + timedelta(days=1))]


def _prices(variants: Mapping[int, list[Variant]], at: datetime) -> dict[int, Money]:
    """The lowest price of each of these listings at the instant."""
    sales = sales_of([v.id for inside in variants.values() for v in inside], at=at)
    return {
        listing_id: min(price_at(v.price, (), 1, sales.get(v.id)).unit for v in inside)
        for listing_id, inside in variants.items()
    }


def _document(listing: Listing, price: Money, stretch: Interval) -> Document:
    product, producer = listing.product, listing.product.producer
    commune = producer.commune
    kind = product_set(product.set_code)
    places = [commune.name, *(unit.name for unit in (commune.former_district, commune.parent) if unit)]
    return Document(
        listing_id=listing.id,
        first=stretch.first,
        last=stretch.last,
        since=stretch.first,
        stars=stretch.stars,
        set_code=product.set_code,
        district=commune.former_district.code if commune.former_district else "",
        commune=commune.code,
        producer=producer.slug,
        producer_name=producer.name,
        months=tuple(sorted(listing.months)),
        price=price.amount,
        available=False,
        name=listing.name,
        other_names=" ".join([listing.name_en, producer.name, *places, kind.name, kind.name_en]),
        text=" ".join([listing.summary, listing.summary_en, listing.description, listing.description_en]),
    )
