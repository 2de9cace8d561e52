"""Who reads its own part of a fair and says what it thinks; the office reads all by `fairs.policies.RUN_FAIRS`."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

SEE_OWN_PART = Permission("fairs:see_own_part", frozenset({Role.PRODUCER}))
