"""One movement: the stock, its batch and the row that says why, always the three together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.shop.inventory.models import MovementKind, Stock, StockBatch, StockMovement


@dataclass(frozen=True)
class Move:
    """Why units move: what kind, for what, by whom, when."""

    kind: MovementKind
    reference: str
    by: Actor
    at: datetime


def move_stock(variant_id: int, delta: int) -> bool:
    """Change a variant's units, never below zero; holds its row until the block ends. Its batches must follow."""
    done = rows_changed(
        update(Stock)
        .where(Stock.variant_id == variant_id, Stock.on_hand + delta >= 0)
        .values(on_hand=Stock.on_hand + delta)
        .execution_options(synchronize_session=False)
    )
    return done == 1


def move_batch(batch_id: int, variant_id: int, delta: int, why: Move) -> bool:
    """Change a batch's units, never below zero, and note it."""
    done = rows_changed(
        update(StockBatch)
        .where(StockBatch.id == batch_id, StockBatch.units + delta >= 0)
        .values(units=StockBatch.units + delta)
        .execution_options(synchronize_session=False)
    )
    if done == 1:
        db.session.add(
            StockMovement(
                variant_id=variant_id,
                batch_id=batch_id,
                kind=why.kind,
                delta=delta,
                reference=why.reference,
                actor_id=why.by.user_id,
                at=why.at,
            )
        )
    return done == 1
