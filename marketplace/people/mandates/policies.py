"""Who may act for whom. Asked anew at each request, from the person's role and unit of that moment."""

from sqlalchemy import ColumnElement, and_, exists, false
from sqlalchemy.orm import aliased

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.mandates.models import Mandate, MandateState, OfficeConsent
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor, Permission

KEEP_MANDATES = Permission("mandates:keep", frozenset({Role.PRODUCER}), personal=True)
ACT_AS_OFFICER = Permission("acting:officer", OFFICERS, personal=True)
STOP_ACTING = Permission("acting:stop", frozenset(Role))


def producers_acted_for(by: Actor) -> ColumnElement[bool]:
    """The producers that a person, in person, may act for: none while they act for another already."""
    if ACT_AS_OFFICER.held_by(by) and by.known:
        return and_(producers_within(by), exists().where(consented()))
    if KEEP_MANDATES.held_by(by) and by.known:
        holder = aliased(Producer)
        return exists().where(
            Mandate.producer_id == Producer.id,
            Mandate.state == MandateState.ACCEPTED,
            Mandate.holder_id == holder.id,
            holder.organisation_id == by.organisation_id,
            holder.kind == ProducerKind.COOPERATIVE,
            holder.verified_at.is_not(None),
        )
    return false()


def consented() -> ColumnElement[bool]:
    """A consent in force of the producer that is asked about."""
    return and_(OfficeConsent.producer_id == Producer.id, OfficeConsent.ended_at.is_(None))
