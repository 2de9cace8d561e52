"""Reading stock."""

from collections.abc import Iterable

from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.shop.inventory.models import MovementKind, Stock, StockMovement


def on_hand(variant_ids: Iterable[int]) -> dict[int, int]:
    """Units on hand of each of these variants; one that was never counted is not in the answer."""
    rows = db.session.execute(select(Stock.variant_id, Stock.on_hand).where(Stock.variant_id.in_(list(variant_ids))))
    return {row[0]: row[1] for row in rows}


def count_counts(variant_ids: Iterable[int]) -> dict[int, int]:
    """How often each of these variants was counted; one that never was is not in the answer."""
    query = (
        select(StockMovement.variant_id, func.count())
        .where(StockMovement.variant_id.in_(list(variant_ids)), StockMovement.kind == MovementKind.COUNTED)
        .group_by(StockMovement.variant_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_movements(variant_id: int, *, limit: int = 50) -> list[StockMovement]:
    """The newest movements of one variant."""
    return list(
        db.session.scalars(
            select(StockMovement)
            .where(StockMovement.variant_id == variant_id)
            .order_by(StockMovement.id.desc())
            .limit(limit)
        )
    )
