"""The stock of many variants at once: what imports and the demonstration write, in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.shop.inventory.models import UNNAMED, MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.inventory.services.watching import note_rise


def open_stock(units: Sequence[tuple[int, int]], *, reference: str, by: Actor, at: datetime) -> None:
    """Give new variants (variant id, units) their stock, in a batch without a name, in the open block."""
    if units:
        db.session.execute(insert(Stock), [{"variant_id": v, "on_hand": n} for v, n in units])
    filled = [(v, n) for v, n in units if n]
    if not filled:
        return
    batch = {"code": UNNAMED, "received_at": at}
    statement = insert(StockBatch).returning(StockBatch.id, sort_by_parameter_order=True)
    ids = db.session.scalars(statement, [{"variant_id": v, "units": n, **batch} for v, n in filled])
    moved = {"kind": MovementKind.COUNTED, "reference": reference, "actor_id": by.user_id, "at": at}
    rows = [{"variant_id": v, "batch_id": i, "delta": n, **moved} for (v, n), i in zip(filled, ids, strict=True)]
    db.session.execute(insert(StockMovement), rows)


@dataclass(frozen=True)
class Correction:
    """A variant's units put right by a count: in the batch they lie in, or, where there is none, one without a name."""

    variant_id: int
    batch_id: int | None
    delta: int


def hold_stocks(variant_ids: Sequence[int]) -> None:
    """Hold the stock of these variants until the block ends, in everybody's order, and make it where there is none."""
    held = select(Stock.variant_id).where(Stock.variant_id.in_(variant_ids)).order_by(Stock.variant_id)
    known = set(db.session.scalars(held.with_for_update()))
    missing = [{"variant_id": v, "on_hand": 0} for v in sorted(set(variant_ids) - known)]
    if missing:
        db.session.execute(insert(Stock), missing)


def correct_many(corrections: Sequence[Correction], *, reference: str, by: Actor, at: datetime) -> None:
    """Apply counts whose stock is held and was read while it was; the CHECKs stand behind."""
    rows = [correction for correction in corrections if correction.delta]
    if not rows:
        return
    batches = _batches_for(rows, at)
    stock = update(Stock).values(on_hand=Stock.on_hand + bindparam("moved")).where(Stock.variant_id == bindparam("of"))
    batch = update(StockBatch).values(units=StockBatch.units + bindparam("moved"))
    connection = db.session.connection()
    connection.execute(stock, [{"of": row.variant_id, "moved": row.delta} for row in rows])
    moved = [{"of": batches[row.variant_id], "moved": row.delta} for row in rows]
    connection.execute(batch.where(StockBatch.id == bindparam("of")), moved)
    said = {"kind": MovementKind.COUNTED, "reference": reference, "actor_id": by.user_id, "at": at}
    movements = [
        {"variant_id": row.variant_id, "batch_id": batches[row.variant_id], "delta": row.delta, **said} for row in rows
    ]
    db.session.execute(insert(StockMovement), movements)
    note_rise([row.variant_id for row in rows], at=at)


def _batches_for(rows: Sequence[Correction], at: datetime) -> dict[int, int]:
    """The batch of each, by variant; the one without a name where its units lie in none."""
    bare = [row.variant_id for row in rows if row.batch_id is None]
    named = select(StockBatch.variant_id, StockBatch.id).where(StockBatch.variant_id.in_(bare))
    known = {row[0]: row[1] for row in db.session.execute(named.where(StockBatch.code == UNNAMED))}
    new = [{"variant_id": v, "code": UNNAMED, "units": 0, "received_at": at} for v in bare if v not in known]
    if new:
        statement = insert(StockBatch).returning(StockBatch.variant_id, StockBatch.id)
        known |= {row[0]: row[1] for row in db.session.execute(statement, new)}
    return {row.variant_id: row.batch_id or known[row.variant_id] for row in rows}


def set_low_marks(marks: Mapping[int, int | None], *, at: datetime) -> None:
    """Set the low marks of variants whose stock is held."""
    kept = [{"of": variant_id, "mark": mark} for variant_id, mark in marks.items() if mark is not None]
    gone = [{"of": variant_id, "mark": None} for variant_id, mark in marks.items() if mark is None]
    statement = update(Stock).where(Stock.variant_id == bindparam("of")).values(low_at=bindparam("mark"))
    for how, rows in ((statement, kept), (statement.values(low_since=None), gone)):
        if rows:
            db.session.connection().execute(how, rows)
    note_rise(marks, at=at)
