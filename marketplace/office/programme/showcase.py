"""Showcase points as the plan counts them: the one place that says where their number comes from."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from marketplace.office.outreach.policies import units_within
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.trade.showcase.models import PointState, ShowcasePoint


def points_by_district(year: int, *, by: Actor) -> Mapping[int | None, int]:
    """How many of the points that are open were decided in a year, by former district's row."""
    district = AdministrativeUnit.former_district_id
    query = (
        select(district, func.count(ShowcasePoint.id))
        .join(ShowcasePoint.commune)
        .where(ShowcasePoint.state == PointState.OPEN, units_within(by, ShowcasePoint.commune_id))
        .where(ShowcasePoint.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(district))}
