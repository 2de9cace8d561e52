"""A producer's terms, and prices by quantity."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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


class PriceTier(Model):
    """What one unit costs from a quantity on. The more, the cheaper: see `rules.check_tiers`."""

    __tablename__ = "price_tiers"
    __table_args__ = (
        UniqueConstraint("variant_id", "from_quantity"),
        UniqueConstraint("variant_id", "price"),
        CheckConstraint("position BETWEEN 1 AND 6", name="position"),
        CheckConstraint("from_quantity BETWEEN 2 AND 999", name="from_quantity"),
        CheckConstraint("price > 0", name="price"),
    )

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_quantity: Mapped[int]
    price: Mapped[Money]
