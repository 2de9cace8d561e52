"""What was given back for delivered parts, and officers finding an order."""

import re
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.money import Money
from marketplace.shop.ledger.models import Entry
from marketplace.shop.ledger.queries import entries_about
from marketplace.shop.orders.models import Order
from marketplace.shop.orders.policies import SEE_ORDERS
from marketplace.shop.orders.services import part_number
from marketplace.shop.payments.models import Refund, RefundReason

AFTER_DELIVERY = (RefundReason.RETURNED, RefundReason.GOODWILL)


def given_for(part_id: int) -> Money:
    """What was given back, or is promised, for a part after its delivery.

    One that failed counts: the producer's share of it was undone, and an officer sends it another way.
    """
    query = select(func.sum(Refund.amount)).where(Refund.part_id == part_id, Refund.reason.in_(AFTER_DELIVERY))
    return as_money(db.session.scalar(query))


def find_orders(words: str, *, by: Actor, page: int = 1, per_page: int = 40) -> list[Order]:
    """Orders by the beginning of their number or the end of their phone, the newest first; of no words, all."""
    query = _found(select(Order), words, by).options(selectinload(Order.parts))
    query = query.order_by(Order.placed_at.desc(), Order.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_orders(words: str, *, by: Actor) -> int:
    """How many orders `find_orders` has in all."""
    return db.session.scalar(_found(select(func.count(Order.id)), words, by)) or 0


def entries_of(order: Order) -> list[Entry]:
    """The ledger's entries about an order and its parts."""
    return entries_about([order.number, *(part_number(order.number, part.position) for part in order.parts)])


def _found(query: Select[Any], words: str, by: Actor) -> Select[Any]:
    if not SEE_ORDERS.held_by(by):
        raise Forbidden
    figures = re.sub(r"\D", "", words).removeprefix("84").lstrip("0")
    asked = [Order.number.startswith(words.strip().upper(), autoescape=True)]
    if len(figures) >= 4 and not re.search(r"[^\d\s+.()-]", words):
        asked.append(Order.phone.endswith(figures, autoescape=True))
    return query.where(or_(*asked)) if words.strip() else query


def as_money(found: Any) -> Money:
    """A sum as the database gives it; of nothing, zero dong."""
    return found if isinstance(found, Money) else Money(int(found or 0))
