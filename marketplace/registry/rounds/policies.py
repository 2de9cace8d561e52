"""Who sees the rounds and who keeps them."""

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Permission

SEE_ROUNDS = Permission("rounds:see", OFFICERS)
KEEP_ROUNDS = Permission("rounds:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
