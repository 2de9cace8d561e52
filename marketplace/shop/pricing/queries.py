"""Reading terms and prices."""

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.shop.pricing.models import PriceTier, ShopTerms
from marketplace.shop.pricing.rules import USUAL, Terms, Tier


def terms_of(producer_ids: Iterable[int]) -> dict[int, Terms]:
    """The terms of each of these producers; the usual ones where it has said nothing."""
    wanted = set(producer_ids)
    rows = db.session.scalars(select(ShopTerms).where(ShopTerms.producer_id.in_(wanted)))
    said = {row.producer_id: Terms(row.minimum_order, (row.ready_from, row.ready_until)) for row in rows}
    return {producer_id: said.get(producer_id, USUAL) for producer_id in wanted}


def tiers_of(variant_ids: Iterable[int]) -> dict[int, tuple[Tier, ...]]:
    """The prices by quantity of each of these variants, least quantity first; one without is not in the answer."""
    query = select(PriceTier).where(PriceTier.variant_id.in_(list(variant_ids)))
    found: dict[int, tuple[Tier, ...]] = {}
    for row in db.session.scalars(query.order_by(PriceTier.variant_id, PriceTier.from_quantity)):
        found[row.variant_id] = (*found.get(row.variant_id, ()), Tier(row.from_quantity, row.price))
    return found
