"""Reading stock: what is there, what of it may be sold on a day, batches and movements."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db
from marketplace.shop.inventory.models import MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.inventory.rules import ENDING_DAYS

BY_HAND = (MovementKind.COUNTED, MovementKind.RECEIVED, MovementKind.SPOILED)


def in_date(on: date) -> ColumnElement[bool]:
    """The batches that may be sold on the day: their last day is not past, or they have none."""
    return or_(StockBatch.expires_on.is_(None), StockBatch.expires_on >= on)


def oldest_first() -> tuple[ColumnElement[Any], ...]:
    """The order in which batches are sold: first expired, first out; what does not spoil last."""
    return StockBatch.expires_on.asc().nulls_last(), StockBatch.id.asc()


def on_hand(variant_ids: Iterable[int]) -> dict[int, int]:
    """Units on hand of each of these variants; one that was never counted is not in the answer."""
    rows = db.session.execute(select(Stock.variant_id, Stock.on_hand).where(Stock.variant_id.in_(list(variant_ids))))
    return {row[0]: row[1] for row in rows}


def sellable(variant_ids: Iterable[int], *, on: date) -> dict[int, int]:
    """Units of each of these variants that may be sold on the day; one that has no batch is not in the answer."""
    query = (
        select(StockBatch.variant_id, func.sum(StockBatch.units))
        .where(StockBatch.variant_id.in_(list(variant_ids)), in_date(on))
        .group_by(StockBatch.variant_id)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def sellable_until(variant_ids: Iterable[int]) -> dict[int, date | None]:
    """The last day on which something of each of these variants may be sold; None: it does not spoil.

    One of which nothing is on hand is not in the answer.
    """
    query = (
        select(StockBatch.variant_id, func.max(StockBatch.expires_on), func.count() - func.count(StockBatch.expires_on))
        .where(StockBatch.variant_id.in_(list(variant_ids)), StockBatch.units > 0)
        .group_by(StockBatch.variant_id)
    )
    return {row[0]: None if row[2] else row[1] for row in db.session.execute(query)}


def low_marks(variant_ids: Iterable[int]) -> dict[int, int]:
    """From how few on the producer of each of these variants wants to be told; one without is not in the answer."""
    query = select(Stock.variant_id, Stock.low_at).where(Stock.variant_id.in_(list(variant_ids)))
    return {row[0]: row[1] for row in db.session.execute(query) if row[1] is not None}


def hands(variant_ids: Iterable[int]) -> dict[int, int]:
    """How often each of these variants was changed by hand (counted, received, written off), to tell a stale form.

    One that never was is not in the answer.
    """
    query = (
        select(StockMovement.variant_id, func.count())
        .where(StockMovement.variant_id.in_(list(variant_ids)), StockMovement.kind.in_(BY_HAND))
        .group_by(StockMovement.variant_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def batches_of(variant_ids: Iterable[int], *, empty: bool = False) -> dict[int, list[StockBatch]]:
    """The batches of these variants in the order they are sold; those with nothing left only where `empty`."""
    query = select(StockBatch).where(StockBatch.variant_id.in_(list(variant_ids)))
    if not empty:
        query = query.where(StockBatch.units > 0)
    found: dict[int, list[StockBatch]] = {}
    for batch in db.session.scalars(query.order_by(*oldest_first())):
        found.setdefault(batch.variant_id, []).append(batch)
    return found


def filled_batches(variant_ids: Iterable[int]) -> dict[int, list[int]]:
    """The row numbers of the batches of these variants that hold something, by variant."""
    query = select(StockBatch.variant_id, StockBatch.id).where(StockBatch.units > 0)
    found: dict[int, list[int]] = {}
    wanted = query.where(StockBatch.variant_id.in_(list(variant_ids)))
    for variant_id, batch_id in db.session.execute(wanted.order_by(StockBatch.id)):
        found.setdefault(variant_id, []).append(batch_id)
    return found


def ending_batches(on: date) -> Select[StockBatch]:
    """Batches with units whose last day is near, or past, and of whom nobody was told."""
    near = StockBatch.expires_on <= on + timedelta(days=ENDING_DAYS)
    return (
        select(StockBatch)
        .where(near, StockBatch.units > 0, StockBatch.warned_at.is_(None))
        .order_by(StockBatch.expires_on, StockBatch.id)
    )


def list_movements(variant_id: int, *, page: int = 1, per_page: int = 50) -> list[StockMovement]:
    """A page of one variant's movements with their batches, newest first."""
    return list(
        db.session.scalars(
            select(StockMovement)
            .where(StockMovement.variant_id == variant_id)
            .options(joinedload(StockMovement.batch))
            .order_by(StockMovement.at.desc(), StockMovement.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def count_movements(variant_id: int) -> int:
    """How many movements `list_movements` has in all."""
    query = select(func.count(StockMovement.id)).where(StockMovement.variant_id == variant_id)
    return db.session.scalar(query) or 0
