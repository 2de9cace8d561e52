"""Who keeps demands, who may read them."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_OWN_DEMANDS = Permission("demands:keep_own", frozenset({Role.DISTRIBUTOR}))
SEE_DEMANDS = Permission("demands:see", frozenset({Role.PRODUCER}))  # open ones of verified distributors
OVERSEE_DEMANDS = Permission("demands:oversee", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
