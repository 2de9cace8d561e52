"""Reading what was done to reach people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, null, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.office.outreach.models import Activity, ActivityFile, ActivityKind
from marketplace.office.outreach.policies import units_within
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.places.queries import FORMER, TODAY
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound

MOST_FILES = 20
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Asked:
    """What a list of activities is narrowed to: a year, a kind, a former district by its code; None and "" mean all."""

    year: int | None = None
    kind: ActivityKind | None = None
    district: str = ""


def list_units_of(*, by: Actor, province_code: str) -> list[AdministrativeUnit]:
    """The units an officer records for: the widest first, then by name. An administrator's are the province's."""
    unit = AdministrativeUnit
    province = select(unit.id).where(unit.system == TODAY, unit.level == Level.PROVINCE, unit.code == province_code)
    communes = unit.parent_id.in_(province)
    districts = select(unit.former_district_id).where(communes, unit.former_district_id.is_not(None))
    query = select(unit).where(units_within(by, unit.id), or_(unit.id.in_(province), communes, unit.id.in_(districts)))
    found = db.session.scalars(query.order_by(unit.name, unit.code))
    return sorted(found, key=lambda each: (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE).index(each.level))


def in_district(code: str) -> ColumnElement[bool]:
    """The units of a former district: itself, and today's communes on its land."""
    unit = AdministrativeUnit
    former = select(unit.id).where(unit.system == FORMER, unit.level == Level.DISTRICT, unit.code == code)
    return or_(unit.id.in_(former), unit.former_district_id.in_(former))


def get_activity(code: str, *, by: Actor, hold: bool = False) -> Activity:
    """One activity of a unit that the officer sees, withdrawn or not, or NotFound."""
    query = select(Activity).options(joinedload(Activity.unit))
    query = query.where(Activity.code == code, units_within(by, Activity.unit_id))
    found = db.session.scalar(held(query, Activity) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_activities(*, by: Actor, asked: Asked = Asked(), page: int = 1, per_page: int = 40) -> list[Activity]:
    """Activities that count, the latest first."""
    query = _counting(select(Activity), by, asked).options(contains_eager(Activity.unit))
    query = query.order_by(Activity.held_on.desc(), Activity.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def sums_of(*, by: Actor, asked: Asked = Asked()) -> tuple[int, int]:
    """How many activities `list_activities` has in all, and how many people they reached."""
    query = _counting(select(func.count(Activity.id), func.coalesce(func.sum(Activity.people), 0)), by, asked)
    row = db.session.execute(query).one()
    return row[0], int(row[1])


def _counting(query: Rows, by: Actor, asked: Asked) -> Rows:
    query = query.join(Activity.unit).where(Activity.withdrawn_at.is_(None), units_within(by, Activity.unit_id))
    if asked.year is not None:
        query = query.where(Activity.held_on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if asked.kind is not None:
        query = query.where(Activity.kind == asked.kind)
    return query.where(in_district(asked.district)) if asked.district else query


def reached_by_district(year: int, *, by: Actor) -> Mapping[int | None, tuple[int, int]]:
    """Activities and people reached in a year by former district's row; None: held by the province itself."""
    unit = AdministrativeUnit
    district = func.coalesce(unit.former_district_id, _own_if_district())
    query = select(district, func.count(Activity.id), func.sum(Activity.people))
    rows = db.session.execute(_counting(query, by, Asked(year)).group_by(district))
    return {row[0]: (row[1], int(row[2])) for row in rows}


def _own_if_district() -> ColumnElement[int | None]:
    return case((AdministrativeUnit.level == Level.DISTRICT, AdministrativeUnit.id), else_=null())


def list_files(activity_id: int) -> list[ActivityFile]:
    """The papers of an activity, in the order they were added."""
    query = select(ActivityFile).where(ActivityFile.activity_id == activity_id)
    query = query.options(joinedload(ActivityFile.file)).order_by(ActivityFile.added_at, ActivityFile.file_id)
    return list(db.session.scalars(query))


def get_file(activity_id: int, code: str) -> ActivityFile:
    """One paper of an activity, or NotFound."""
    found = next((each for each in list_files(activity_id) if each.file.code == code), None)
    if found is None:
        raise NotFound
    return found
