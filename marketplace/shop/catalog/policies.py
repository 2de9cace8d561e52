"""Who may change a listing: its own producer, and the office."""

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor, Permission

KEEP_OWN_SHOP = Permission("shop:keep_own", frozenset({Role.PRODUCER}))
KEEP_LISTINGS = Permission("listings:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def keeps(by: Actor, producer: Producer) -> bool:
    """Whether `by` may change what this producer sells."""
    own = KEEP_OWN_SHOP.held_by(by) and by.organisation_id == producer.organisation_id
    return own or KEEP_LISTINGS.held_by(by)
