"""Reading terms."""

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.shop.pricing.models import ShopTerms
from marketplace.shop.pricing.rules import USUAL, Terms


def terms_of(producer_ids: Iterable[int]) -> dict[int, Terms]:
    """The terms of each of these producers; the usual ones where it has said nothing."""
    wanted = set(producer_ids)
    rows = db.session.scalars(select(ShopTerms).where(ShopTerms.producer_id.in_(wanted)))
    said = {row.producer_id: Terms(row.minimum_order, (row.ready_from, row.ready_until)) for row in rows}
    return {producer_id: said.get(producer_id, USUAL) for producer_id in wanted}
