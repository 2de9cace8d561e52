"""Rows of made-up orders, gathered and then written together: orders, parts, lines, events, parcels, stock."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from marketplace.faces.cli.demo.money import Part, keep_money
from marketplace.platform.core.db import Model, db
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.fulfilment.models import Parcel
from marketplace.shop.fulfilment.services import COMPLETE, COMPLETE_AFTER
from marketplace.shop.inventory.models import UNNAMED, MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent, PartState
from marketplace.shop.orders.services import GIVES_STOCK_BACK, part_number


class Book:
    """All rows, written at the end."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self._parts: list[list[Part]] = []

    def add(self, order: dict[str, Any], parts: list[Part]) -> None:
        self.orders.append(order)
        self._parts.append(parts)

    def write(self, at: datetime) -> None:
        """Insert orders, parts, lines, events, parcels and the stock they moved."""
        ids = _insert(Order, self.orders)
        flat = [
            (order, n, part, row_id)
            for order, parts, row_id in zip(self.orders, self._parts, ids, strict=True)
            for n, part in enumerate(parts, start=1)
        ]
        part_ids = _insert(OrderPart, [{**part.row, "order_id": row_id, "position": n} for _, n, part, row_id in flat])
        numbered = list(zip(flat, part_ids, strict=True))
        _insert(OrderLine, [{**line, "part_id": i} for (_, _, part, _), i in numbered for line in part.lines])
        _insert(PartEvent, [{**event, "part_id": i} for (_, _, part, _), i in numbered for event in part.events])
        _insert(Parcel, [{**part.parcel, "part_id": i} for (_, _, part, _), i in numbered if part.parcel])
        keep_money(self.orders, ids, [(order, n, part, i) for (order, n, part, _), i in numbered], at)
        movements = self._movements(at)
        batches = _old_batches({row["variant_id"] for row in movements}, at)
        _insert(StockMovement, [{**row, "batch_id": batches[row["variant_id"]]} for row in movements])
        for order, n, part, _ in flat:
            if part.row["state"] is PartState.DELIVERED:
                due = part.row["state_since"] + COMPLETE_AFTER
                payload = {"number": order["number"], "position": n}
                enqueue(name=COMPLETE, key=f"{COMPLETE}:{order['number']}/{n}", at=at, due_at=due, payload=payload)

    def _movements(self, at: datetime) -> list[dict[str, Any]]:
        """What went out and came back, after an opening that covers it: the sum is nothing, today's stock stands."""
        rows: list[dict[str, Any]] = []
        sold: dict[int, int] = {}
        back: dict[int, int] = {}
        for order, parts in zip(self.orders, self._parts, strict=True):
            for n, part in enumerate(parts, start=1):
                reference = part_number(order["number"], n)
                returned = next((e["at"] for e in part.events if e["state"] in GIVES_STOCK_BACK), None)
                for line in part.lines:
                    variant, quantity = line["variant_id"], line["quantity"]
                    sold[variant] = sold.get(variant, 0) + quantity
                    rows.append(_movement(variant, MovementKind.SOLD, -quantity, order["number"], order["placed_at"]))
                    if returned:
                        back[variant] = back.get(variant, 0) + quantity
                        rows.append(_movement(variant, MovementKind.RETURNED, quantity, reference, returned))
        first = min((order["placed_at"] for order in self.orders), default=at) - timedelta(days=1)
        rows += [_movement(v, MovementKind.COUNTED, units, "opening stock", first) for v, units in sold.items()]
        rows += [_movement(v, MovementKind.COUNTED, -units, "count", at) for v, units in back.items()]
        return sorted(rows, key=lambda row: row["at"])


def _movement(variant: int, kind: MovementKind, delta: int, reference: str, at: datetime) -> dict[str, Any]:
    return {"variant_id": variant, "kind": kind, "delta": delta, "reference": reference, "actor_id": None, "at": at}


def _old_batches(variants: set[int], at: datetime) -> dict[int, int]:
    """The batch without a name of each of these variants, which is where the past year's sales came from."""
    held = set(db.session.scalars(select(Stock.variant_id)))
    named = select(StockBatch.variant_id).where(StockBatch.code == UNNAMED)
    batched = set(db.session.scalars(named))
    _fill(Stock, [{"variant_id": v, "on_hand": 0} for v in sorted(variants - held)])
    empty = {"code": UNNAMED, "units": 0, "received_at": at}
    _fill(StockBatch, [{"variant_id": v, **empty} for v in sorted(variants - batched)])
    rows = db.session.execute(select(StockBatch.variant_id, StockBatch.id).where(StockBatch.code == UNNAMED))
    return {row[0]: row[1] for row in rows}


def _fill(model: type[Model], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _insert(model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
    """Insert and answer the new row numbers, in order."""
    if not rows:
        return []
    statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
