"""The register as a list: every product with the certificate that counts today, narrowed and counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import read_code
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import counting, named, not_revoked
from marketplace.registry.certification.rules import EXPIRING_DAYS, Standing, standing

NONE = "none"  # no certificate in effect yet
STANDINGS = (Standing.IN_FORCE.value, "expiring", Standing.LAPSED.value, Standing.REVOKED.value, NONE)


@dataclass(frozen=True)
class Asked:
    """What an officer narrows the register to; empty means all. `standing` is one of STANDINGS."""

    words: str = ""
    standing: str = ""
    stars: int | None = None
    set_code: str = ""
    commune: str = ""


@dataclass(frozen=True)
class Entry:
    """A product with the certificate of its newest decision in effect, and what that is worth today."""

    product: Product
    certificate: Certificate | None
    standing: str


def _entries(by: Actor, asked: Asked, on: date) -> Select[Product, Certificate]:
    return (
        select(Product, Certificate)
        .join(Product.producer)
        .join(Producer.commune)
        .outerjoin(Certificate, and_(Certificate.product_id == Product.id, counting(on)))
        .where(*_narrowed(by, asked, on))
    )


def _narrowed(by: Actor, asked: Asked, on: date) -> list[ColumnElement[bool]]:
    conditions = [producers_within(by)]
    if asked.words:
        conditions.append(or_(named(asked.words), Product.code == read_code(asked.words)))
    if asked.standing in STANDINGS:
        conditions.append(_standing(asked.standing, on))
    if asked.stars:
        conditions.append(Certificate.stars == asked.stars)
    if asked.set_code:
        conditions.append(Product.set_code == asked.set_code)
    if asked.commune:
        conditions.append(AdministrativeUnit.code == asked.commune)
    return conditions


def _standing(wanted: str, on: date) -> ColumnElement[bool]:
    holds = and_(Certificate.expires_on >= on, not_revoked(on))
    return {
        Standing.IN_FORCE.value: holds,
        "expiring": and_(holds, Certificate.expires_on < on + timedelta(days=EXPIRING_DAYS)),
        Standing.LAPSED.value: and_(Certificate.expires_on < on, not_revoked(on)),
        Standing.REVOKED.value: Certificate.revoked_on <= on,
        NONE: Certificate.id.is_(None),
    }[wanted]


def list_register(
    *,
    by: Actor,
    on: date,
    asked: Asked = Asked(),
    page: int = 1,
    per_page: int | None = 40,
) -> list[Entry]:
    """The register's entries that the officer may see, by product; `per_page` None has them all."""
    query = (
        _entries(by, asked, on)
        .options(contains_eager(Product.producer).contains_eager(Producer.commune), joinedload(Certificate.decision))
        .order_by(Product.name, Product.id)
    )
    if per_page is not None:
        query = query.limit(per_page).offset((page - 1) * per_page)
    return [
        Entry(product, certificate, standing(certificate, [certificate], on).value if certificate else NONE)
        for product, certificate in db.session.execute(query)
    ]


def count_register(*, by: Actor, on: date, asked: Asked = Asked()) -> int:
    """How many entries `list_register` has in all."""
    return db.session.scalar(_entries(by, asked, on).with_only_columns(func.count(Product.id))) or 0


def count_by_standing(*, by: Actor, on: date) -> dict[str, int]:
    """How many products stand how today; one that expires soon is also in force."""
    return {each: count_register(by=by, on=on, asked=Asked(standing=each)) for each in STANDINGS}
