"""Listings and their variants."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.registry.certification.models import Product


class ListingState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[ListingState, frozenset[ListingState]] = {
    ListingState.DRAFT: frozenset({ListingState.IN_REVIEW, ListingState.PUBLISHED, ListingState.WITHDRAWN}),
    ListingState.IN_REVIEW: frozenset({ListingState.DRAFT, ListingState.PUBLISHED, ListingState.WITHDRAWN}),
    ListingState.PUBLISHED: frozenset({ListingState.PAUSED, ListingState.WITHDRAWN}),
    ListingState.PAUSED: frozenset({ListingState.PUBLISHED, ListingState.WITHDRAWN}),
    ListingState.WITHDRAWN: frozenset(),
}


class Listing(Model):
    """The public page of one product. English texts may be empty; the page then shows the Vietnamese."""

    __tablename__ = "listings"
    __table_args__ = (Index("ix_listings_state_published_at", "state", "published_at"),)

    id: Mapped[RowId]
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), unique=True)
    state: Mapped[ListingState] = mapped_column(choice(ListingState, "state"))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    summary_en: Mapped[str] = mapped_column(String(400), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    ingredients: Mapped[str] = mapped_column(Text, default="")
    storage: Mapped[str] = mapped_column(Text, default="")
    shelf_life_days: Mapped[int | None]
    art_seed: Mapped[str] = mapped_column(String(32))  # picture: /art/<set>/<seed>.svg
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    product: Mapped[Product] = related()


class Variant(Model):
    """What is sold: a size or packaging of a listing. A service's variant has no weight and no stock."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight"),
        Index("ix_variants_listing_id", "listing_id"),
    )

    id: Mapped[RowId]
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120), default="")
    price: Mapped[Money]
    weight_g: Mapped[int | None]  # shipping weight, grams
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    listing: Mapped[Listing] = related()
