"""Who applies to exhibit, and whose applications one sees."""

from sqlalchemy import ColumnElement, false

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor, Permission

EXHIBIT = Permission("fairs:exhibit", frozenset({Role.PRODUCER}))


def own(by: Actor) -> ColumnElement[bool]:
    """The applications of the producer that the actor acts for; the query joins producers."""
    if by.organisation_id is None or not EXHIBIT.held_by(by):
        return false()
    return Producer.organisation_id == by.organisation_id
