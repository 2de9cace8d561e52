"""Reading requests and quotations of a deal (ask first whether they are open to the actor: `get_within`)."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.trade.deals.models import Deal, DealRequest, Quotation, QuoteRequest, QuoteState
from marketplace.trade.deals.policies import reads_within


def list_requests(deal: Deal, *, by: Actor) -> list[QuoteRequest]:
    """What the buyer asked a price for on a deal, newest first; nothing to whom it is not open."""
    if not reads_within(by, deal):
        return []
    query = select(QuoteRequest).join(DealRequest, DealRequest.request_id == QuoteRequest.id)
    query = query.where(DealRequest.deal_id == deal.id)
    return list(db.session.scalars(query.order_by(QuoteRequest.sent_at.desc(), QuoteRequest.id.desc())))


def list_quotes(deal: Deal, *, by: Actor) -> list[Quotation]:
    """A deal's quotations and counter-offers, newest first; nothing to whom they are not open."""
    if not reads_within(by, deal):
        return []
    query = select(Quotation).where(Quotation.deal_id == deal.id).order_by(Quotation.number.desc())
    loaded = (selectinload(Quotation.tiers), joinedload(Quotation.variant).joinedload(Variant.listing))
    return list(db.session.scalars(query.options(*loaded)))


def accepted_quote(deal_id: int) -> Quotation | None:
    """The quotation that was accepted last, with its prices."""
    query = select(Quotation).where(Quotation.deal_id == deal_id, Quotation.state == QuoteState.ACCEPTED)
    query = query.order_by(Quotation.number.desc()).limit(1)
    return db.session.scalar(query.options(selectinload(Quotation.tiers), joinedload(Quotation.variant)))


def last_number(deal_id: int) -> int:
    """The number of the newest version; 0 where there is none."""
    return db.session.scalar(select(func.max(Quotation.number)).where(Quotation.deal_id == deal_id)) or 0


def quoted_goods(deal: Deal) -> list[Variant]:
    """The packs that a quotation on a deal may be about: of its listing, else all of the producer's."""
    query = select(Variant).join(Variant.listing).join(Listing.product).options(contains_eager(Variant.listing))
    query = query.where(Product.producer_id == deal.producer_id, Variant.active)
    if deal.listing_id is not None:
        query = query.where(Listing.id == deal.listing_id)
    return list(db.session.scalars(query.order_by(Listing.name, Variant.position, Variant.id)))


def get_quoted(sku: str, deal: Deal) -> Variant:
    """One of these packs by its SKU, or NotFound."""
    found = next((variant for variant in quoted_goods(deal) if variant.sku == sku), None)
    if found is None:
        raise NotFound
    return found


def newest_quotes(deal_ids: Collection[int]) -> dict[int, Quotation]:
    """The newest version of each of these deals, for lists of a party's own."""
    newest = (
        select(Quotation.deal_id, func.max(Quotation.number).label("number"))
        .where(Quotation.deal_id.in_(list(deal_ids)))
        .group_by(Quotation.deal_id)
        .subquery()
    )
    query = select(Quotation).join(
        newest, (Quotation.deal_id == newest.c.deal_id) & (Quotation.number == newest.c.number)
    )
    return {row.deal_id: row for row in db.session.scalars(query.options(selectinload(Quotation.tiers)))}
