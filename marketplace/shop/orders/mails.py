"""Letters about an order: to the buyer in their language, to the producer's people in theirs."""

from datetime import datetime

from marketplace.people.producers.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.orders.links import order_address
from marketplace.shop.orders.models import Order, OrderPart, PartState


def placed(order: Order, *, at: datetime) -> None:
    """To the buyer the whole order with its link; to each producer its own part, unless it is to be paid first."""
    letter = compose("order-placed", order.language, order=order, address=order_address(order.number))
    post(key=f"order-placed:{order.number}", to=order.email, letter=letter, at=at)
    if not order.awaits_payment:
        to_producers(order, at=at)


def paid(order: Order, *, at: datetime) -> None:
    """To the buyer that the money came; to each producer its own part, which it now sends."""
    letter = compose("order-paid", order.language, order=order, address=order_address(order.number))
    post(key=f"order-paid:{order.number}", to=order.email, letter=letter, at=at)
    to_producers(order, at=at)


def lapsed(order: Order, *, at: datetime) -> None:
    """To the buyer that the order was not paid in time, and its goods are on sale again."""
    letter = compose("order-lapsed", order.language, order=order, address=order_address(order.number))
    post(key=f"order-lapsed:{order.number}", to=order.email, letter=letter, at=at)


def to_producers(order: Order, *, at: datetime) -> None:
    """To each producer its own part: it is theirs to send now."""
    for part in order.parts:
        to_producer(order, part, at=at)


def to_producer(order: Order, part: OrderPart, *, at: datetime, state: PartState = PartState.PLACED) -> None:
    """To everyone who acts for the part's producer: it was placed, or cancelled."""
    for user in people_of(part.producer_id):
        letter = compose("part-for-producer", user.language, order=order, part=part, state=state.value)
        key = f"part:{order.number}/{part.position}:{state}:{user.code}"
        post(key=key, to=user.email, letter=letter, at=at)


def to_buyer(order: Order, part: OrderPart, state: PartState, *, at: datetime, note: str = "") -> None:
    """To the buyer: a part reached a state."""
    address = order_address(order.number)
    letter = compose(
        "part-moved", order.language, order=order, part=part, state=state.value, note=note, address=address
    )
    post(key=f"part-moved:{order.number}/{part.position}:{state}", to=order.email, letter=letter, at=at)
