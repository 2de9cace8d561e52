"""Reading terms and prices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.pricing.models import AgreedPrice, FlashSale, PriceTier, ShopTerms
from marketplace.shop.pricing.rules import USUAL, Agreed, Sale, Terms, Tier


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


def sales_of(variant_ids: Iterable[int], *, at: datetime) -> dict[int, Sale]:
    """The flash sale of each of these variants that runs at the instant and has units left."""
    query = select(FlashSale).where(
        FlashSale.variant_id.in_(list(variant_ids)),
        FlashSale.starts_at <= at,
        FlashSale.ends_at > at,
        FlashSale.units.is_(None) | (FlashSale.sold < FlashSale.units),
    )
    return {
        row.variant_id: Sale(row.id, row.price, row.ends_at, None if row.units is None else row.units - row.sold)
        for row in db.session.scalars(query.order_by(FlashSale.id))
    }


def agreed_of(ids: Iterable[int], *, user_id: int | None, on: date) -> dict[int, Agreed]:
    """These purchases agreed on, each with whether this buyer may still order it on the day."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(select(AgreedPrice).where(AgreedPrice.id.in_(wanted)))
    return {row.id: Agreed(row.id, row.price, row.quantity, row.stands(user_id=user_id, on=on)) for row in rows}


def list_sales(producer_id: int, *, page: int = 1, per_page: int = 30) -> list[FlashSale]:
    """A page of a producer's flash sales with their goods, those that end last first."""
    query = _of_producer(select(FlashSale), producer_id)
    query = query.options(contains_eager(FlashSale.variant).contains_eager(Variant.listing))
    query = query.order_by(FlashSale.ends_at.desc(), FlashSale.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_sales(producer_id: int) -> int:
    """How many `list_sales` has in all."""
    return db.session.scalar(_of_producer(select(func.count(FlashSale.id)), producer_id)) or 0


def get_sale(code: str, producer_id: int, *, hold: bool = False) -> FlashSale:
    """A producer's flash sale with its variant, or NotFound; `hold` until the block ends."""
    query = _of_producer(select(FlashSale), producer_id).where(FlashSale.code == code)
    query = query.options(contains_eager(FlashSale.variant))
    sale: FlashSale | None = db.session.scalar(query.with_for_update(of=[FlashSale]) if hold else query)
    if sale is None:
        raise NotFound
    return sale


def _of_producer(query: Select[Any], producer_id: int) -> Select[Any]:
    query = query.join(FlashSale.variant).join(Variant.listing).join(Listing.product)
    return query.where(Product.producer_id == producer_id)
