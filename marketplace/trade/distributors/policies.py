"""Who may change what a distributor says of itself, and who checks it."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_OWN_PROFILE = Permission("distributors:keep_own", frozenset({Role.DISTRIBUTOR}))
VERIFY_DISTRIBUTORS = Permission("distributors:verify", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
