"""Reading support."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from marketplace.office.outreach.queries import Rows, in_district
from marketplace.office.support.models import Support, SupportKind
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to: a year, a kind, a former district by its code; None and "" mean all."""

    year: int | None = None
    kind: SupportKind | None = None
    district: str = ""


@dataclass(frozen=True)
class Sums:
    """How many acts of support, for how many producers, worth how much."""

    count: int
    producers: int
    amount: Money


def get_support(code: str, *, by: Actor, hold: bool = False) -> Support:
    """One act for a producer that the officer looks after, withdrawn or not, or NotFound."""
    query = _placed(select(Support)).options(contains_eager(Support.producer).contains_eager(Producer.commune))
    query = query.where(Support.code == code, producers_within(by))
    found: Support | None = db.session.scalar(held(query, Support) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_support(*, by: Actor, asked: Asked = Asked(), page: int = 1, per_page: int = 40) -> list[Support]:
    """Support that counts, the latest first."""
    query = _counting(select(Support), by, asked)
    query = query.options(contains_eager(Support.producer).contains_eager(Producer.commune))
    query = query.order_by(Support.given_on.desc(), Support.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def sums_of(*, by: Actor, asked: Asked = Asked()) -> Sums:
    """What `list_support` comes to in all."""
    counted = select(func.count(Support.id), func.count(Support.producer_id.distinct()), func.sum(Support.amount))
    row = db.session.execute(_counting(counted, by, asked)).one()
    return Sums(row[0], row[1], row[2] or Money(0))


def supported_by_district(year: int, *, by: Actor) -> Mapping[int | None, int]:
    """How many producers were supported in a year, by former district's row."""
    district = AdministrativeUnit.former_district_id
    query = _counting(select(district, func.count(Support.producer_id.distinct())), by, Asked(year))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(district))}


def list_of_producer(producer_id: int) -> list[Support]:
    """What a producer was given, the latest first; whose page it is was asked before."""
    query = select(Support).where(Support.producer_id == producer_id, Support.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(Support.given_on.desc(), Support.id.desc())))


def _placed(query: Rows) -> Rows:
    return query.join(Support.producer).join(Producer.commune)


def _counting(query: Rows, by: Actor, asked: Asked) -> Rows:
    query = _placed(query).where(Support.withdrawn_at.is_(None), producers_within(by))
    if asked.year is not None:
        query = query.where(Support.given_on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if asked.kind is not None:
        query = query.where(Support.kind == asked.kind)
    return query.where(in_district(asked.district)) if asked.district else query
