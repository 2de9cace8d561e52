"""A producer's terms."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model
from marketplace.platform.core.money import Money


class ShopTerms(Model):
    """What a producer has said of its orders; without a row the usual terms hold."""

    __tablename__ = "shop_terms"
    __table_args__ = (
        CheckConstraint("minimum_order >= 0", name="minimum_order"),
        CheckConstraint("ready_from >= 0 AND ready_from <= ready_until AND ready_until <= 60", name="ready"),
    )

    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), primary_key=True, autoincrement=False)
    minimum_order: Mapped[Money]
    ready_from: Mapped[int]  # days from the order to the carrier
    ready_until: Mapped[int]
