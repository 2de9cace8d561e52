"""Who keeps a producer's wholesale offers."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_OWN_OFFERS = Permission("offers:keep_own", frozenset({Role.PRODUCER}))
