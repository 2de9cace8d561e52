"""A producer's terms, prices by quantity, and prices for a while."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.pricing.rules import Phase, phase_of


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


class FlashSale(Model):
    """A lower price of one variant for a while, and for so many units where `units` says so.

    At most one of a variant counts at an instant: `services.sales` holds the variant while it looks.
    """

    __tablename__ = "flash_sales"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("starts_at <= ends_at", name="time"),
        CheckConstraint("units IS NULL OR units > 0", name="units"),
        CheckConstraint("sold >= 0 AND (units IS NULL OR sold <= units)", name="sold"),
        Index("ix_flash_sales_variant_id_ends_at", "variant_id", "ends_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    price: Mapped[Money]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    units: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    variant: Mapped[Variant] = related()

    def phase(self, at: datetime) -> Phase:
        """Whether it is planned, running or ended; one that is sold out has ended."""
        return Phase.ENDED if self.sold == self.units else phase_of(self.starts_at, self.ends_at, at)


class AgreedPrice(Model):
    """A purchase that two parties agreed on: so many units of a variant at a price, for one buyer, to be ordered once.

    Whoever made them agree keeps `reference`; at most one of a reference waits to be ordered (`used_at` is None).
    """

    __tablename__ = "agreed_prices"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("quantity BETWEEN 1 AND 1000000", name="quantity"),
        Index(
            "uq_agreed_prices_waiting",
            "reference",
            unique=True,
            sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
        Index("ix_agreed_prices_reference", "reference"),
    )

    id: Mapped[RowId]
    reference: Mapped[str] = mapped_column(String(24))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    price: Mapped[Money]
    quantity: Mapped[int]
    valid_until: Mapped[date]  # the last day it may be ordered
    agreed_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def stands(self, *, user_id: int | None, on: date) -> bool:
        """Whether this buyer may still order at it."""
        return self.used_at is None and self.user_id == user_id and on <= self.valid_until
