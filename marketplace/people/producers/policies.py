"""Who may verify producers."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

VERIFY_PRODUCERS = Permission("producers:verify", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
