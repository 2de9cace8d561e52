"""Who keeps the money, and who looks at it."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

KEEP_MONEY = Permission("money:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
SEE_OWN_STATEMENT = Permission("money:see_own", frozenset({Role.PRODUCER}))
CHECK_BOOKS = Permission("money:check_books", frozenset({Role.ADMIN}))
