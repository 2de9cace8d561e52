"""Collections: a theme, a gift basket, or a season with days, vouchers and other collections in it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.shop.vouchers.models import Voucher


class CollectionKind(StrEnum):
    THEME = "theme"  # products that belong together
    BASKET = "basket"  # bought together, in one step
    SEASON = "season"  # Tet, a harvest: from a day to a day


class Collection(Model):
    """Products under one story. Drafts are seen by the office alone; of the products only the public ones show."""

    __tablename__ = "collections"
    __table_args__ = (
        CheckConstraint("(kind = 'season') = (first_day IS NOT NULL)", name="season_has_days"),
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", name="days_whole"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("(picture IS NULL) = (picture_alt = '')", name="picture_told"),
        Index("ix_collections_kind_published_at", "kind", "published_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    kind: Mapped[CollectionKind] = mapped_column(choice(CollectionKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    picture: Mapped[str | None] = mapped_column(String(48))  # the name of its files; None: a drawing is shown
    picture_alt: Mapped[str] = mapped_column(String(200), default="")
    picture_alt_en: Mapped[str] = mapped_column(String(200), default="")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    @property
    def path(self) -> str:
        """Where the public finds it."""
        return f"/{'seasons' if self.kind is CollectionKind.SEASON else 'collections'}/{self.slug}"

    def over(self, on: date) -> bool:
        """Whether its days are past; what has no days is never over."""
        return self.last_day is not None and self.last_day < on

    def to_come(self, on: date) -> bool:
        """Whether its days have not begun."""
        return self.first_day is not None and on < self.first_day


class CollectionItem(Model):
    """A product of a collection; of a basket so many of its first variant."""

    __tablename__ = "collection_items"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
        Index("ix_collection_items_listing_id", "listing_id"),
    )

    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), primary_key=True, autoincrement=False)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)
    position: Mapped[int]
    quantity: Mapped[int] = mapped_column(default=1)


class SeasonPart(Model):
    """A collection that a season shows."""

    __tablename__ = "season_parts"
    __table_args__ = (CheckConstraint("season_id <> part_id", name="not_itself"),)

    season_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), primary_key=True, autoincrement=False)
    part_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), primary_key=True, autoincrement=False)
    position: Mapped[int]


class SeasonVoucher(Model):
    """A voucher of the province that a season tells of."""

    __tablename__ = "season_vouchers"

    season_id: Mapped[int] = mapped_column(ForeignKey("collections.id"), primary_key=True, autoincrement=False)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"), primary_key=True, autoincrement=False)

    voucher: Mapped[Voucher] = related()
