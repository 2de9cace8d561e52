"""Who runs matchmaking, who reads recommendations, who says what they wish."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Permission

RUN_MATCHMAKING = Permission("matchmaking:run", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))
SEE_OWN_OFFERS_MATCHED = Permission("matches:own_demands", frozenset({Role.DISTRIBUTOR}))
SEE_DEMANDS_MATCHED = Permission("matches:own_offers", frozenset({Role.PRODUCER}))
