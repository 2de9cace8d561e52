"""Reading mandates, and whether somebody may act for a producer now."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from marketplace.people.mandates.models import OPEN, Mandate, OfficeConsent
from marketplace.people.mandates.policies import producers_acted_for
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound


def find_acted_for(organisation_id: int, *, by: Actor) -> Producer | None:
    """The producer of this organisation, if `by`, in person, may act for it at this moment."""
    query = select(Producer).where(Producer.organisation_id == organisation_id, producers_acted_for(by))
    return db.session.scalar(query.options(joinedload(Producer.commune)))


def get_acted_for(slug: str, *, by: Actor) -> Producer:
    """A producer that `by`, in person, may act for at this moment, or NotFound."""
    query = select(Producer).where(Producer.slug == slug, producers_acted_for(by))
    found = db.session.scalar(query.options(joinedload(Producer.commune)))
    if found is None:
        raise NotFound
    return found


def get_mandate(code: str, *, by: Actor, hold: bool = False) -> Mandate:
    """A mandate that the actor's producer gave or was given, or NotFound."""
    own = get_own(by).id
    query = _with_both((Mandate.producer_id == own) | (Mandate.holder_id == own)).where(Mandate.code == code)
    found = db.session.scalar(query.with_for_update(of=Mandate) if hold else query)
    if found is None:
        raise NotFound
    return found


def find_consent(producer_id: int) -> OfficeConsent | None:
    """The consent in force by which officers may work a producer's desk."""
    open_one = (OfficeConsent.producer_id == producer_id, OfficeConsent.ended_at.is_(None))
    return db.session.scalar(select(OfficeConsent).where(*open_one))


def list_given(producer_id: int) -> list[Mandate]:
    """What a producer gave, newest first, ended ones too."""
    return list(db.session.scalars(_with_both(Mandate.producer_id == producer_id)))


def list_received(producer_id: int) -> list[Mandate]:
    """The open mandates that a cooperative was given, newest first."""
    return list(db.session.scalars(_with_both(Mandate.holder_id == producer_id).where(Mandate.state.in_(OPEN))))


def list_cooperatives(*, but: int) -> list[Producer]:
    """The verified cooperatives that a mandate may be given to, by name."""
    fit = (Producer.kind == ProducerKind.COOPERATIVE, Producer.verified_at.is_not(None), Producer.id != but)
    query = select(Producer).where(*fit).options(joinedload(Producer.commune))
    return list(db.session.scalars(query.order_by(Producer.name, Producer.id)))


def _with_both(which: ColumnElement[bool]) -> Select[Mandate]:
    both = (
        joinedload(Mandate.producer).joinedload(Producer.commune),
        joinedload(Mandate.holder).joinedload(Producer.commune),
    )
    return select(Mandate).where(which).options(*both).order_by(Mandate.given_at.desc(), Mandate.id.desc())
