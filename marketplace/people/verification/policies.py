"""Who keeps a verification, who looks at it, who decides."""

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.platform.core.access import Permission

KEEP_OWN_VERIFICATION = Permission("verification:keep_own", frozenset({Role.PRODUCER}))
KEEP_OWN_ACCOUNT = Permission("bank_account:keep_own", frozenset({Role.PRODUCER}), personal=True)
SEE_PRODUCERS = Permission("producers:see", OFFICERS)
SEE_ACCOUNT = Permission("bank_account:see", VERIFY_PRODUCERS.roles)

__all__ = ["KEEP_OWN_ACCOUNT", "KEEP_OWN_VERIFICATION", "SEE_ACCOUNT", "SEE_PRODUCERS", "VERIFY_PRODUCERS"]
