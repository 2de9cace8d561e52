"""Reading the plan and how it stands: a fixed number of queries, whatever the number of products."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.office.outreach.queries import reached_by_district
from marketplace.office.programme.models import Indicator, PlanTarget, PlanYear
from marketplace.office.programme.register import certified_counts, review_counts
from marketplace.office.programme.rules import Progress, share_of_year
from marketplace.office.programme.showcase import points_by_district
from marketplace.office.support.queries import supported_by_district
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.places.queries import TODAY, find_unit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.rounds.models import EvaluationRound

Counts = Mapping[int | None, int]


@dataclass(frozen=True)
class Home:
    """Where an officer stands: the province of today whose plan it is, the own unit, the former districts seen whole.

    A commune sees none: what it may count of its former district is only its own share.
    """

    province: AdministrativeUnit
    unit: AdministrativeUnit
    districts: tuple[AdministrativeUnit, ...]


def home_of(by: Actor, *, province_code: str) -> Home:
    """The officer's place; an administrator's is the province that the market serves."""
    if by.unit_id is None:
        unit = find_unit(province_code, Level.PROVINCE)
    else:
        unit = db.session.get(AdministrativeUnit, by.unit_id)
    if unit is None:
        raise NotFound
    province = _province_of(unit)
    if unit.level is Level.COMMUNE:
        return Home(province, unit, ())
    commune = select(AdministrativeUnit.former_district_id).where(AdministrativeUnit.parent_id == province.id)
    query = select(AdministrativeUnit).where(AdministrativeUnit.id.in_(commune))
    if unit.level is Level.DISTRICT:
        query = query.where(AdministrativeUnit.id == unit.id)
    return Home(province, unit, tuple(db.session.scalars(query.order_by(AdministrativeUnit.code))))


def _province_of(unit: AdministrativeUnit) -> AdministrativeUnit:
    if unit.level is Level.PROVINCE:
        return unit
    if unit.level is Level.COMMUNE:
        return db.session.get_one(AdministrativeUnit, unit.parent_id)
    of_its_communes = select(AdministrativeUnit.parent_id).where(AdministrativeUnit.former_district_id == unit.id)
    query = select(AdministrativeUnit).where(
        AdministrativeUnit.system == TODAY, AdministrativeUnit.id.in_(of_its_communes)
    )
    return db.session.scalars(query).one()


def find_plan(year: int, *, province_id: int, hold: bool = False) -> PlanYear | None:
    """The plan of a year with its targets, if one was entered."""
    query = select(PlanYear).where(PlanYear.province_id == province_id, PlanYear.year == year)
    query = query.options(selectinload(PlanYear.targets))
    return db.session.scalar(held(query, PlanYear) if hold else query)


def list_plan_years(*, province_id: int, on: date) -> list[int]:
    """The years with a plan, newest first; this one and the last always."""
    years = db.session.scalars(select(PlanYear.year).where(PlanYear.province_id == province_id))
    return sorted({on.year, on.year - 1, *years}, reverse=True)


@dataclass(frozen=True)
class UnitProgress:
    """All indicators of one unit, in the plan's order."""

    unit: AdministrativeUnit
    rows: tuple[Progress, ...]

    def of(self, indicator: Indicator) -> Progress:
        """One of them."""
        return next(row for row in self.rows if row.indicator is indicator)


@dataclass(frozen=True)
class YearProgress:
    """How a year stands: of the officer's own unit, and of each former district seen whole."""

    year: int
    home: Home
    plan: PlanYear | None
    own: UnitProgress
    districts: tuple[UnitProgress, ...]
    share: Fraction
    rounds_left: int
    last: Mapping[Indicator, int | None]  # what the own unit had done in the year before, where it was asked for


def progress_of(year: int, *, by: Actor, home: Home, on: date, with_last: bool = False) -> YearProgress:
    """How the year stands on a day, of what the officer sees; `with_last`: what the year before came to as well."""
    plan = find_plan(year, province_id=home.province.id)
    sets = {year: frozenset(plan.priority_sets) if plan else frozenset()}
    if with_last:
        sets[year - 1] = _preferred(year - 1, home.province.id)
    certified = certified_counts(sorted(sets), by=by, on=on, priority=sets)
    done, more = _done(year, by, certified[year]), _in_review(year, by, sets[year])
    last = {each: _count(n, None) for each, n in _done(year - 1, by, certified[year - 1]).items()} if with_last else {}
    share, rounds = share_of_year(year, on), _rounds_left(year, on)
    targets = {(row.unit_id, row.indicator): row for row in plan.targets} if plan else {}

    def unit_progress(unit: AdministrativeUnit, districts: Iterable[int | None] | None) -> UnitProgress:
        rows = tuple(
            _progress(
                indicator,
                _count(done[indicator], districts),
                _count(more.get(indicator, {}), districts) or 0,
                targets.get((unit.id, indicator)),
                share,
                rounds,
            )
            for indicator in Indicator
        )
        return UnitProgress(unit, rows)

    own = unit_progress(home.unit, None)
    return YearProgress(
        year, home, plan, own, tuple(unit_progress(unit, [unit.id]) for unit in home.districts), share, rounds, last
    )


def _progress(
    indicator: Indicator, done: int | None, more: int, target: PlanTarget | None, share: Fraction, rounds: int
) -> Progress:
    if target is None:
        return Progress(indicator, done, more, None, None, 1, share, rounds)
    return Progress(indicator, done, more, target.least, target.most, target.weight, share, rounds)


def _count(counts: Counts | None, districts: Iterable[int | None] | None) -> int | None:
    """The sum of these districts, or of all; None where nothing counts it."""
    if counts is None:
        return None
    return sum(counts.values()) if districts is None else sum(counts.get(each, 0) for each in districts)


def _preferred(year: int, province_id: int) -> frozenset[str]:
    """The sets that a year's plan prefers."""
    query = select(PlanYear.priority_sets).where(PlanYear.province_id == province_id, PlanYear.year == year)
    return frozenset(db.session.scalar(query) or ())


def _done(year: int, by: Actor, certified: Mapping[Indicator, Counts]) -> dict[Indicator, Counts | None]:
    found: dict[Indicator, Counts | None] = dict(certified)
    reached = reached_by_district(year, by=by)
    found[Indicator.SHOWCASE_POINTS] = points_by_district(year, by=by)
    found[Indicator.PEOPLE_REACHED] = {district: people for district, (_n, people) in reached.items()}
    found[Indicator.ACTIVITIES] = {district: n for district, (n, _people) in reached.items()}
    found[Indicator.PRODUCERS_SUPPORTED] = supported_by_district(year, by=by)
    return found


def _in_review(year: int, by: Actor, sets: frozenset[str]) -> Mapping[Indicator, Counts]:
    return review_counts(year, by=by, priority=sets)


def _rounds_left(year: int, on: date) -> int:
    """The rounds of the year whose council may still decide: not closed."""
    query = select(EvaluationRound.id).where(EvaluationRound.year == year, EvaluationRound.closed_at.is_(None))
    return len(list(db.session.scalars(query))) if year >= on.year else 0
