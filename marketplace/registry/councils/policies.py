"""Who keeps councils, who scores, who appeals. A member sees only what lies on a table they sit at."""

from sqlalchemy import ColumnElement, and_, exists, false

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor, Permission
from marketplace.registry.councils.models import CouncilMember, Sitting

KEEP_COUNCILS = Permission("councils:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
SCORE = Permission(
    "councils:score",
    frozenset({Role.COUNCIL_MEMBER, Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER, Role.ADMIN}),
)
APPEAL = Permission("appeals:make", frozenset({Role.PRODUCER}))


def sits_at(by: Actor) -> ColumnElement[bool]:
    """The sittings at whose table `by` has a seat."""
    if by.user_id is None:
        return false()
    seat = and_(
        CouncilMember.council_id == Sitting.council_id,
        CouncilMember.user_id == by.user_id,
        CouncilMember.left_at.is_(None),
    )
    return exists().where(seat)
