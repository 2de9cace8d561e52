"""Who may judge reviews, answer them, report them. Writing one is the right of who holds the order."""

from sqlalchemy import ColumnElement, and_, false

from marketplace.people.accounts.policies import SIGNED_IN
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.shop.catalog.policies import KEEP_LISTINGS, KEEP_OWN_SHOP

MODERATE = KEEP_LISTINGS  # who judges what a page says judges what is said under it
REPLY_OWN = KEEP_OWN_SHOP
REPORT = SIGNED_IN


def judged_by(by: Actor) -> ColumnElement[bool]:
    """The producers of whose goods `by` judges the reviews; a producer judges none, not even of others."""
    return producers_within(by) if MODERATE.held_by(by) else false()


def answered_by(by: Actor) -> ColumnElement[bool]:
    """The producer that `by` answers for."""
    if not REPLY_OWN.held_by(by):
        return false()
    return and_(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
