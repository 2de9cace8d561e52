"""Who may see and change an order."""

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor, Permission
from marketplace.shop.orders.models import Order, OrderPart, PartState

FULFIL_OWN = Permission("orders:fulfil_own", frozenset({Role.PRODUCER}))
SEE_ORDERS = Permission("orders:see", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))

BUYER_MAY_CANCEL = frozenset({PartState.PLACED, PartState.CONFIRMED})


def is_buyer(by: Actor, order: Order) -> bool:
    """Whether the signed-in person placed it; a guest shows the signed link instead."""
    return by.known and order.buyer_id == by.user_id


def fulfils(by: Actor, part: OrderPart) -> bool:
    """Whether `by` acts for the producer of this part."""
    return FULFIL_OWN.held_by(by) and part.producer.organisation_id == by.organisation_id
