"""Letters about transfers."""

from datetime import datetime

from marketplace.platform.core.money import Money
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.orders.links import order_address
from marketplace.shop.orders.models import Order


def short(order: Order, *, came: Money, missing: Money, transfer: str, at: datetime) -> None:
    """To the buyer: less came than the order costs; what is missing, and until when."""
    facts = {"order": order, "came": came, "missing": missing, "address": order_address(order.number)}
    letter = compose("transfer-short", order.language, **facts)
    post(key=f"transfer-short:{transfer}:{order.number}", to=order.email, letter=letter, at=at)
