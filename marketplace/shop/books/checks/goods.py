"""Orders and the goods they took: I1, I2, I9, I10."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, or_, select

from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.shop.books.rules import LONGEST, Fault, History, differ
from marketplace.shop.catalog.models import Variant
from marketplace.shop.fulfilment.services import COMPLETE, COMPLETE_AFTER
from marketplace.shop.inventory.models import MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.shop.orders.services import GIVES_STOCK_BACK, part_number
from marketplace.shop.payments.models import Attempt, Charge, Payment, PaymentState, Refund, RefundState

GRACE = timedelta(days=1)  # the worker sweeps every minute: what waits a day was forgotten


def acknowledged(history: History) -> list[Fault]:
    """I1: every order that was acknowledged exists, none that was refused does."""
    told = history.acknowledged | history.refused
    query = select(Order.number, Order.checkout_key).where(or_(Order.number.in_(told), Order.checkout_key.in_(told)))
    there = {word for row in db.session.execute(query) for word in row}
    return [Fault(number, "acknowledged_missing") for number in sorted(history.acknowledged - there)] + [
        Fault(number, "refused_exists") for number in sorted(history.refused & there)
    ]


def stock() -> list[Fault]:
    """I2: what is on hand is the sum of movements and of batches; orders took what they say, and gave it back."""
    held = {
        sku: (variant, units)
        for sku, variant, units in db.session.execute(
            select(Variant.sku, Stock.variant_id, Stock.on_hand).join(Variant, Variant.id == Stock.variant_id)
        )
    }
    moved = _sums(select(StockMovement.variant_id, func.sum(StockMovement.delta)).group_by(StockMovement.variant_id))
    lying = _sums(select(StockBatch.variant_id, func.sum(StockBatch.units)).group_by(StockBatch.variant_id))
    found = []
    for sku, (variant, units) in sorted(held.items()):
        if units != moved.get(variant, 0):
            found.append(differ(sku, "stock_differs", units, moved.get(variant, 0)))
        if units != lying.get(variant, 0):
            found.append(differ(sku, "batches_differ", units, lying.get(variant, 0)))
    return found + _sold() + _returned()


def _sold() -> list[Fault]:
    asked = _units(
        select(Order.number, OrderLine.variant_id, func.sum(OrderLine.quantity))
        .join(OrderPart, OrderPart.order_id == Order.id)
        .join(OrderLine, OrderLine.part_id == OrderPart.id)
        .group_by(Order.number, OrderLine.variant_id)
    )
    return _compare(asked, _movements(MovementKind.SOLD, -1), "sold_differs")


def _returned() -> list[Fault]:
    rows = db.session.execute(
        select(Order.number, OrderPart.position, OrderLine.variant_id, OrderLine.quantity)
        .join(OrderPart, OrderPart.order_id == Order.id)
        .join(OrderLine, OrderLine.part_id == OrderPart.id)
        .where(OrderPart.state.in_(GIVES_STOCK_BACK))
    )
    asked = {(part_number(number, position), variant): units for number, position, variant, units in rows}
    return _compare(asked, _movements(MovementKind.RETURNED, 1), "returned_differs")


def _movements(kind: MovementKind, sign: int) -> dict[tuple[str, int], int]:
    query = (
        select(StockMovement.reference, StockMovement.variant_id, func.sum(StockMovement.delta))
        .where(StockMovement.kind == kind)
        .group_by(StockMovement.reference, StockMovement.variant_id)
    )
    return {about: sign * units for about, units in _units(query).items()}


def _compare(asked: dict[tuple[str, int], int], done: dict[tuple[str, int], int], what: str) -> list[Fault]:
    return [
        differ(where, what, asked.get((where, variant), 0), done.get((where, variant), 0))
        for where, variant in sorted(asked.keys() | done.keys())
        if asked.get((where, variant), 0) != done.get((where, variant), 0)
    ]


def numbers() -> list[Fault]:
    """I9: an order's number is one order's, however it is typed; parts and attempts are counted without a gap."""
    typed = list(db.session.scalars(select(Order.number)))
    times = Counter(number.upper() for number in typed)
    found = [Fault(number, "number_repeated", str(n)) for number, n in sorted(times.items()) if n > 1]
    found += [Fault(number, "number_misshapen") for number in sorted(typed) if number != number.upper()]
    parts = select(Order.number, OrderPart.position).join(OrderPart, OrderPart.order_id == Order.id)
    tries = select(Payment.code, Attempt.n).join(Attempt, Attempt.payment_id == Payment.id)
    for query in (parts.order_by(Order.number, OrderPart.position), tries.order_by(Payment.code, Attempt.n)):
        found += _gaps(db.session.execute(query))
    return found


def _gaps(rows: Iterable[Any]) -> list[Fault]:
    counted = {where: [row[1] for row in group] for where, group in groupby(rows, key=lambda row: row[0])}
    return [
        Fault(where, "position_missing", ", ".join(map(str, places)))
        for where, places in counted.items()
        if places != list(range(1, len(places) + 1))
    ]


def forgotten(at: datetime) -> list[Fault]:
    """I10: nothing that has not ended is older than it may be without a piece of work that waits for its hour."""
    return _parts(at) + _undelivered_completion(at) + _money(at)


def _parts(at: datetime) -> list[Fault]:
    late = or_(
        *((OrderPart.state == state) & (OrderPart.state_since < at - longest) for state, longest in LONGEST.items())
    )
    paid = or_(Order.pay_until.is_(None), Order.paid_at.is_not(None))
    query = select(Order.number, OrderPart.position, OrderPart.state).join(Order, Order.id == OrderPart.order_id)
    rows = db.session.execute(query.where(late, paid).order_by(Order.number, OrderPart.position))
    return [Fault(part_number(number, n), "part_forgotten", state.value) for number, n, state in rows]


def _undelivered_completion(at: datetime) -> list[Fault]:
    """Delivered parts past their seven days that no job will complete."""
    waiting = set(db.session.scalars(select(Job.key).where(Job.name == COMPLETE, Job.finished_at.is_(None))))
    query = select(Order.number, OrderPart.position).join(Order, Order.id == OrderPart.order_id)
    old = (OrderPart.state == PartState.DELIVERED) & (OrderPart.state_since < at - COMPLETE_AFTER - GRACE)
    named = [part_number(number, n) for number, n in db.session.execute(query.where(old).order_by(Order.number))]
    return [
        Fault(name, "part_forgotten", PartState.DELIVERED.value)
        for name in named
        if f"{COMPLETE}:{name}" not in waiting
    ]


def _money(at: datetime) -> list[Fault]:
    until = func.coalesce(Order.pay_until, Charge.pay_until)
    awaiting = select(Payment.number).outerjoin(Payment.order).outerjoin(Payment.charge)
    overdue = awaiting.where(Payment.state == PaymentState.AWAITING, until < at - GRACE)
    promised = (RefundState.ASKED, RefundState.SENT, RefundState.BY_HAND)
    late = select(Refund.code).where(Refund.state.in_(promised), Refund.asked_at < at - timedelta(days=7))
    return [Fault(number, "payment_forgotten") for number in db.session.scalars(overdue.order_by(Payment.number))] + [
        Fault(code, "refund_forgotten") for code in db.session.scalars(late.order_by(Refund.code))
    ]


def _sums(query: Any) -> dict[int, int]:
    return {key: int(units) for key, units in db.session.execute(query)}


def _units(query: Any) -> dict[tuple[str, int], int]:
    return {(where, variant): int(units) for where, variant, units in db.session.execute(query)}
