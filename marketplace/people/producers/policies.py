"""Who may verify producers, and which producers an officer looks after."""

from sqlalchemy import ColumnElement, and_, exists, false, select, true

from marketplace.people.accounts.models import Role, User
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor, Permission
from marketplace.platform.core.db import looked_up

VERIFY_PRODUCERS = Permission("producers:verify", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def producers_within(by: Actor) -> ColumnElement[bool]:
    """The producers an officer may see: of the commune, the former district, or the province acted for.

    One registered by somebody who has not confirmed their address is nobody's yet, so no officer's business either.
    """
    unconfirmed = exists().where(User.organisation_id == Producer.organisation_id, User.confirmed_at.is_(None))
    return and_(_placed_within(by), ~unconfirmed)


def sees_all(by: Actor) -> bool:
    """Whether somebody looks after producers wherever they are."""
    return by.role in (Role.ADMIN, "system")


def _placed_within(by: Actor) -> ColumnElement[bool]:
    if by.role == Role.COMMUNE_OFFICER:
        return Producer.commune_id == by.unit_id
    communes = select(AdministrativeUnit.id)
    if by.role == Role.DISTRICT_OFFICER:
        return looked_up(Producer.commune_id.in_(communes.where(AdministrativeUnit.former_district_id == by.unit_id)))
    if by.role == Role.PROVINCE_OFFICER:
        return looked_up(Producer.commune_id.in_(communes.where(AdministrativeUnit.parent_id == by.unit_id)))
    return true() if sees_all(by) else false()
