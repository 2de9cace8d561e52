"""Reading orders."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.orders.models import UNDER_WAY, Order, OrderPart, PartState, PaymentMethod


def get_order(number: str) -> Order:
    """An order with its parts, lines and events; whose it is, is the policy's question."""
    order = db.session.scalar(
        select(Order)
        .where(Order.number == number)
        .options(
            selectinload(Order.vouchers),
            selectinload(Order.parts).options(
                selectinload(OrderPart.lines), selectinload(OrderPart.events), joinedload(OrderPart.producer)
            ),
        )
    )
    if order is None:
        raise NotFound
    return order


def find_by_checkout_key(key: str) -> Order | None:
    """The order that this checkout became, if it has."""
    return db.session.scalar(select(Order).where(Order.checkout_key == key))


def list_of_buyer(user_id: int, *, page: int = 1, per_page: int = 20, under_way: bool = False) -> list[Order]:
    """A page of a member's orders with their parts, newest first; `under_way`: with a part that has not ended."""
    return list(
        db.session.scalars(
            _of_buyer(select(Order), user_id, under_way)
            .options(selectinload(Order.parts).selectinload(OrderPart.lines))
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def count_of_buyer(user_id: int, *, under_way: bool = False) -> int:
    """How many orders `list_of_buyer` has in all."""
    return db.session.scalar(_of_buyer(select(func.count(Order.id)), user_id, under_way)) or 0


def _of_buyer(query: Select[Any], user_id: int, under_way: bool) -> Select[Any]:
    query = query.where(Order.buyer_id == user_id)
    if under_way:
        query = query.where(exists().where(OrderPart.order_id == Order.id, OrderPart.state.in_(UNDER_WAY)))
    return query


def list_all_of_buyer(user_id: int) -> list[Order]:
    """Every order of a member with parts, lines and events, oldest first: what they may take along."""
    parts = selectinload(Order.parts).options(selectinload(OrderPart.lines), selectinload(OrderPart.events))
    query = select(Order).where(Order.buyer_id == user_id).options(parts, selectinload(Order.vouchers))
    return list(db.session.scalars(query.order_by(Order.placed_at, Order.id)))


def count_under_way(user_id: int) -> int:
    """How many parts of a member's orders have not come to their end."""
    query = select(func.count()).select_from(OrderPart).join(OrderPart.order)
    return db.session.scalar(query.where(Order.buyer_id == user_id, OrderPart.state.in_(UNDER_WAY))) or 0


def get_part(number: str, position: int, *, by: Actor) -> OrderPart:
    """A part of the actor's own producer, with order, lines and events; anyone else's is NotFound."""
    part = db.session.scalar(
        _own_parts(by)
        .join(OrderPart.order)
        .options(contains_eager(OrderPart.order), selectinload(OrderPart.lines), selectinload(OrderPart.events))
        .where(Order.number == number, OrderPart.position == position)
    )
    if part is None:
        raise NotFound
    return part


def list_parts(*, by: Actor, states: frozenset[PartState] | None = None, limit: int = 100) -> list[OrderPart]:
    """The actor's own producer's parts, oldest waiting first; of orders that wait for payment none."""
    query = _own_with_lines(by, states).order_by(OrderPart.state_since, OrderPart.id).limit(limit)
    return list(db.session.scalars(query))


def list_latest_parts(
    *, by: Actor, states: frozenset[PartState] | None = None, page: int = 1, per_page: int = 50
) -> list[OrderPart]:
    """A page of the actor's own producer's parts, those ordered last first."""
    query = (
        _own_with_lines(by, states)
        .order_by(Order.placed_at.desc(), OrderPart.id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    return list(db.session.scalars(query))


def _own_with_lines(by: Actor, states: frozenset[PartState] | None) -> Select[OrderPart]:
    query = _own_parts(by).join(OrderPart.order).options(contains_eager(OrderPart.order), selectinload(OrderPart.lines))
    query = query.where(_to_be_seen())
    return query if states is None else query.where(OrderPart.state.in_(states))


def count_parts_by_state(*, by: Actor) -> dict[PartState, int]:
    """How many of the actor's own parts are in each state; orders that wait for payment are not counted."""
    query = (
        select(OrderPart.state, func.count())
        .join(OrderPart.producer)
        .join(OrderPart.order)
        .where(Producer.organisation_id == by.organisation_id, _to_be_seen())
        .group_by(OrderPart.state)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_waiting_for_payment(*, by: Actor) -> int:
    """How many of the actor's own parts are kept for buyers who have not paid yet."""
    query = select(func.count(OrderPart.id)).join(OrderPart.producer).join(OrderPart.order)
    own = query.where(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    return db.session.scalar(own.where(~_to_be_seen(), OrderPart.state == PartState.PLACED)) or 0


def _to_be_seen() -> ColumnElement[bool]:
    """Whether an order is its producers' business: paid at the door, or paid."""
    return or_(Order.payment_method == PaymentMethod.CASH_ON_DELIVERY, Order.paid_at.is_not(None))


def _own_parts(by: Actor) -> Select[OrderPart]:
    return (
        select(OrderPart)
        .join(OrderPart.producer)
        .options(contains_eager(OrderPart.producer))
        .where(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    )
