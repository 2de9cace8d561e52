"""Reading a producer's own wholesale offers."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.policies import kept_by
from marketplace.trade.offers.models import OfferState, WholesaleOffer

SUPPLIED = (ListingState.PUBLISHED, ListingState.PAUSED)


def list_supplied(*, by: Actor) -> list[Listing]:
    """The acting producer's listings that were shown to the public, by name: what may be offered wholesale."""
    return list(db.session.scalars(_own(by).where(Listing.state.in_(SUPPLIED)).order_by(Listing.name, Listing.id)))


def offers_by_listing(listing_ids: Collection[int]) -> dict[int, WholesaleOffer]:
    """The offers of these listings, by listing."""
    query = select(WholesaleOffer).where(WholesaleOffer.listing_id.in_(list(listing_ids)))
    return {offer.listing_id: offer for offer in db.session.scalars(query.order_by(WholesaleOffer.id))}


def find_offer(listing_id: int, *, hold: bool = False) -> WholesaleOffer | None:
    """The offer of a listing, if there is one (ask first whose listing it is)."""
    query = select(WholesaleOffer).where(WholesaleOffer.listing_id == listing_id)
    return db.session.scalar(held(query, WholesaleOffer) if hold else query)


def has_open_offer(*, by: Actor) -> bool:
    """Whether the acting producer offers anything wholesale just now."""
    query = _own(by).join(WholesaleOffer, WholesaleOffer.listing_id == Listing.id)
    return bool(db.session.scalar(select(query.where(WholesaleOffer.state == OfferState.OPEN).exists())))


def supplied_sets(*, by: Actor) -> frozenset[str]:
    """The product sets of what the acting producer may offer."""
    return frozenset(listing.product.set_code for listing in list_supplied(by=by))


def _own(by: Actor) -> Select[Listing]:
    return (
        select(Listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(contains_eager(Listing.product).contains_eager(Product.producer))
        .where(kept_by(by), Producer.organisation_id == by.organisation_id)
    )
