"""Halls, booths, landmarks, the plans as they were saved. Lengths: centimetres, from a hall's upper left corner."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.trade.fairs.models import Edition, EditionZone


class LandmarkKind(StrEnum):
    ENTRANCE = "entrance"
    STAGE = "stage"
    DESK = "desk"  # where visitors ask
    FOOD = "food"
    TOILET = "toilet"
    FIRST_AID = "first_aid"
    WALL = "wall"


class Hall(Model):
    """A hall or a ground of an edition."""

    __tablename__ = "fair_halls"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("width BETWEEN 100 AND 50000 AND depth BETWEEN 100 AND 50000", name="size"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]  # from 0, in the office's order
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    width: Mapped[int]
    depth: Mapped[int]

    edition: Mapped[Edition] = related()


class Booth(Model):
    """A place to stand. `code` is for ever; `label` is what is painted above it: A12. `open_sides`: 2 is a corner."""

    __tablename__ = "fair_booths"
    __table_args__ = (
        UniqueConstraint("edition_id", "label"),
        CheckConstraint("x >= 0 AND y >= 0 AND width BETWEEN 50 AND 5000 AND depth BETWEEN 50 AND 5000", name="box"),
        CheckConstraint("price >= 0 AND power_w BETWEEN 0 AND 100000", name="amounts"),
        CheckConstraint("open_sides BETWEEN 1 AND 4", name="open_sides"),
        Index("ix_fair_booths_hall_id", "hall_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    hall_id: Mapped[int] = mapped_column(ForeignKey("fair_halls.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("fair_zones.id"))
    label: Mapped[str] = mapped_column(String(12))
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    depth: Mapped[int]
    price: Mapped[Money]  # the fee of whoever stands here
    power_w: Mapped[int] = mapped_column(default=0)
    water: Mapped[bool] = mapped_column(default=False)
    cold: Mapped[bool] = mapped_column(default=False)
    open_sides: Mapped[int] = mapped_column(default=1)
    blocked: Mapped[bool] = mapped_column(default=False)  # given to nobody

    hall: Mapped[Hall] = related()
    zone: Mapped[EditionZone | None] = related()

    @property
    def area_cm2(self) -> int:
        """Square centimetres."""
        return self.width * self.depth


class Landmark(Model):
    """What else stands in a hall: the stage, an entrance."""

    __tablename__ = "fair_landmarks"
    __table_args__ = (
        CheckConstraint("x >= 0 AND y >= 0 AND width BETWEEN 20 AND 50000 AND depth BETWEEN 20 AND 50000", name="box"),
        Index("ix_fair_landmarks_hall_id", "hall_id"),
    )

    id: Mapped[RowId]
    hall_id: Mapped[int] = mapped_column(ForeignKey("fair_halls.id"))
    kind: Mapped[LandmarkKind] = mapped_column(choice(LandmarkKind, "kind"))
    label: Mapped[str] = mapped_column(String(60), default="")
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    depth: Mapped[int]

    hall: Mapped[Hall] = related()


class SavedPlan(Model):
    """The whole plan as it was saved, the newest the one that stands. Whoever saves names the one they began with."""

    __tablename__ = "fair_plans"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)  # `rules.Layout`
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))
