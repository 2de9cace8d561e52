"""Stock on hand, the batches it lies in, and every movement."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.shop.inventory.rules import Life

UNNAMED = "-"  # the code of the batch of goods whose batch nobody wrote down


class MovementKind(StrEnum):
    COUNTED = "counted"  # the producer counted and corrected
    RECEIVED = "received"  # a batch came in
    SPOILED = "spoiled"  # written off: broken, gone bad, past its day
    SOLD = "sold"
    RETURNED = "returned"  # an order part was cancelled, declined or came back


class Stock(Model):
    """Units on hand of one variant: always the sum of its batches and of its movements, never below zero.

    Not all of them may be sold: `queries.sellable` leaves out batches past their day.
    """

    __tablename__ = "stocks"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("low_at IS NULL OR low_at >= 0", name="low_at"),
        CheckConstraint("low_since IS NULL OR low_at IS NOT NULL", name="low_since"),
    )

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    on_hand: Mapped[int]
    low_at: Mapped[int | None]  # the producer is told once so few, or fewer, may be sold; None: never
    low_since: Mapped[datetime | None]  # told then, and not above `low_at` since


class StockBatch(Model):
    """Units of one variant made together. Goods that do not spoil have no day to be sold by."""

    __tablename__ = "stock_batches"
    __table_args__ = (
        UniqueConstraint("variant_id", "code"),
        CheckConstraint("units >= 0", name="units"),
        CheckConstraint("code <> ''", name="code"),
        CheckConstraint("made_on IS NULL OR expires_on IS NULL OR made_on <= expires_on", name="life"),
        Index("ix_stock_batches_expires_on", "expires_on"),
    )

    id: Mapped[RowId]
    variant_id: Mapped[int] = mapped_column(ForeignKey("stocks.variant_id"))
    code: Mapped[str] = mapped_column(String(40))
    made_on: Mapped[date | None]
    expires_on: Mapped[date | None]  # the last day it may be sold
    units: Mapped[int]
    received_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200), default="")
    warned_at: Mapped[datetime | None]  # when the producer was told that its end is near

    @property
    def named(self) -> bool:
        return self.code != UNNAMED

    @property
    def life(self) -> Life:
        """Its days."""
        return Life(self.made_on, self.expires_on)


class StockMovement(Model):
    """Why stock changed, by how much, and in which batch. Append-only."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="delta"),
        CheckConstraint("delta > 0 OR kind IN ('counted', 'spoiled', 'sold')", name="out"),
        CheckConstraint("delta < 0 OR kind IN ('counted', 'received', 'returned')", name="into"),
        Index("ix_stock_movements_variant_id_reference", "variant_id", "reference"),
        Index("ix_stock_movements_batch_id", "batch_id"),
    )

    id: Mapped[RowId]
    variant_id: Mapped[int] = mapped_column(ForeignKey("stocks.variant_id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("stock_batches.id"))
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    delta: Mapped[int]
    reference: Mapped[str] = mapped_column(String(200))  # an order's or a part's number, or what the producer noted
    actor_id: Mapped[int | None]
    at: Mapped[datetime]

    batch: Mapped[StockBatch] = related()
