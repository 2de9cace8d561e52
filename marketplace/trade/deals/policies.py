"""Who walks a deal's road, who oversees it, and who reads what the parties said to each other."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor, Permission
from marketplace.trade.deals.models import Deal

BUY_WHOLESALE = Permission("deals:buy", frozenset({Role.DISTRIBUTOR}))
SELL_WHOLESALE = Permission("deals:sell", frozenset({Role.PRODUCER}))
OVERSEE_DEALS = Permission("deals:oversee", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def reads_within(by: Actor, deal: Deal) -> bool:
    """Whether messages, quotations, files and papers are open to the actor: the parties', and the officer in charge."""
    if OVERSEE_DEALS.held_by(by):
        return deal.officer_id is not None and deal.officer_id == by.user_id
    return by.organisation_id is not None  # the query has made sure that it is one of the two
