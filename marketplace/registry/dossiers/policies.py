"""Whose dossiers a person sees, and who takes which step."""

from sqlalchemy import ColumnElement, and_, false

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor, Permission
from marketplace.registry.rulesets.rules import FirstLevel

KEEP_OWN_DOSSIERS = Permission("dossiers:keep_own", frozenset({Role.PRODUCER}))
SEE_DOSSIERS = Permission("dossiers:see", OFFICERS)
ADMIT_DOSSIERS = Permission("dossiers:admit", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))

FIRST_LEVELS = {FirstLevel.COMMUNE: Role.COMMUNE_OFFICER, FirstLevel.DISTRICT: Role.DISTRICT_OFFICER}


def dossiers_within(by: Actor) -> ColumnElement[bool]:
    """The producers whose dossiers `by` may see: the own one, or those of the officer's unit."""
    if by.role == Role.PRODUCER:
        return and_(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    return producers_within(by) if SEE_DOSSIERS.held_by(by) else false()


def may_assess(by: Actor, first_level: FirstLevel) -> bool:
    """Whether `by` answers ideas, returns and assesses at the first level of this rule set; the province may always."""
    return ADMIT_DOSSIERS.held_by(by) or by.role == FIRST_LEVELS[first_level]
