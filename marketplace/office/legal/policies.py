"""Who writes the legal pages."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

WRITE_LEGAL = Permission("legal:write", frozenset({Role.ADMIN}))
