"""Reading producers."""

from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import User
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound


def _with_place() -> Select[Producer]:
    place = joinedload(Producer.commune).options(
        joinedload(AdministrativeUnit.former_district), joinedload(AdministrativeUnit.parent)
    )
    return select(Producer).options(place)


def get_verified(slug: str) -> Producer:
    """A producer that the public may see, or NotFound."""
    found = db.session.scalar(_with_place().where(Producer.slug == slug, Producer.verified_at.is_not(None)))
    if found is None:
        raise NotFound
    return found


def list_verified(*, page: int = 1, per_page: int = 24) -> list[Producer]:
    """Verified producers by name."""
    return list(
        db.session.scalars(
            _with_place()
            .where(Producer.verified_at.is_not(None))
            .order_by(Producer.name, Producer.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def list_verified_slugs() -> list[str]:
    """The slugs of all verified producers, by slug."""
    query = select(Producer.slug).where(Producer.verified_at.is_not(None)).order_by(Producer.slug)
    return list(db.session.scalars(query))


def list_verified_names() -> list[tuple[str, str]]:
    """Slug and name of all verified producers, by name: to choose one from."""
    query = select(Producer.slug, Producer.name).where(Producer.verified_at.is_not(None))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Producer.name, Producer.id))]


def count_verified() -> int:
    """How many producers are verified."""
    return db.session.scalar(select(func.count(Producer.id)).where(Producer.verified_at.is_not(None))) or 0


def names_of(slugs: Iterable[str]) -> dict[str, str]:
    """The names of these producers by slug; an unknown slug is not in the answer."""
    rows = db.session.execute(select(Producer.slug, Producer.name).where(Producer.slug.in_(list(slugs))))
    return {row[0]: row[1] for row in rows}


def get_own(by: Actor) -> Producer:
    """The producer that the actor acts for, or NotFound."""
    found = db.session.scalar(_with_place().where(Producer.organisation_id == by.organisation_id))
    if found is None or by.organisation_id is None:
        raise NotFound
    return found


def get_within(slug: str, *, by: Actor) -> Producer:
    """A producer whatever its standing, for an officer who looks after it, or NotFound."""
    found = db.session.scalar(_with_place().where(Producer.slug == slug, producers_within(by)))
    if found is None:
        raise NotFound
    return found


def list_waiting(*, by: Actor) -> list[Producer]:
    """Producers not yet verified that an officer looks after, longest waiting first."""
    waiting = _with_place().where(Producer.verified_at.is_(None), producers_within(by))
    return list(db.session.scalars(waiting.order_by(Producer.created_at, Producer.id)))


def people_of(producer_id: int) -> list[User]:
    """Everyone who acts for a producer and is not disabled."""
    query = (
        select(User)
        .join(Producer, Producer.organisation_id == User.organisation_id)
        .where(Producer.id == producer_id, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return list(db.session.scalars(query))
