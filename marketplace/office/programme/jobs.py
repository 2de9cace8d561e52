"""The worker's part: keeping the sums of sales by what happened to orders."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from marketplace.office.programme.counting import (
    Summed,
    count_changes,
    count_effects,
    count_sums,
    first_month,
    last_event,
    stale,
    touched_since,
)
from marketplace.office.programme.models import SalesChange, SalesCount, SalesEffect, SalesSum
from marketplace.office.programme.sales import as_of
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, held, rows_changed, transaction
from marketplace.platform.core.money import Money

AT_MOST_EVERY = timedelta(minutes=5)
Row = dict[str, Any]


def count_sales(at: datetime) -> int:
    """Bring the sums to what orders say; answers how many times. Called every minute.

    The months that a step of an order touched are counted anew, at most every five minutes, and what is compared
    before and after where one of them was over; once a day everything is, for what changes without a step: who leads
    a producer, where it is, what it is.
    """
    known, newest = as_of(), last_event()
    if known is None or stale(at, known.whole_at):
        return _count_whole(at, newest)
    if newest <= known.seen_event or at - known.as_of < AT_MOST_EVERY:
        return 0
    months = touched_since(known.seen_event)
    rows = count_sums(*months) if months else []
    past = months is not None and months[0] < day_of(at).replace(day=1)
    compared = _compared(day_of(at)) if past else None
    with transaction():
        if not _ours(newest):
            return 0
        if months:
            _replace(rows, *months)
        if compared is not None:
            _replace_compared(*compared)
        db.session.execute(update(SalesCount).values(seen_event=newest, as_of=at))
    return 1


def _count_whole(at: datetime, newest: int) -> int:
    first, last = first_month(), day_of(at).replace(day=1)
    rows = count_sums(first, last) if first else []
    compared = _compared(day_of(at))
    with transaction():
        if not _ours(newest):
            return 0
        _replace(rows, date.min, date.max)
        _replace_compared(*compared)
        said = {"seen_event": newest, "as_of": at, "whole_at": at}
        if rows_changed(update(SalesCount).values(**said)) == 0:
            db.session.execute(insert(SalesCount).values(id=1, **said))
    return 1


def _compared(on: date) -> tuple[list[Row], list[Row]]:
    """Each product before and after, and what they come to for each unit: rows of `SalesEffect` and `SalesChange`."""
    effects = count_effects(on)
    each = [
        {
            "certificate_id": event.certificate_id,
            "kind": event.kind,
            "pairs": found.pairs,
            "before": Money(found.before),
            "after": Money(found.after),
        }
        for event, found in effects
    ]
    together = [
        {
            "unit_id": unit,
            "kind": kind,
            "products": change.products,
            "left_out": change.left_out,
            "before": Money(change.before),
            "after": Money(change.after),
            "low": change.low,
            "high": change.high,
        }
        for (unit, kind), change in count_changes(effects).items()
    ]
    return each, together


def _replace_compared(effects: list[Row], changes: list[Row]) -> None:
    for model, rows in ((SalesEffect, effects), (SalesChange, changes)):
        db.session.execute(delete(model))
        if rows:
            db.session.execute(insert(model), rows)


def _ours(newest: int) -> bool:
    """Whether nobody has counted a later state meanwhile; who counts is alone until the block ends."""
    seen = db.session.scalar(held(select(SalesCount.seen_event)))
    return seen is None or seen <= newest


def _replace(rows: list[Summed], first: date, last: date) -> None:
    db.session.execute(delete(SalesSum).where(SalesSum.month.between(first, last)))
    if rows:
        db.session.execute(
            insert(SalesSum),
            [
                {
                    "month": row.month,
                    "unit_id": row.unit_id,
                    "dimension": row.dimension,
                    "key": row.key,
                    "lines": row.lines,
                    "units": row.units,
                    "amount": Money(row.amount),
                }
                for row in rows
            ],
        )
