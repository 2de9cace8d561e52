"""Listings and their variants."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.platform.media.rules import Crop, jpeg_path
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.label_fields import DeclaredKind
from marketplace.shop.catalog.rules import Packaging, Unit, UnitPrice, months_of, unit_price


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
    """The public page of one product. English texts may be empty; the page then shows the Vietnamese.

    `facts` holds what the label says beside the columns, by the codes of `label_fields.FIELDS`, English with `_en`.
    """

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint("season BETWEEN 0 AND 4094", name="season"),
        CheckConstraint(
            "declared_kind IS NULL OR declared_kind <> 'medicine' OR state NOT IN ('in_review', 'published')",
            name="no_medicine",
        ),
        CheckConstraint("capacity_per_month IS NULL OR capacity_per_month > 0", name="capacity_per_month"),
        CheckConstraint("(capacity_per_month IS NULL) = (capacity_unit IS NULL)", name="capacity_whole"),
        CheckConstraint("max_transit_days IS NULL OR max_transit_days BETWEEN 1 AND 60", name="max_transit_days"),
        CheckConstraint(
            "delivery_radius_km IS NULL OR delivery_radius_km BETWEEN 1 AND 3000", name="delivery_radius_km"
        ),
        Index("ix_listings_state_published_at", "state", "published_at"),
    )

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
    cover: Mapped[str | None] = mapped_column(String(48))  # the first picture's name; None: the drawing is shown
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    declared_kind: Mapped[DeclaredKind | None] = mapped_column(choice(DeclaredKind, "declared_kind"))
    origin_commune_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))  # None: the maker's
    season: Mapped[int] = mapped_column(default=0)  # bit 0 is January; 0 is the whole year
    remark: Mapped[str] = mapped_column(Text, default="")  # what the office asked to mend
    back_on: Mapped[date | None]  # it rests until that day: shown, not sold
    capacity_per_month: Mapped[int | None]  # of capacity_unit: about how much can be made
    capacity_unit: Mapped[Unit | None] = mapped_column(choice(Unit, "capacity_unit"))
    max_transit_days: Mapped[int | None]  # the longest it may be on the way; None: any
    delivery_radius_km: Mapped[int | None]  # from the maker's commune; None: anywhere
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    product: Mapped[Product] = related()
    origin_commune: Mapped[AdministrativeUnit | None] = related()

    @property
    def months(self) -> frozenset[int]:
        """The months it is to be had."""
        return months_of(self.season)

    @property
    def told(self) -> Mapping[str, Any]:
        """Everything its label says, by field code: columns and facts alike."""
        columns = ("summary", "ingredients", "storage", "shelf_life_days", "declared_kind")
        return {**self.facts, **{name: getattr(self, name) for name in columns}}

    def resting(self, on: date) -> date | None:
        """The day it is back, where it rests on this day; on that day it is for sale again without a write."""
        return self.back_on if self.back_on is not None and on < self.back_on else None

    def image_path(self, set_code: str) -> str:
        """The address of its cover as JPEG, or of its drawing: what is frozen in an order and told to programs."""
        return jpeg_path(self.cover) if self.cover else f"/art/{set_code}/{self.art_seed}.svg"


class ListingPicture(Model):
    """One photograph of a listing; `name` is that of its files. Positions run from 0; the first is the cover."""

    __tablename__ = "listing_pictures"
    __table_args__ = (
        UniqueConstraint("listing_id", "source_digest"),
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("alt <> ''", name="alt"),
        CheckConstraint("crop_x BETWEEN 0 AND 100 AND crop_y BETWEEN 0 AND 100", name="crop_middle"),
        CheckConstraint("crop_size BETWEEN 10 AND 100", name="crop_size"),
    )

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    name: Mapped[str] = mapped_column(String(48), unique=True)
    source_digest: Mapped[str] = mapped_column(String(64))  # of what was sent: the same file twice is known by it
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(String(200))
    alt_en: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    crop_x: Mapped[int]
    crop_y: Mapped[int]
    crop_size: Mapped[int]
    added_at: Mapped[datetime]

    @property
    def crop(self) -> Crop:
        return Crop(self.crop_x, self.crop_y, self.crop_size)


class Variant(Model):
    """What is sold: a size or packaging of a listing. A service's variant has no weight and no stock."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight"),
        CheckConstraint("net_quantity IS NULL OR net_quantity > 0", name="net_quantity"),
        CheckConstraint("least_quantity >= 1", name="least_quantity"),
        CheckConstraint("most_quantity IS NULL OR most_quantity >= least_quantity", name="most_quantity"),
        CheckConstraint("capacity_per_day IS NULL OR capacity_per_day > 0", name="capacity_per_day"),
        Index("ix_variants_listing_id", "listing_id"),
    )

    id: Mapped[RowId]
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120), default="")
    price: Mapped[Money]
    weight_g: Mapped[int | None]  # shipping weight, grams
    net_quantity: Mapped[int | None]  # of net_unit, without packaging
    net_unit: Mapped[Unit | None] = mapped_column(choice(Unit, "net_unit"))
    packaging: Mapped[Packaging | None] = mapped_column(choice(Packaging, "packaging"))
    grade: Mapped[str] = mapped_column(String(60), default="")
    grade_en: Mapped[str] = mapped_column(String(60), default="")
    least_quantity: Mapped[int] = mapped_column(default=1)  # in one order
    most_quantity: Mapped[int | None]
    capacity_per_day: Mapped[int | None]  # of a service: people a day; None: the maker decides each time
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    listing: Mapped[Listing] = related()

    @property
    def unit_price(self) -> UnitPrice | None:
        """What 100 g, a litre or a piece of it costs, where that says something."""
        return unit_price(self.price, self.net_quantity, self.net_unit)


class ProposalState(StrEnum):
    WAITING = "waiting"  # for an officer's look
    RETURNED = "returned"  # to be mended, as `remark` says


class ListingProposal(Model):
    """What a producer would have a published page say: the one open proposal of its listing, until it is decided.

    `wanted` has what would change and `base` what was public instead of it when it was proposed, both by the codes of
    `statements`. `version` counts what has been proposed: an officer approves the version he looked at.
    """

    __tablename__ = "listing_proposals"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("state <> 'returned' OR remark <> ''", name="remark"),
        Index("ix_listing_proposals_state_asked_at", "state", "asked_at"),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)
    version: Mapped[int]
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState, "state"))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]  # since when it waits
    changed_at: Mapped[datetime]

    listing: Mapped[Listing] = related()


class ListingRevision(Model):
    """What a listing said from an instant on: written with each change of it, never changed afterwards.

    `said` is the whole statement, `changed` the codes of what was new. A page that was never changed has none; its
    first one is written with its first change.
    """

    __tablename__ = "listing_revisions"
    __table_args__ = (
        UniqueConstraint("listing_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("restored IS NULL OR restored < number", name="restored"),
    )

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    number: Mapped[int]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed: Mapped[list[str]] = mapped_column(JSON)
    restored: Mapped[int | None]  # the revision it brought back
    by_name: Mapped[str] = mapped_column(String(200))
    for_name: Mapped[str] = mapped_column(String(200), default="")  # on whose behalf, where another asked for it
    at: Mapped[datetime]
