"""The verbs of checkout: keeping what is typed, and placing the order."""

from marketplace.shop.checkout.services.drafts import (
    Address,
    Extras,
    Invoice,
    NotDelivered,
    save_draft,
    save_extras,
)
from marketplace.shop.checkout.services.placing import KeyUsed, MethodGone, ReviewChanged, place_order

__all__ = [
    "Address",
    "Extras",
    "Invoice",
    "KeyUsed",
    "MethodGone",
    "NotDelivered",
    "ReviewChanged",
    "place_order",
    "save_draft",
    "save_extras",
]
