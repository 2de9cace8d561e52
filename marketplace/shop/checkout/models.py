"""What a buyer has typed so far."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model
from marketplace.shop.orders.models import INVOICE_WHOLE


class CheckoutDraft(Model):
    """One basket's checkout as far as it has come: nothing typed is lost. `key` becomes the order's."""

    __tablename__ = "checkout_drafts"
    __table_args__ = (CheckConstraint(INVOICE_WHOLE, name="invoice"),)

    basket_id: Mapped[int] = mapped_column(
        ForeignKey("baskets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(String(64), unique=True)
    recipient: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(254))
    province_code: Mapped[str] = mapped_column(String(5))
    commune_code: Mapped[str] = mapped_column(String(5))
    street: Mapped[str] = mapped_column(String(200))
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"))  # fetched there; the address is its
    note: Mapped[str] = mapped_column(String(500))
    gift_note: Mapped[str] = mapped_column(String(300), default="")
    invoice_name: Mapped[str | None] = mapped_column(String(200))
    invoice_tax_code: Mapped[str | None] = mapped_column(String(14))
    invoice_address: Mapped[str | None] = mapped_column(String(300))
    invoice_email: Mapped[str | None] = mapped_column(String(254))
    updated_at: Mapped[datetime]
