"""Who hands over what buyers fetch."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

HAND_OVER = Permission("pickups:hand_over", frozenset({Role.PRODUCER, Role.DISTRIBUTOR}))
