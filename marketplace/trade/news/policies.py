"""Who writes what the office tells, who reads which handbook, whom a notice concerns."""

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Actor, Permission
from marketplace.trade.news.models import Category

CONCERNED = (Role.PRODUCER, Role.DISTRIBUTOR, Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER)  # to whom notices are sent
WRITE_NEWS = Permission("news:write", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
READ_HANDBOOK = Permission("handbook:read", OFFICERS | {Role.PRODUCER})
READ_NOTICES = Permission("notices:read", frozenset(CONCERNED), personal=True)


def guides_of(by: Actor) -> frozenset[Category]:
    """The handbooks that somebody may read: producers their own, officers both."""
    if not READ_HANDBOOK.held_by(by):
        return frozenset()
    own = frozenset({Category.PRODUCER_GUIDE})
    return own if by.role == Role.PRODUCER else own | {Category.COMMUNE_GUIDE}
