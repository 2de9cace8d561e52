"""Who reads how the programme stands, and who writes its plan. What a person sees of it is scoped in each query."""

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Permission

SEE_PROGRAMME = Permission("programme:see", OFFICERS)
KEEP_PLAN = Permission("programme:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
