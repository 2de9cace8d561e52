"""Who curates what people see: the province's officers and administrators."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

CURATE = Permission("promotion:curate", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
