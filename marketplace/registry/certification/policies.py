"""Who may see and change the register; whose products, `producers_within` says."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

SEE_REGISTER = Permission(
    "register:see",
    frozenset({Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER, Role.ADMIN}),
)
KEEP_REGISTER = Permission("register:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
