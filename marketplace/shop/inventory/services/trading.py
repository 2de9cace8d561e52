"""What orders do to stock: taking, first expired first out, and putting back where it came from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Variant
from marketplace.shop.inventory.models import MovementKind, StockBatch, StockMovement
from marketplace.shop.inventory.queries import in_date, oldest_first
from marketplace.shop.inventory.services.moving import Move, move_batch, move_stock
from marketplace.shop.inventory.services.watching import note_fall, note_rise


class OutOfStock(Conflict):
    """Fewer units may be sold than were asked for."""

    code = "out_of_stock"
    message = N_("Không đủ hàng: món này vừa có người mua mất.")


class TooManyBack(Conflict):
    """More would come back than the order took."""

    code = "too_many_back"
    message = N_("Số hàng trả về nhiều hơn số đã xuất cho đơn này.")


def take(quantities: Mapping[int, int], *, reference: str, by: Actor, at: datetime) -> None:
    """Take units (variant id to quantity) off stock for an order, all or none: raises OutOfStock.

    The oldest go first, and none from a batch past its day. Rows are taken in one order, ascending variant, then last
    day, then batch, so that two orders of the same goods never wait for each other.
    """
    why = Move(MovementKind.SOLD, reference, by, at)
    for variant_id in sorted(quantities):
        left = quantities[variant_id]
        if not move_stock(variant_id, -left):
            raise OutOfStock(variant_id=variant_id)
        for batch_id, units in _sellable_batches(variant_id, day_of(at)):
            part = min(left, units)
            left -= part if move_batch(batch_id, variant_id, -part, why) else 0
            if not left:
                break
        if left:
            raise OutOfStock(variant_id=variant_id)
    note_fall(quantities, at=at)
    _tell(quantities, at)


def put_back(quantities: Mapping[int, int], *, sold_as: str, reference: str, by: Actor, at: datetime) -> None:
    """Return units of an order part that was cancelled, declined or came back, to the batches they were taken from.

    `sold_as` is the reference they were taken under, `reference` the part's own: what came back under it already
    does not come back again (TooManyBack). Of several batches the one taken last is filled first.
    """
    why = Move(MovementKind.RETURNED, reference, by, at)
    for variant_id in sorted(quantities):
        left = quantities[variant_id]
        move_stock(variant_id, left)
        for batch_id, units in _taken_from(variant_id, sold_as, reference):
            part = min(left, units)
            if part:
                move_batch(batch_id, variant_id, part, why)
            left -= part
        if left:
            raise TooManyBack(variant_id=variant_id)
    note_rise(quantities, at=at)
    _tell(quantities, at)


def _sellable_batches(variant_id: int, on: date) -> list[tuple[int, int]]:
    """The batches to take from, and what is in each; read while the variant's stock is held."""
    query = select(StockBatch.id, StockBatch.units).where(StockBatch.variant_id == variant_id, in_date(on))
    return [(row[0], row[1]) for row in db.session.execute(query.where(StockBatch.units > 0).order_by(*oldest_first()))]


def _taken_from(variant_id: int, sold_as: str, reference: str) -> list[tuple[int, int]]:
    """The batches an order was served from, the one taken last first, and how many of each are still out."""
    kinds = (MovementKind.SOLD, MovementKind.RETURNED)
    query = (
        select(StockMovement.batch_id, -func.sum(StockMovement.delta))
        .where(
            StockMovement.variant_id == variant_id,
            StockMovement.reference.in_((sold_as, reference)),
            StockMovement.kind.in_(kinds),
        )
        .group_by(StockMovement.batch_id)
        .order_by(func.min(StockMovement.id).desc())
    )
    return [(row[0], int(row[1])) for row in db.session.execute(query)]


def _tell(variant_ids: Iterable[int], at: datetime) -> None:
    listings = select(Variant.listing_id).where(Variant.id.in_(list(variant_ids))).distinct()
    for listing_id in db.session.scalars(listings.order_by(Variant.listing_id)):
        changed("listing", listing_id, at=at)
