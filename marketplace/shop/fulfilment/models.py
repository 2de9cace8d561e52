"""Parcels."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.shop.orders.models import OrderPart


class Parcel(Model):
    """What was handed to a carrier for one order part."""

    __tablename__ = "parcels"

    id: Mapped[RowId]
    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"), unique=True)
    carrier: Mapped[str] = mapped_column(String(80))
    tracking_number: Mapped[str] = mapped_column(String(64), default="")
    shipped_at: Mapped[datetime]

    part: Mapped[OrderPart] = related()
