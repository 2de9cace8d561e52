"""The verbs of checkout: keeping what is typed, and placing the order."""

from marketplace.shop.checkout.services.drafts import (
    Address,
    Extras,
    Invoice,
    NotDelivered,
    Receiver,
    save_draft,
    save_extras,
    save_pickup,
)
from marketplace.shop.checkout.services.placing import KeyUsed, MethodGone, NotOfAge, ReviewChanged, place_order

__all__ = [
    "Address",
    "Extras",
    "Invoice",
    "KeyUsed",
    "MethodGone",
    "NotDelivered",
    "NotOfAge",
    "Receiver",
    "ReviewChanged",
    "place_order",
    "save_draft",
    "save_extras",
    "save_pickup",
]
