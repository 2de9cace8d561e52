"""Whose evidence a person draws up."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

SEE_OWN_EVIDENCE = Permission("evidence:see_own", frozenset({Role.PRODUCER}))
