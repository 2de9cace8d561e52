"""Who runs campaigns, and who takes part."""

from sqlalchemy import ColumnElement, false

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor, Permission
from marketplace.trade.distributors.models import Distributor
from marketplace.trade.matching.policies import RUN_MATCHMAKING

RUN_CAMPAIGNS = RUN_MATCHMAKING
JOIN_AS_PRODUCER = Permission("campaigns:join_as_producer", frozenset({Role.PRODUCER}))
JOIN_AS_BUYER = Permission("campaigns:join_as_buyer", frozenset({Role.DISTRIBUTOR}))


def own(by: Actor) -> ColumnElement[bool]:
    """The participants that the actor is of; the query joins both parties' tables."""
    if by.organisation_id is None:
        return false()
    if JOIN_AS_PRODUCER.held_by(by):
        return Producer.organisation_id == by.organisation_id
    return Distributor.organisation_id == by.organisation_id if JOIN_AS_BUYER.held_by(by) else false()
