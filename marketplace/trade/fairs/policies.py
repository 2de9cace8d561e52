"""Who plans and runs fairs."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

RUN_FAIRS = Permission("fairs:run", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
