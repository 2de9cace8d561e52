"""Telling a producer that little is left, or that a batch's last day is near: once, until it is over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory import mails
from marketplace.shop.inventory.models import Stock, StockBatch
from marketplace.shop.inventory.queries import ending_batches, sellable


def note_fall(variant_ids: Iterable[int], *, at: datetime) -> None:
    """After a sale, in its block: write to the producer of what is now at or below its mark and was not before."""
    marks = _marks(variant_ids, told=False)
    left = sellable(marks, on=day_of(at)) if marks else {}
    fallen = [variant_id for variant_id, mark in marks.items() if left.get(variant_id, 0) <= mark]
    if not fallen:
        return
    _say(fallen, at)
    whole = joinedload(Variant.listing).joinedload(Listing.product)
    query = select(Variant).where(Variant.id.in_(fallen)).options(whole)
    for variant in db.session.scalars(query.order_by(Variant.id)):
        mails.low(variant, left.get(variant.id, 0), marks[variant.id], at=at)


def note_rise(variant_ids: Iterable[int], *, at: datetime) -> None:
    """After units came in, in that block: what is above its mark again may be told of anew."""
    marks = _marks(variant_ids, told=True)
    left = sellable(marks, on=day_of(at)) if marks else {}
    _say([variant_id for variant_id, mark in marks.items() if left.get(variant_id, 0) > mark], None)


def _marks(variant_ids: Iterable[int], *, told: bool) -> dict[int, int]:
    """The low marks among these variants of which the producer was told, or was not."""
    said = Stock.low_since.is_not(None) if told else Stock.low_since.is_(None)
    query = select(Stock.variant_id, Stock.low_at).where(Stock.variant_id.in_(list(variant_ids)), said)
    return {row[0]: row[1] for row in db.session.execute(query.order_by(Stock.variant_id)) if row[1] is not None}


def _say(variant_ids: list[int], since: datetime | None) -> None:
    if variant_ids:
        found = update(Stock).where(Stock.variant_id.in_(variant_ids)).values(low_since=since)
        db.session.execute(found.execution_options(synchronize_session=False))


def warn_of_ends(*, producer_id: int, at: datetime) -> int:
    """Write one letter to a producer of its batches whose last day is near, each batch once; answers how many."""
    on = day_of(at)
    query = (
        ending_batches(on)
        .join(Variant, StockBatch.variant_id == Variant.id)
        .join(Variant.listing)
        .join(Listing.product)
        .add_columns(Variant, Listing)
        .where(Product.producer_id == producer_id)
    )
    ending = [row for row in db.session.execute(query) if row[0].life.is_ending(on)]
    told = [row for row in ending if _claim(row[0].id, at)]
    if told:
        mails.ending(producer_id, [(batch, variant, listing) for batch, variant, listing in told], at=at)
    return len(told)


def _claim(batch_id: int, at: datetime) -> bool:
    """Take a batch for this letter; False where another worker has told of it."""
    done = rows_changed(
        update(StockBatch)
        .where(StockBatch.id == batch_id, StockBatch.warned_at.is_(None))
        .values(warned_at=at)
        .execution_options(synchronize_session=False)
    )
    return done == 1
