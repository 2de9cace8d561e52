"""Letters about fetching an order."""

from datetime import datetime

from flask import current_app

from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.orders.links import order_address
from marketplace.shop.orders.models import OrderPart


def arrived(part: OrderPart, *, at: datetime) -> None:
    """To the buyer: their goods wait at the point, with the code to show there."""
    order = part.order
    page = f"{current_app.config['SETTINGS'].site_url}{order.pickup.page}" if order.pickup and order.pickup.page else ""
    letter = compose(
        "pickup-arrived", order.language, order=order, part=part, address=order_address(order.number), page=page
    )
    post(key=f"pickup-arrived:{order.number}/{part.position}", to=order.email, letter=letter, at=at)
