"""Certificates and dossiers as the plan counts them, and the rows behind each count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, extract, func, null, or_, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from marketplace.office.outreach.policies import units_within
from marketplace.office.outreach.queries import Rows, in_district
from marketplace.office.programme.models import Indicator
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import in_force, lapsing_by_day
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.registry.rounds.models import EvaluationRound

IN_REVIEW = (
    DossierState.SUBMITTED,
    DossierState.RETURNED,
    DossierState.FORWARDED,
    DossierState.ADMITTED,
    DossierState.SCORED,
)
LAPSE_DAYS = 183  # six months
OF_KIND = {DossierKind.NEW: Indicator.NEW_PRODUCTS, DossierKind.UPGRADE: Indicator.UPGRADES}


@dataclass(frozen=True)
class Narrowed:
    """What rows are narrowed to: a former district, a commune, a product set by their codes; "" means all."""

    district: str = ""
    commune: str = ""
    set_code: str = ""

    def conditions(self, set_code: Any) -> list[ColumnElement[bool]]:
        """The same, for a query that joins the producer's commune."""
        found: list[ColumnElement[bool]] = []
        if self.district:
            found.append(in_district(self.district))
        if self.commune:
            found.append(AdministrativeUnit.code == self.commune)
        return [*found, set_code == self.set_code] if self.set_code else found


def counted(certificate: type[Certificate], on: date) -> ColumnElement[bool]:
    """Certificates that the plan counts: all but those taken back, by the day, in the very year that gave them.

    Such a one is as if it had never been given, so that a product certified anew after it is new. What is taken back
    in a later year keeps its place: the figures of a year that is over do not change, and no product is new twice.
    """
    given, taken = certificate.issued_on, certificate.revoked_on
    return or_(taken.is_(None), taken > on, extract("year", taken) > extract("year", given))


def stars_before(on: date) -> ColumnElement[int]:
    """The stars of the same product's counted certificate before this one; NULL for the first."""
    earlier = aliased(Certificate)
    same_day = and_(earlier.issued_on == Certificate.issued_on, earlier.id < Certificate.id)
    return (
        select(earlier.stars)
        .where(
            earlier.product_id == Certificate.product_id,
            or_(earlier.issued_on < Certificate.issued_on, same_day),
            counted(earlier, on),
        )
        .order_by(earlier.issued_on.desc(), earlier.id.desc())
        .limit(1)
        .correlate(Certificate)
        .scalar_subquery()
    )


def _granted(query: Rows, first: int, last: int, by: Actor, on: date) -> Rows:
    """Certificates that begin in these years, by the day, and count."""
    return _placed(query).where(
        Certificate.issued_on.between(date(first, 1, 1), min(on, date(last, 12, 31))),
        counted(Certificate, on),
        producers_within(by),
    )


def _placed(query: Rows) -> Rows:
    return query.join(Certificate.product).join(Product.producer).join(Producer.commune)


def certified_counts(
    years: Sequence[int], *, by: Actor, on: date, priority: Mapping[int, frozenset[str]]
) -> Mapping[int, Mapping[Indicator, Mapping[int | None, int]]]:
    """New, upgraded, and new products of each year's preferred sets, by former district's row; years that follow.

    What a certificate came after is looked up once for each and told apart here: that look-up is what costs.
    """
    year = case(*((Certificate.issued_on >= date(each, 1, 1), each) for each in sorted(years, reverse=True)))
    district, before = AdministrativeUnit.former_district_id, stars_before(on)
    columns = (year.label("y"), district.label("d"), Product.set_code.label("s"), Certificate.stars.label("n"))
    granted = _granted(select(*columns, before.label("b")), min(years), max(years), by, on).subquery()
    rows: Iterable[Any] = db.session.execute(select(granted, func.count()).group_by(*granted.c))
    found: dict[int, dict[Indicator, dict[int | None, int]]] = {
        each: {Indicator.NEW_PRODUCTS: {}, Indicator.UPGRADES: {}, Indicator.PRIORITY_PRODUCTS: {}} for each in years
    }
    for when, where, set_code, stars, had, n in rows:
        for indicator in _indicators(_kind(stars, had), set_code, priority[when]):
            counts = found[when][indicator]
            counts[where] = counts.get(where, 0) + n
    return found


def _kind(stars: int, had: int | None) -> str:
    if had is None:
        return "new"
    return "up" if stars > had else ""


def _indicators(how: str, set_code: str, priority: frozenset[str]) -> list[Indicator]:
    if how == "up":
        return [Indicator.UPGRADES]
    if how != "new":
        return []
    return [Indicator.NEW_PRODUCTS] + ([Indicator.PRIORITY_PRODUCTS] if set_code in priority else [])


def review_counts(year: int, *, by: Actor, priority: frozenset[str]) -> Mapping[Indicator, Mapping[int | None, int]]:
    """Dossiers of the year's rounds that are in review, by former district's row."""
    district = AdministrativeUnit.former_district_id
    query = _reviewed(select(district, Dossier.set_code, Dossier.kind, func.count()), year, by)
    rows = db.session.execute(query.group_by(district, Dossier.set_code, Dossier.kind))
    found: dict[Indicator, dict[int | None, int]] = {}
    for where, set_code, kind, n in rows:
        for indicator in _indicators("new" if kind is DossierKind.NEW else "up", set_code, priority):
            counts = found.setdefault(indicator, {})
            counts[where] = counts.get(where, 0) + n
    return found


