"""Reading who has which work."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from marketplace.office.worklist.models import WorkClaim
from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db

Held = dict[tuple[str, str, datetime], WorkClaim]  # by kind, item, and since when it waits


def claims(*, since: datetime) -> Held:
    """What somebody has of the work that waits since then or later; one whose account is closed has nothing."""
    query = select(WorkClaim).join(WorkClaim.officer).where(WorkClaim.since >= since, User.disabled_at.is_(None))
    found = db.session.scalars(query.options(joinedload(WorkClaim.officer)).order_by(WorkClaim.id))
    return {(each.kind, each.item, each.since): each for each in found}


def colleagues(*, by: Actor) -> list[User]:
    """To whom `by` may hand work over: the same role in the same unit, and administrators; an administrator to all."""
    alike = (User.role == by.role) & User.unit_id.is_not_distinct_from(by.unit_id)
    whom = User.role.in_(OFFICERS) if by.role == Role.ADMIN else or_(alike, User.role == Role.ADMIN)
    query = select(User).where(whom, User.disabled_at.is_(None), User.id != by.user_id)
    return list(db.session.scalars(query.order_by(User.name, User.id)))
