"""Who keeps the register, who visits a point, who keeps its desk."""

from sqlalchemy import ColumnElement, false, select, true

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor, Permission
from marketplace.trade.showcase.models import ShowcasePoint

KEEP_POINTS = Permission("showcase:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
VISIT_POINTS = Permission("showcase:visit", OFFICERS)
KEEP_DESK = Permission("showcase:desk", frozenset({Role.PRODUCER, Role.DISTRIBUTOR}))


def looked_after_by(by: Actor) -> ColumnElement[bool]:
    """The points that an officer may see in the office: of the province, former district or commune acted for."""
    if by.role == Role.COMMUNE_OFFICER:
        return ShowcasePoint.commune_id == by.unit_id
    communes = select(AdministrativeUnit.id)
    if by.role == Role.DISTRICT_OFFICER:
        return ShowcasePoint.commune_id.in_(communes.where(AdministrativeUnit.former_district_id == by.unit_id))
    if by.role == Role.PROVINCE_OFFICER:
        return ShowcasePoint.commune_id.in_(communes.where(AdministrativeUnit.parent_id == by.unit_id))
    return true() if by.role in (Role.ADMIN, "system") else false()
