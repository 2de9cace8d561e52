"""Rights that belong to roles as such."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

OFFICERS = frozenset({Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER, Role.ADMIN})
SIGNED_IN = Permission("account:own", frozenset(Role), personal=True)
ENTER_OFFICE = Permission("office:enter", OFFICERS)
ENTER_PRODUCER_DESK = Permission("producer_desk:enter", frozenset({Role.PRODUCER}))
ENTER_DISTRIBUTOR_DESK = Permission("distributor_desk:enter", frozenset({Role.DISTRIBUTOR}))
KEEP_USERS = Permission("users:keep", frozenset({Role.ADMIN}), personal=True)
SEE_AUDIT = Permission("audit:see", frozenset({Role.ADMIN}), personal=True)
SEE_SETTINGS = Permission("settings:see", frozenset({Role.ADMIN}), personal=True)
SEE_MEMBERS = Permission("members:see", frozenset({Role.PRODUCER, Role.DISTRIBUTOR}), personal=True)
