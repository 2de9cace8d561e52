"""Who takes leads; the office runs the rest by `fairs.policies.RUN_FAIRS`, visitors come by their links."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

TAKE_LEADS = Permission("fairs:leads", frozenset({Role.PRODUCER}))
