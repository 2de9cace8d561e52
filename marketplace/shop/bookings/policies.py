"""Who may see and answer a booking."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor, Permission
from marketplace.shop.bookings.models import Booking

ANSWER_OWN = Permission("bookings:answer_own", frozenset({Role.PRODUCER}))


def is_guest(by: Actor, booking: Booking) -> bool:
    """Whether the signed-in person asked for it; others show the signed link instead."""
    return by.known and booking.buyer_id == by.user_id
