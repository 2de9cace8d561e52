"""Who sells at a stand: those who act for its exhibitor."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

SELL_AT_STAND = Permission("fairs:sell_at_stand", frozenset({Role.PRODUCER}))
