"""Who records what was done, and for which units."""

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor, Permission

KEEP_ACTIVITIES = Permission("outreach:keep", OFFICERS)


def units_within(by: Actor, unit_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The units an officer sees and records for: a commune its own, a former district with its communes, a province
    with all of these."""
    unit = AdministrativeUnit
    if by.role == Role.COMMUNE_OFFICER:
        return unit_id == by.unit_id
    if by.role == Role.DISTRICT_OFFICER:
        return or_(unit_id == by.unit_id, unit_id.in_(select(unit.id).where(unit.former_district_id == by.unit_id)))
    if by.role == Role.PROVINCE_OFFICER:
        communes = select(unit.id).where(unit.parent_id == by.unit_id)
        districts = select(unit.former_district_id).where(
            unit.parent_id == by.unit_id, unit.former_district_id.is_not(None)
        )
        return or_(unit_id == by.unit_id, unit_id.in_(communes), unit_id.in_(districts))
    return true() if by.role in (Role.ADMIN, "system") else false()
