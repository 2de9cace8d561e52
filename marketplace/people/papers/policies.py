"""Who keeps papers, who looks at them, and whose a person may see."""

from sqlalchemy import ColumnElement, and_, false

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor, Permission

KEEP_OWN_PAPERS = Permission("papers:keep_own", frozenset({Role.PRODUCER}))
SEE_PAPERS = Permission("papers:see", frozenset({Role.PRODUCER, *OFFICERS}))
LOOK_AT_PAPERS = Permission("papers:look_at", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def papers_within(by: Actor) -> ColumnElement[bool]:
    """The producers whose papers `by` may see: the own one, or those of the officer's unit."""
    if KEEP_OWN_PAPERS.held_by(by) and by.role != "system":
        return and_(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    return producers_within(by) if SEE_PAPERS.held_by(by) else false()
