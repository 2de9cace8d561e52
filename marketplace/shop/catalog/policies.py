"""Who may change a listing: its own producer, and the office."""

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor, Permission
from marketplace.shop.catalog.models import ListingState

KEEP_OWN_SHOP = Permission("shop:keep_own", frozenset({Role.PRODUCER}))
KEEP_LISTINGS = Permission("listings:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def may_move(by: Actor, state: ListingState, to: ListingState) -> bool:
    """Whether `by` may take a listing from one state to another: what is first shown, an officer has looked at."""
    return KEEP_LISTINGS.held_by(by) or to is not ListingState.PUBLISHED or state is ListingState.PAUSED


def keeps(by: Actor, producer: Producer) -> bool:
    """Whether `by` may change what this producer sells."""
    own = KEEP_OWN_SHOP.held_by(by) and by.organisation_id == producer.organisation_id
    return own or KEEP_LISTINGS.held_by(by)
