"""Stock changes by one conditional UPDATE whose row count is checked; a CHECK stands behind it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.policies import keeps
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.inventory.models import MovementKind, Stock, StockMovement
from marketplace.shop.inventory.queries import count_counts

MOST_UNITS = 1_000_000


class OutOfStock(Conflict):
    """Fewer units are on hand than were asked for."""

    code = "out_of_stock"
    message = N_("Không đủ hàng: món này vừa có người mua mất.")


class StockMoved(Conflict):
    """Units were sold while the producer was counting, and the correction would go below zero."""

    code = "stock_moved"
    message = N_("Kho vừa thay đổi trong lúc bạn sửa. Hãy xem số mới rồi sửa lại.")


class NotCounted(Conflict):
    """A service has no stock."""

    code = "not_counted"
    message = N_("Dịch vụ không có kho.")


def count_stock(*, sku: str, counted: int, seen: int, counts: int, by: Actor, at: datetime, note: str = "") -> None:
    """Correct a variant's stock to what was counted while the page showed `seen` units after `counts` countings.

    What was sold between the showing and the counting stays sold: the difference is applied, not the figure. Where
    somebody has counted since, or the same form comes twice, nothing is changed: StockMoved.
    """
    variant = get_variant(sku)
    if not keeps(by, variant.listing.product.producer):
        raise NotFound
    if variant.weight_g is None:
        raise NotCounted
    if not 0 <= counted <= MOST_UNITS:
        raise Invalid({"counted": N_("Số lượng từ 0 đến 1.000.000.")})
    stock = db.session.get(Stock, variant.id, with_for_update=True)
    if stock is None:
        db.session.add(Stock(variant_id=variant.id, on_hand=0))
        db.session.flush()
    if counted == seen:
        return
    in_all = (stock.on_hand if stock else 0) + counted - seen
    if count_counts([variant.id]).get(variant.id, 0) != counts or not 0 <= in_all <= MOST_UNITS:
        raise StockMoved
    _move(variant.id, counted - seen)
    _note(variant.id, MovementKind.COUNTED, counted - seen, nfc(note) or "count", by, at)
    changed("listing", variant.listing_id, at=at)
    detail = {"seen": seen, "counted": counted}
    record(by=by, action="stock.counted", subject_type="variant", subject=sku, at=at, detail=detail)


def take(quantities: Mapping[int, int], *, reference: str, by: Actor, at: datetime) -> None:
    """Take units (variant id to quantity) off stock for an order, all or none: raises OutOfStock.

    Rows are taken in ascending order of variant, so that two orders of the same goods never wait for each other.
    """
    for variant_id in sorted(quantities):
        if not _move(variant_id, -quantities[variant_id]):
            raise OutOfStock(variant_id=variant_id)
        _note(variant_id, MovementKind.SOLD, -quantities[variant_id], reference, by, at)
    _tell(quantities, at)


def put_back(quantities: Mapping[int, int], *, reference: str, by: Actor, at: datetime) -> None:
    """Return units of an order part that was cancelled, declined or came back."""
    for variant_id in sorted(quantities):
        _move(variant_id, quantities[variant_id])
        _note(variant_id, MovementKind.RETURNED, quantities[variant_id], reference, by, at)
    _tell(quantities, at)


def _move(variant_id: int, delta: int) -> bool:
    done = rows_changed(
        update(Stock)
        .where(Stock.variant_id == variant_id, Stock.on_hand + delta >= 0)
        .values(on_hand=Stock.on_hand + delta)
    )
    return done == 1


def _note(variant_id: int, kind: MovementKind, delta: int, reference: str, by: Actor, at: datetime) -> None:
    db.session.add(
        StockMovement(variant_id=variant_id, kind=kind, delta=delta, reference=reference, actor_id=by.user_id, at=at)
    )


def _tell(quantities: Mapping[int, int], at: datetime) -> None:
    listings = select(Variant.listing_id).where(Variant.id.in_(list(quantities))).distinct()
    for listing_id in db.session.scalars(listings.order_by(Variant.listing_id)):
        changed("listing", listing_id, at=at)
