"""Who says where buyers fetch what they ordered."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_PICKUPS = Permission("pickups:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
