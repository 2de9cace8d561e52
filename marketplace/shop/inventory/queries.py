"""Reading stock."""

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.shop.inventory.models import Stock, StockMovement


def on_hand(variant_ids: Iterable[int]) -> dict[int, int]:
    """Units on hand of each of these variants; one that was never counted is not in the answer."""
    rows = db.session.execute(select(Stock.variant_id, Stock.on_hand).where(Stock.variant_id.in_(list(variant_ids))))
    return {row[0]: row[1] for row in rows}


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
