"""Placements in the shop window, and what each day saw of them: counts, no persons."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Listing
from marketplace.trade.collections.models import Collection


class Place(StrEnum):
    HOME_BANNER = "home_banner"
    FEATURED_ROW = "featured_row"
    SEASONAL = "seasonal"
    CATEGORY_HEAD = "category_head"
    PRODUCER_OF_WEEK = "producer_of_week"
    GIFT_BASKETS = "gift_baskets"


class Target(StrEnum):
    """What a placement leads to."""

    PRODUCT = "product"
    PRODUCER = "producer"
    COLLECTION = "collection"
    BASKET = "basket"
    SEASON = "season"


class Audience(StrEnum):
    """Readers of which language see it."""

    BOTH = "both"
    VI = "vi"
    EN = "en"


@dataclass(frozen=True)
class Room:
    """What a place takes, and how many show at once; more than that take turns."""

    show: int
    targets: frozenset[Target]


A_TURN = "turn:"  # how the key of a turn begins
ROOMS: dict[Place, Room] = {
    Place.HOME_BANNER: Room(1, frozenset(Target)),
    Place.FEATURED_ROW: Room(4, frozenset({Target.PRODUCT})),
    Place.SEASONAL: Room(2, frozenset({Target.COLLECTION, Target.SEASON})),
    Place.CATEGORY_HEAD: Room(4, frozenset({Target.PRODUCT})),
    Place.PRODUCER_OF_WEEK: Room(1, frozenset({Target.PRODUCER})),
    Place.GIFT_BASKETS: Room(4, frozenset({Target.BASKET})),
}


class Placement(Model):
    """Something shown at a place from a day to a day, both included. `key`: a turn that stands is one, by A_TURN."""

    __tablename__ = "placements"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN listing_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN producer_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN collection_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        CheckConstraint("(place = 'category_head') = (category <> '')", name="category"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_placements_place_last_day", "place", "last_day"),
        Index("ix_placements_listing_id", "listing_id"),
        Index("ix_placements_producer_id", "producer_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    place: Mapped[Place] = mapped_column(choice(Place, "place"))
    category: Mapped[str] = mapped_column(String(64), default="")  # the slug of a category head's page
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    position: Mapped[int]
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    reason: Mapped[str] = mapped_column(String(300))
    withdrawn_at: Mapped[datetime | None]  # taken off before its last day
    told_at: Mapped[datetime | None]  # staff were told that it may not be shown any more
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    listing: Mapped[Listing | None] = related()
    producer: Mapped[Producer | None] = related()
    collection: Mapped[Collection | None] = related()

    @property
    def names(self) -> tuple[str, str]:
        """What it shows, in Vietnamese and, where there is one, in English."""
        if self.listing is not None:
            return self.listing.name, self.listing.name_en
        if self.collection is not None:
            return self.collection.title, self.collection.title_en
        assert self.producer is not None
        return self.producer.name, self.producer.name

    @property
    def path(self) -> str:
        """The page it leads to."""
        if self.listing is not None:
            return f"/products/{self.listing.slug}"
        if self.collection is not None:
            return self.collection.path
        assert self.producer is not None
        return f"/producers/{self.producer.slug}"

    def runs(self, on: date) -> bool:
        """Whether it is meant to be shown on a day."""
        return self.withdrawn_at is None and self.first_day <= on <= self.last_day


class PlacementDay(Model):
    """How often a placement was shown and followed on a day, all readers together."""

    __tablename__ = "placement_days"
    __table_args__ = (
        CheckConstraint("shown >= 0 AND clicked >= 0", name="counts"),
        Index("ix_placement_days_day", "day"),
    )

    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    clicked: Mapped[int] = mapped_column(default=0)
