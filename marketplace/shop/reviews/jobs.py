"""The worker's part: a week after delivery buyers are asked, once, what they think."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import exists, select

from marketplace.platform.core.db import db, transaction
from marketplace.shop.orders.models import OrderPart, PartEvent, PartState
from marketplace.shop.reviews.models import ReviewAsked
from marketplace.shop.reviews.queries import RECEIVED
from marketplace.shop.reviews.rules import ASK_AFTER, ASK_WITHIN
from marketplace.shop.reviews.services import ask_for_reviews

A_SWEEP = 200


def watch_reviews(at: datetime) -> int:
    """Ask about what came seven to thirty days ago, a letter an order; done again it finds nothing left to ask."""
    written = 0
    for order_id, part_ids in _unasked(at).items():
        with transaction():
            written += ask_for_reviews(order_id=order_id, part_ids=part_ids, at=at)
    return written


def _unasked(at: datetime) -> dict[int, list[int]]:
    """The parts to be asked about, by order; a part delivered longer ago is nobody's question any more."""
    query = (
        select(OrderPart.order_id, OrderPart.id)
        .join(PartEvent, PartEvent.part_id == OrderPart.id)
        .where(
            PartEvent.state == PartState.DELIVERED,
            PartEvent.at.between(at - ASK_WITHIN, at - ASK_AFTER),
            OrderPart.state.in_(RECEIVED),
            ~exists().where(ReviewAsked.part_id == OrderPart.id),
        )
        .order_by(PartEvent.at, OrderPart.id)
        .limit(A_SWEEP)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for order_id, part_id in db.session.execute(query):
        found[order_id].append(part_id)
    return found
