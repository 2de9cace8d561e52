"""The first stock of many new variants at once: what an import and the demonstration write."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.shop.inventory.models import UNNAMED, MovementKind, Stock, StockBatch, StockMovement


def open_stock(units: Sequence[tuple[int, int]], *, reference: str, by: Actor, at: datetime) -> None:
    """Give new variants (variant id, units) their stock, in a batch without a name, in the open block."""
    if units:
        db.session.execute(insert(Stock), [{"variant_id": v, "on_hand": n} for v, n in units])
    filled = [(v, n) for v, n in units if n]
    if not filled:
        return
    batch = {"code": UNNAMED, "received_at": at}
    statement = insert(StockBatch).returning(StockBatch.id, sort_by_parameter_order=True)
    ids = db.session.scalars(statement, [{"variant_id": v, "units": n, **batch} for v, n in filled])
    moved = {"kind": MovementKind.COUNTED, "reference": reference, "actor_id": by.user_id, "at": at}
    rows = [{"variant_id": v, "batch_id": i, "delta": n, **moved} for (v, n), i in zip(filled, ids, strict=True)]
    db.session.execute(insert(StockMovement), rows)
