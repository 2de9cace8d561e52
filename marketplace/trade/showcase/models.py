"""Showcase points: the register, their hours, photographs, goods on display, visits, and what a point's desk keeps."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile, KeptPicture
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.delivery.models import PickupPoint


class PlaceKind(StrEnum):
    """Where a point may be (Decision 950/QĐ-BCT)."""

    STATION = "station"  # railway or bus station, airport, port, ferry
    REST_STOP = "rest_stop"  # on a motorway or highway
    MARKET = "market"  # shopping centre, supermarket, market
    TOURISM = "tourism"  # tourist area, restaurant, hotel
    CRAFT_VILLAGE = "craft_village"
    SERVICE_CENTRE = "service_centre"  # of a commune, an industrial zone or cluster
    FAIR_CENTRE = "fair_centre"
    POST_OFFICE = "post_office"


class PointState(StrEnum):
    DRAFT = "draft"  # seen by the office alone
    OPEN = "open"  # in the public directory
    CLOSED = "closed"


TRANSITIONS: dict[PointState, frozenset[PointState]] = {
    PointState.DRAFT: frozenset({PointState.OPEN}),
    PointState.OPEN: frozenset({PointState.CLOSED}),
    PointState.CLOSED: frozenset({PointState.OPEN}),
}


class ShowcasePoint(Model):
    """One point. `managed_by` says who runs it; `organisation` is whose people keep its desk, where there is one."""

    __tablename__ = "showcase_points"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
        CheckConstraint("state = 'draft' OR (decision_number <> '' AND decided_on IS NOT NULL)", name="decision"),
        CheckConstraint("pickup_id IS NULL OR organisation_id IS NOT NULL", name="pickup_kept"),
        Index("ix_showcase_points_state", "state", "name"),
        Index("ix_showcase_points_organisation_id", "organisation_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind, "kind"))
    state: Mapped[PointState] = mapped_column(choice(PointState, "state"))
    commune_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    street: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    managed_by: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    authority: Mapped[str] = mapped_column(String(200), default="")
    decision_number: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date | None]
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    commune: Mapped[AdministrativeUnit] = related()
    organisation: Mapped[Organisation | None] = related()
    pickup: Mapped[PickupPoint | None] = related()
    hours: Mapped[list["PointHours"]] = related(order_by="PointHours.weekday, PointHours.opens", viewonly=True)
    closures: Mapped[list["PointClosure"]] = related(order_by="PointClosure.first_day", viewonly=True)
    photos: Mapped[list["PointPhoto"]] = related(order_by="PointPhoto.id", viewonly=True)

    @property
    def place(self) -> tuple[float, float] | None:
        """Where it is: its own coordinates, or those of its commune (loaded), or nobody knows."""
        for known in (self, self.commune):
            if known.latitude is not None and known.longitude is not None:
                return known.latitude, known.longitude
        return None

    @property
    def fetched(self) -> bool:
        """Whether buyers may have orders sent here now (its pick-up point is loaded)."""
        return self.pickup is not None and self.pickup.closed_at is None


class PointHours(Model):
    """Open from one time to another, on one day of the week (Monday is 0). Closing before opening: past midnight;
    from midnight to midnight: the whole day.
    """

    __tablename__ = "showcase_hours"
    __table_args__ = (
        UniqueConstraint("point_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens <> closes OR opens = '00:00:00.000000'", name="hours"),
    )

    id: Mapped[RowId]
    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"))
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class PointClosure(Model):
    """Days on which the point does not open, both included."""

    __tablename__ = "showcase_closures"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_showcase_closures_point_id", "point_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")


class PointPhoto(Model):
    """A photograph of the point, seen by all."""

    __tablename__ = "showcase_photos"
    __table_args__ = (Index("ix_showcase_photos_point_id", "point_id"),)

    id: Mapped[RowId]
    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"))
    picture_id: Mapped[int] = mapped_column(ForeignKey("kept_pictures.id"), unique=True)
    alt: Mapped[str] = mapped_column(String(200))
    alt_en: Mapped[str] = mapped_column(String(200), default="")

    picture: Mapped[KeptPicture] = related()


class PointGood(Model):
    """A listing on display. The public sees it only while the public rule admits it."""

    __tablename__ = "showcase_goods"
    __table_args__ = (Index("ix_showcase_goods_listing_id", "listing_id"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"), primary_key=True, autoincrement=False)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)
    since: Mapped[date]

    listing: Mapped[Listing] = related()


class PointVisit(Model):
    """An officer was there: when, who, what they found, what they advised."""

    __tablename__ = "showcase_visits"
    __table_args__ = (Index("ix_showcase_visits_point_id", "point_id", "visited_on"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"))
    visited_on: Mapped[date]
    visitors: Mapped[str] = mapped_column(String(200))
    findings: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    photos: Mapped[list["VisitPhoto"]] = related(order_by="VisitPhoto.file_id", viewonly=True)


class VisitPhoto(Model):
    """A photograph taken on a visit: seen by the officers alone."""

    __tablename__ = "showcase_visit_photos"

    file_id: Mapped[int] = mapped_column(ForeignKey("kept_files.id"), primary_key=True, autoincrement=False)
    visit_id: Mapped[int] = mapped_column(ForeignKey("showcase_visits.id"))

    file: Mapped[KeptFile] = related()


class MoveKind(StrEnum):
    RECEIVED = "received"  # from its producer, to be sold on its account
    SOLD = "sold"
    RETURNED = "returned"  # to its producer
    SPOILED = "spoiled"  # broken, past its date
    UNDONE = "undone"  # another move was a mistake


class PointStock(Model):
    """How many units of a variant a point holds: the sum of its moves."""

    __tablename__ = "showcase_stock"
    __table_args__ = (CheckConstraint("units >= 0", name="units"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"), primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, autoincrement=False)
    units: Mapped[int]

    variant: Mapped[Variant] = related()


class PointMove(Model):
    """Units came or went. Append-only: what was wrong is undone by a move of its own, once."""

    __tablename__ = "showcase_moves"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("(kind = 'sold') = (unit_price IS NOT NULL)", name="price"),
        CheckConstraint("unit_price IS NULL OR unit_price >= 0", name="unit_price"),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undoes"),
        Index("ix_showcase_moves_point_id_day", "point_id", "day"),
    )

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(String(64), unique=True)  # of the form: sent twice it is one move
    code: Mapped[str] = mapped_column(String(16), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("showcase_points.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    kind: Mapped[MoveKind] = mapped_column(choice(MoveKind, "kind"))
    units: Mapped[int]
    unit_price: Mapped[Money | None]
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(200), default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("showcase_moves.id"), unique=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    variant: Mapped[Variant] = related()
