"""Administrative units, valid between two dates."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice


class Level(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"  # none since 30 June 2025
    COMMUNE = "commune"


class AdministrativeUnit(Model):
    """A unit of one system of units. Codes are the statistics office's and repeat across systems."""

    __tablename__ = "administrative_units"
    __table_args__ = (
        UniqueConstraint("system", "code"),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="validity"),
        Index("ix_administrative_units_parent_id", "parent_id"),
    )

    id: Mapped[RowId]
    system: Mapped[str] = mapped_column(String(16))  # "2025", "before-2025"
    code: Mapped[str] = mapped_column(String(5))
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    former_district_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    parent: Mapped["AdministrativeUnit | None"] = related(foreign_keys=[parent_id], remote_side="AdministrativeUnit.id")
    former_district: Mapped["AdministrativeUnit | None"] = related(
        foreign_keys=[former_district_id], remote_side="AdministrativeUnit.id"
    )


class UnitSuccession(Model):
    """A former unit went, wholly or in part, into a unit of today."""

    __tablename__ = "unit_successions"

    former_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"), primary_key=True)
