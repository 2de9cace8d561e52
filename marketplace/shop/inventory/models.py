"""Stock on hand and its movements."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId
from marketplace.platform.core.types import choice


class MovementKind(StrEnum):
    COUNTED = "counted"  # the producer counted and corrected
    SOLD = "sold"
    RETURNED = "returned"  # an order part was cancelled, declined or came back


class Stock(Model):
    """Units on hand of one variant: always the sum of its movements, never below zero."""

    __tablename__ = "stocks"
    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand"),)

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    on_hand: Mapped[int]


class StockMovement(Model):
    """Why stock changed, and by how much. Append-only."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="delta"),
        Index("ix_stock_movements_variant_id", "variant_id"),
    )

    id: Mapped[RowId]
    variant_id: Mapped[int] = mapped_column(ForeignKey("stocks.variant_id"))
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    delta: Mapped[int]
    reference: Mapped[str] = mapped_column(String(64))  # an order part's number, or what the producer noted
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
