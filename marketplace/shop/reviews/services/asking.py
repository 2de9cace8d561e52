"""Asking a buyer, once, what they think of what they received."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.core.db import db, make_once
from marketplace.shop.orders.models import OrderPart
from marketplace.shop.reviews import mails
from marketplace.shop.reviews.models import ReviewAsked
from marketplace.shop.reviews.queries import find_of_lines, is_erased


def ask_for_reviews(*, order_id: int, part_ids: list[int], at: datetime) -> bool:
    """Write to an order's buyer about those of its parts that nobody asked about; answers whether a letter was written.

    Each part is asked about once, by whichever worker comes first. Not asked are people who were struck out, and
    about parts of which every line was reviewed.
    """
    mine = [part_id for part_id in sorted(part_ids) if make_once(ReviewAsked, part_id=part_id, at=at)]
    parts = select(OrderPart).where(OrderPart.id.in_(mine)).order_by(OrderPart.position)
    found = db.session.scalars(parts.options(joinedload(OrderPart.order), selectinload(OrderPart.lines))).all()
    said = find_of_lines(line.id for part in found for line in part.lines)
    unsaid = [line for part in found for line in part.lines if line.id not in said]
    if not unsaid or is_erased(found[0].order):
        return False
    mails.asked(found[0].order, unsaid, key=f"{order_id}:{mine[0]}", at=at)
    return True
