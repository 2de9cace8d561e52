"""Sales at a stand with their lines, and what a day took besides."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money, total
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Variant
from marketplace.trade.exhibitors.models import Application


class PaidBy(StrEnum):
    CASH = "cash"
    TRANSFER = "transfer"  # to the exhibitor's own account
    CARD = "card"


class StandSale(Model):
    """What one visitor bought at the stand and took along. `key` makes entering it twice the same as once."""

    __tablename__ = "stand_sales"
    __table_args__ = (
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided_with_reason"),
        Index("ix_stand_sales_application_id", "application_id", "sold_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"))
    paid_by: Mapped[PaidBy] = mapped_column(choice(PaidBy, "paid_by"))
    sold_at: Mapped[datetime]
    sold_by: Mapped[str] = mapped_column(String(200))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped[Application] = related()
    lines: Mapped[list["StandSaleLine"]] = related(order_by="StandSaleLine.variant_id", viewonly=True)

    @property
    def amount(self) -> Money:
        """What was paid; its lines are loaded."""
        return total(line.price * line.quantity for line in self.lines)

    @property
    def day(self) -> date:
        """The day in Vietnam."""
        return day_of(self.sold_at)


class StandSaleLine(Model):
    """So many units of a variant at a price each; they left the online stock with the sale."""

    __tablename__ = "stand_sale_lines"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 100000", name="quantity"),
        CheckConstraint("price >= 0", name="price"),
    )

    sale_id: Mapped[int] = mapped_column(ForeignKey("stand_sales.id"), primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    quantity: Mapped[int]
    price: Mapped[Money]

    variant: Mapped[Variant] = related()


class DayTakings(Model):
    """What a day took besides the sales entered one by one: tastings, goods without a page here."""

    __tablename__ = "stand_takings"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("fair_applications.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[Money]
    note: Mapped[str] = mapped_column(String(300), default="")
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(200))
