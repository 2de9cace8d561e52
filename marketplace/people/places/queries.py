"""Reading administrative units."""

from collections.abc import Collection

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload

from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.platform.core.db import db

TODAY = "2025"  # the system of two levels, in force since 1 July 2025
FORMER = "before-2025"


def list_provinces() -> list[AdministrativeUnit]:
    """The 34 provinces of today, by code."""
    return list(db.session.scalars(_of_today(Level.PROVINCE).order_by(AdministrativeUnit.code)))


def list_communes(province_code: str) -> list[AdministrativeUnit]:
    """The communes and wards of a province of today, by name; none for an unknown code."""
    province = _province_id(province_code)
    query = _of_today(Level.COMMUNE).where(AdministrativeUnit.parent_id.in_(province))
    return list(db.session.scalars(query.order_by(AdministrativeUnit.name, AdministrativeUnit.code)))


def _province_id(code: str) -> Select[int]:
    """The row number of a province of today."""
    return select(AdministrativeUnit.id).where(
        AdministrativeUnit.system == TODAY,
        AdministrativeUnit.level == Level.PROVINCE,
        AdministrativeUnit.code == code,
    )


def find_commune(code: str) -> AdministrativeUnit | None:
    """A commune of today with its province and its former district."""
    return db.session.scalar(
        _of_today(Level.COMMUNE)
        .where(AdministrativeUnit.code == code)
        .options(joinedload(AdministrativeUnit.parent), joinedload(AdministrativeUnit.former_district))
    )


def find_unit(code: str, level: Level) -> AdministrativeUnit | None:
    """The unit that an officer acts within: a province or commune of today, or a former district."""
    system = FORMER if level is Level.DISTRICT else TODAY
    return db.session.scalar(
        select(AdministrativeUnit).where(
            AdministrativeUnit.system == system, AdministrativeUnit.level == level, AdministrativeUnit.code == code
        )
    )


def list_former_districts() -> list[AdministrativeUnit]:
    """The former districts of the province, by code: a dated label of today's communes."""
    query = select(AdministrativeUnit).where(AdministrativeUnit.level == Level.DISTRICT)
    return list(db.session.scalars(query.order_by(AdministrativeUnit.code)))


def _of_today(level: Level) -> Select[AdministrativeUnit]:
    return select(AdministrativeUnit).where(AdministrativeUnit.system == TODAY, AdministrativeUnit.level == level)


def list_units(marks: Collection[str]) -> list[AdministrativeUnit]:
    """The units that marks such as `2025:03388` (system and code) name, by name; an unknown mark names none."""
    wanted = [tuple(mark.split(":", 1)) for mark in sorted(set(marks)) if mark.count(":") == 1]
    query = select(AdministrativeUnit).where(tuple_(AdministrativeUnit.system, AdministrativeUnit.code).in_(wanted))
    return list(db.session.scalars(query.order_by(AdministrativeUnit.name, AdministrativeUnit.code)))
