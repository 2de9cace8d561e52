"""Who records support; for which producers is `producers_within`."""

from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Permission

KEEP_SUPPORT = Permission("support:keep", OFFICERS)
