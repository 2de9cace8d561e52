"""Who takes product sheets and catalogues with wholesale terms, and who sees how ready products are for export."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

OFFICE = frozenset({Role.PROVINCE_OFFICER, Role.ADMIN})
TAKE_SHEETS = Permission("sheets:take", OFFICE | {Role.PRODUCER, Role.DISTRIBUTOR})  # whose, the query asks
TAKE_SHEETS_OF_MATCHES = Permission("sheets:of_matches", frozenset({Role.DISTRIBUTOR}))
MAKE_CATALOGUES = Permission("catalogues:make", OFFICE)
SEE_OWN_EXPORT = Permission("export:own", frozenset({Role.PRODUCER}))
OVERSEE_EXPORT = Permission("export:oversee", OFFICE)
