"""Distributors."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Organisation
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice


class DistributorKind(StrEnum):
    SUPERMARKET = "supermarket"
    SHOP = "shop"
    WHOLESALER = "wholesaler"
    HOTEL = "hotel"
    EXPORTER = "exporter"
    OTHER = "other"


class Distributor(Model):
    """What a distributor's organisation says of itself; the organisation holds the name."""

    __tablename__ = "distributors"

    id: Mapped[RowId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[DistributorKind] = mapped_column(choice(DistributorKind, "kind"))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    about: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]

    organisation: Mapped[Organisation] = related()