def _reviewed(query: Rows, year: int, by: Actor) -> Rows:
    return (
        query.join(Dossier.producer)
        .join(Producer.commune)
        .join(Dossier.round)
        .where(
            EvaluationRound.year == year,
            Dossier.state.in_(IN_REVIEW),
            Dossier.kind.in_(list(OF_KIND)),
            producers_within(by),
        )
    )


def certified_rows(
    indicator: Indicator, year: int, *, by: Actor, on: date, priority: frozenset[str], narrowed: Narrowed
) -> Rows:
    """The certificates behind a count, each with the stars before it; the newest first."""
    before = stars_before(on)
    query = _granted(select(Certificate, before.label("before")), year, year, by, on)
    if indicator is Indicator.UPGRADES:
        query = query.where(Certificate.stars > before)
    else:
        query = query.where(before.is_(None))
    if indicator is Indicator.PRIORITY_PRODUCTS:
        query = query.where(Product.set_code.in_(sorted(priority)))
    query = query.where(*narrowed.conditions(Product.set_code)).options(*_shown())
    return query.order_by(Certificate.issued_on.desc(), Certificate.id.desc())


def review_rows(indicator: Indicator, year: int, *, by: Actor, priority: frozenset[str], narrowed: Narrowed) -> Rows:
    """The dossiers in review that would count."""
    kind = DossierKind.UPGRADE if indicator is Indicator.UPGRADES else DossierKind.NEW
    query = _reviewed(select(Dossier), year, by).where(Dossier.kind == kind, *narrowed.conditions(Dossier.set_code))
    if indicator is Indicator.PRIORITY_PRODUCTS:
        query = query.where(Dossier.set_code.in_(sorted(priority)))
    eager = contains_eager(Dossier.producer).contains_eager(Producer.commune)
    return query.options(eager, contains_eager(Dossier.round)).order_by(Dossier.submitted_at, Dossier.id)


def lapsing_rows(*, by: Actor, on: date, narrowed: Narrowed) -> Rows:
    """Certificates in force that end within six months, the first to end first."""
    query = _placed(select(Certificate)).where(
        Certificate.expires_on.between(on, on + timedelta(days=LAPSE_DAYS)), in_force(on), producers_within(by)
    )
    query = query.where(*narrowed.conditions(Product.set_code)).options(*_shown())
    return query.order_by(Certificate.expires_on, Certificate.id)


def in_force_rows(*, by: Actor, on: date, narrowed: Narrowed) -> Rows:
    """Certificates in force, by product."""
    query = _placed(select(Certificate)).where(in_force(on), producers_within(by))
    query = query.where(*narrowed.conditions(Product.set_code)).options(*_shown())
    return query.order_by(Product.name, Certificate.id)


def by_month(days: Mapping[date, int]) -> Mapping[date, int]:
    """How many of so many on each day fall into which month, by its first day."""
    found: dict[date, int] = {}
    for day, n in days.items():
        found[day.replace(day=1)] = found.get(day.replace(day=1), 0) + n
    return found


def lapsing_by_month(*, by: Actor, on: date) -> Mapping[date, int]:
    """How many of `lapsing_rows` end in which month, by its first day."""
    return by_month(lapsing_by_day(by=by, on=on, days=LAPSE_DAYS))


@dataclass(frozen=True)
class Place:
    """A commune on the map: how many products hold a certificate in force."""

    commune: AdministrativeUnit
    products: int


@dataclass(frozen=True)
class InForce:
    """How many products hold a certificate in force, by commune's row; of these, how many end on which day soon."""

    by_commune: Mapping[int, int]
    lapsing_by_day: Mapping[date, int]


def count_in_force(*, by: Actor, on: date) -> InForce:
    """What is in force and what of it ends within six months, in one reading: finding the newest is what costs."""
    ends = Certificate.expires_on
    day = case((ends <= on + timedelta(days=LAPSE_DAYS), ends), else_=null())
    query = select(Producer.commune_id, day, func.count()).join(Certificate.product).join(Product.producer)
    query = query.where(in_force(on), producers_within(by)).group_by(Producer.commune_id, day)
    communes: dict[int, int] = {}
    days: dict[date, int] = {}
    for commune, end, n in db.session.execute(query):
        communes[commune] = communes.get(commune, 0) + n
        if end is not None:
            days[end] = days.get(end, 0) + n
    return InForce(communes, dict(sorted(days.items())))


def places_of(numbers: Mapping[int, int], *, by: Actor, province_id: int) -> list[Place]:
    """The province's communes of today that the officer sees, by name, with how many products each has."""
    unit = AdministrativeUnit
    communes = select(unit).where(unit.parent_id == province_id, units_within(by, unit.id))
    found = db.session.scalars(communes.order_by(unit.name, unit.code))
    return [Place(each, numbers.get(each.id, 0)) for each in found]


def _shown() -> tuple[Any, ...]:
    product = contains_eager(Certificate.product).contains_eager(Product.producer).contains_eager(Producer.commune)
    return product, selectinload(Certificate.decision)  # joined, it is searched for each row before the page is cut


def count_rows(query: Rows) -> int:
    """How many rows a list has in all."""
    counted = query.order_by(None).options().with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(counted) or 0
