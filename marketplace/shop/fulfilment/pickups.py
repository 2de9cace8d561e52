"""What the people of a point do with the parcels that buyers fetch there."""

from datetime import datetime
from hmac import compare_digest

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import read_code
from marketplace.platform.core.words import N_
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.fulfilment import mails
from marketplace.shop.fulfilment.policies import HAND_OVER
from marketplace.shop.fulfilment.services import settle_delivered
from marketplace.shop.orders import mails as order_mails
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.shop.orders.services import PartMoved, move_part, part_number

COMING = frozenset({PartState.CONFIRMED, PartState.PACKED, PartState.SHIPPED})


def list_at_points(*, pickup_id: int, by: Actor, page: int = 1, per_page: int = 50) -> list[OrderPart]:
    """A page of the parts that come to, or lie at, a point of the actor's, the longest waiting first."""
    query = _loaded().where(*_coming(pickup_id, by)).order_by(OrderPart.state_since, OrderPart.id)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_at_points(*, pickup_id: int, by: Actor) -> int:
    """How many `list_at_points` has in all."""
    query = select(func.count(OrderPart.id)).join(OrderPart.order).join(Order.pickup)
    return db.session.scalar(query.where(*_coming(pickup_id, by))) or 0


def note_arrival(*, number: str, position: int, by: Actor, at: datetime) -> OrderPart:
    """Say that a part lies at the point; its buyer is told once. What is not on its way is PartMoved."""
    part = _own(number, position, by)
    if part.state is not PartState.SHIPPED:
        raise PartMoved
    if part.arrived_at is None:
        part.arrived_at = at
        mails.arrived(part, at=at)
        _record(part, "arrived", by, at)
    return part


def hand_over(*, number: str, position: int, code: str, by: Actor, at: datetime) -> OrderPart:
    """Give a part to whoever shows the order's code; raises Invalid on `code` where it is another."""
    part = _own(number, position, by)
    if not compare_digest(read_code(code).encode(), (part.order.pickup_code or "").encode()):
        raise Invalid({"code": N_("Mã nhận hàng không đúng. Mã ở trang đơn và trong thư của người mua.")})
    _move(part, PartState.DELIVERED, "", by, at)
    _record(part, "handed_over", by, at)
    return settle_delivered(part, at=at)


def report_unfetched(*, number: str, position: int, reason: str, by: Actor, at: datetime) -> OrderPart:
    """Say that nobody fetched a part, and why; it goes back to its producer, and the buyer is told."""
    part, words = _own(number, position, by), nfc(reason)
    if not words or len(words) > 500:
        raise Invalid({"reason": N_("Ghi lý do trong 500 ký tự.")})
    _move(part, PartState.UNDELIVERED, words, by, at)
    return part


def _move(part: OrderPart, to: PartState, note: str, by: Actor, at: datetime) -> None:
    move_part(part=part, order_number=part.order.number, to=to, by=by, at=at, note=note)
    order_mails.to_buyer(part.order, part, to, at=at, note=note)


def _own(number: str, position: int, by: Actor) -> OrderPart:
    """The part, held, if it comes to a point of the actor's; to all others it does not exist."""
    query = _loaded().where(Order.number == number, OrderPart.position == position, _theirs(by))
    part = db.session.scalar(held(query, OrderPart)) if HAND_OVER.held_by(by) else None
    if part is None or part.state not in COMING | {PartState.DELIVERED, PartState.UNDELIVERED}:
        raise NotFound
    return part


def _coming(pickup_id: int, by: Actor) -> tuple[ColumnElement[bool], ...]:
    paid = Order.paid_at.is_not(None)
    return Order.pickup_id == pickup_id, _theirs(by), OrderPart.state.in_(COMING), paid


def _theirs(by: Actor) -> ColumnElement[bool]:
    return PickupPoint.organisation_id == (by.organisation_id or 0)


def _loaded() -> Select[OrderPart]:
    return (
        select(OrderPart)
        .join(OrderPart.order)
        .join(Order.pickup)
        .options(
            contains_eager(OrderPart.order).contains_eager(Order.pickup),
            joinedload(OrderPart.producer),
            selectinload(OrderPart.lines),
        )
    )


def _record(part: OrderPart, what: str, by: Actor, at: datetime) -> None:
    subject = part_number(part.order.number, part.position)
    record(by=by, action=f"pickup.{what}", subject_type="order_part", subject=subject, at=at)
