"""Who may change a listing: its own producer, and the office that looks after that producer."""

from sqlalchemy import ColumnElement, and_, false

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor, Permission
from marketplace.shop.catalog.models import ListingState

KEEP_OWN_SHOP = Permission("shop:keep_own", frozenset({Role.PRODUCER}))
KEEP_LISTINGS = Permission("listings:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def may_move(by: Actor, state: ListingState, to: ListingState) -> bool:
    """Whether `by` may take a listing from one state to another: what is first shown, an officer has looked at."""
    return KEEP_LISTINGS.held_by(by) or to is not ListingState.PUBLISHED or state is ListingState.PAUSED


def looks(by: Actor) -> bool:
    """Whether `by` looks at what others would have a page say, and decides; what they write themselves needs none."""
    return KEEP_LISTINGS.held_by(by)


def keeps(by: Actor, producer: Producer) -> bool:
    """Whether `by` may change what this producer sells."""
    own = KEEP_OWN_SHOP.held_by(by) and by.organisation_id == producer.organisation_id
    return own or KEEP_LISTINGS.held_by(by)


def kept_by(by: Actor) -> ColumnElement[bool]:
    """The producers whose listings `by` may change: the own one, or those within the officer's unit."""
    if KEEP_LISTINGS.held_by(by):
        return producers_within(by)
    if not KEEP_OWN_SHOP.held_by(by):
        return false()
    return and_(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
