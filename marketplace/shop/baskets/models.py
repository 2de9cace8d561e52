"""Baskets, their lines, and the vouchers to be used on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.vouchers.models import Voucher


class Basket(Model):
    """One visitor's basket, found by a secret in a cookie; a member's also by the user."""

    __tablename__ = "baskets"

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    updated_at: Mapped[datetime]

    lines: Mapped[list["BasketLine"]] = related(order_by="BasketLine.id", back_populates="basket")


class BasketLine(Model):
    """A variant and how many; one line a variant. `price_seen` tells the buyer of a change since."""

    __tablename__ = "basket_lines"
    __table_args__ = (
        UniqueConstraint("basket_id", "variant_id"),
        CheckConstraint(
            "quantity BETWEEN 1 AND 999 OR (agreed_id IS NOT NULL AND quantity BETWEEN 1 AND 1000000)", name="quantity"
        ),
        Index("ix_basket_lines_variant_id", "variant_id"),
    )

    id: Mapped[RowId]
    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    quantity: Mapped[int]
    price_seen: Mapped[Money]
    added_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]  # put aside for later: not part of what is ordered
    agreed_id: Mapped[int | None] = mapped_column(ForeignKey("agreed_prices.id"))  # at whose price and quantity it is

    basket: Mapped[Basket] = related(back_populates="lines")
    variant: Mapped[Variant] = related()


class BasketVoucher(Model):
    """A voucher that a buyer would use: at most one of each giver, the one entered last (`services.use_voucher`)."""

    __tablename__ = "basket_vouchers"

    basket_id: Mapped[int] = mapped_column(
        ForeignKey("baskets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"), primary_key=True, autoincrement=False)
    entered_at: Mapped[datetime]

    voucher: Mapped[Voucher] = related()
