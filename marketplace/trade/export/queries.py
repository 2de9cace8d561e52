"""Reading goods for sheets and catalogues, and products for export: public ones alone, by the one rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.accounts.models import Role
from marketplace.people.papers.models import Paper
from marketplace.people.papers.queries import list_in_use
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import public, variants_of
from marketplace.trade.distributors.queries import find_own
from marketplace.trade.export.rules import ExportFacts, label_says
from marketplace.trade.offers.facts import OfferFacts, facts_of
from marketplace.trade.offers.models import OfferState, WholesaleOffer


@dataclass(frozen=True)
class Goods:
    """A wholesale offer of a public listing with all that its sheet prints; commune, province and origin loaded."""

    facts: OfferFacts
    listing: Listing
    certificate: Certificate
    variants: Sequence[Variant]


@dataclass(frozen=True)
class Exported:
    """A public listing with what readiness reads of it."""

    listing: Listing
    certificate: Certificate
    facts: ExportFacts


def get_goods(code: str, *, by: Actor, on: date) -> Goods:
    """The goods of one wholesale offer that `by` may have a sheet of, or NotFound; Forbidden if not verified."""
    found = list_goods([code], by=by, on=on)
    if not found:
        raise NotFound
    return found[0]


def list_goods(codes: Collection[str], *, by: Actor, on: date) -> list[Goods]:
    """The goods of these offers in their order, those that are public and that `by` may see.

    A producer has its own, a verified distributor those that are open, the office all. Five queries more than two,
    however many.
    """
    query = select(WholesaleOffer.code, WholesaleOffer.id).join(WholesaleOffer.listing).join(Listing.product)
    query = query.join(Product.producer).where(WholesaleOffer.code.in_(list(codes)), _seen_by(by))
    ids = {row[0]: row[1] for row in db.session.execute(query)}
    facts = {each.code: each for each in facts_of(ids.values(), on=on)} if ids else {}
    listings = _public_of([each.listing_id for each in facts.values()], on) if facts else {}
    variants = variants_of(listings)
    wanted = [facts[code] for code in dict.fromkeys(codes) if code in facts]
    return [Goods(each, *listings[each.listing_id], variants.get(each.listing_id, [])) for each in wanted]


def _seen_by(by: Actor) -> ColumnElement[bool]:
    if by.role == Role.PRODUCER:
        return Producer.organisation_id == by.organisation_id
    if by.role == Role.DISTRIBUTOR:
        own = find_own(by)
        if own is None or not own.verified:
            raise Forbidden
        return WholesaleOffer.state == OfferState.OPEN
    return true()


def _public_of(listing_ids: Sequence[int], on: date) -> dict[int, tuple[Listing, Certificate]]:
    rows = db.session.execute(_loaded(on).where(Listing.id.in_(listing_ids)))
    return {listing.id: (listing, certificate) for listing, certificate in rows}


def _loaded(on: date) -> Select[Listing, Certificate]:
    return public(on).options(
        contains_eager(Listing.product)
        .contains_eager(Product.producer)
        .joinedload(Producer.commune)
        .joinedload(AdministrativeUnit.parent),
        joinedload(Listing.origin_commune).joinedload(AdministrativeUnit.parent),
        contains_eager(Certificate.product),
    )


def export_facts(listing: Listing, variants: Sequence[Variant], papers: Sequence[Paper], *, on: date) -> ExportFacts:
    """What readiness reads of a listing (its product loaded), its variants and its producer's papers in use."""
    net = bool(variants) and all(variant.net_quantity for variant in variants)
    return ExportFacts(
        set_code=listing.product.set_code,
        papers=frozenset(paper.kind for paper in papers if not paper.lapsed(on)),
        label=label_says(listing.told, name_en=listing.name_en, net_quantity=net),
    )


def facts_of_listing(listing: Listing, *, on: date) -> ExportFacts:
    """The same of one listing: two queries (ask first whose listing it is)."""
    variants = variants_of([listing.id]).get(listing.id, [])
    papers: Mapping[int, list[Paper]] = list_in_use([listing.product.producer_id])
    return export_facts(listing, variants, papers.get(listing.product.producer_id, []), on=on)


def list_exported(*, on: date) -> list[Exported]:
    """Every public listing with what readiness reads of it, by name: three queries, however many."""
    rows = [(row[0], row[1]) for row in db.session.execute(_loaded(on).order_by(Listing.name, Listing.id))]
    variants = variants_of([listing.id for listing, _ in rows])
    papers = list_in_use({listing.product.producer_id for listing, _ in rows})
    return [
        Exported(
            listing,
            certificate,
            export_facts(listing, variants.get(listing.id, []), papers.get(listing.product.producer_id, []), on=on),
        )
        for listing, certificate in rows
    ]
