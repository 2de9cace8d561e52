"""Who gives vouchers in the province's name; a producer keeps its own as it keeps its shop."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_PROVINCE_VOUCHERS = Permission("vouchers:keep_province", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
