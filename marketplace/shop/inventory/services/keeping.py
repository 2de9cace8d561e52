"""What a producer does with stock by hand: counting, receiving a batch, writing off, setting the low mark."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.policies import keeps
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.inventory.models import UNNAMED, MovementKind, Stock, StockBatch
from marketplace.shop.inventory.queries import hands
from marketplace.shop.inventory.rules import proposed_code
from marketplace.shop.inventory.services.moving import Move, move_batch, move_stock
from marketplace.shop.inventory.services.watching import note_rise

MOST_UNITS = 1_000_000
LONGEST_LIFE = timedelta(days=3650)
LONGEST_NOTE = 200


class StockMoved(Conflict):
    """Stock was changed by hand since the page was shown, or the correction would go below zero."""

    code = "stock_moved"
    message = N_("Kho vừa thay đổi trong lúc bạn sửa. Hãy xem số mới rồi sửa lại.")


class NotCounted(Conflict):
    """A service has no stock."""

    code = "not_counted"
    message = N_("Dịch vụ không có kho.")


class SeveralBatches(Conflict):
    """Where goods lie in several batches, a sum says nothing of which of them is wrong."""

    code = "several_batches"
    message = N_("Món này có nhiều lô. Hãy kiểm từng lô ở trang kho.")


@dataclass(frozen=True)
class BatchFacts:
    """A batch that comes in. Without a code it gets one of the day it was made."""

    units: int
    code: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    note: str = ""


def count_stock(
    *,
    sku: str,
    counted: int,
    seen: int,
    counts: int,
    by: Actor,
    at: datetime,
    batch: str = UNNAMED,
    note: str = "",
) -> None:
    """Correct a batch to what was counted while the page showed `seen` units in it, after `counts` changes by hand.

    What was sold between the showing and the counting stays sold: the difference is applied, not the figure. Where
    somebody has changed it by hand since, or the same form comes twice, nothing is changed: StockMoved.
    """
    variant = _kept(sku, by)
    if not 0 <= counted <= MOST_UNITS:
        raise Invalid({"counted": N_("Số lượng từ 0 đến 1.000.000.")})
    stock = _hold(variant.id)
    found = _batch(variant.id, batch)
    if found is None and batch != UNNAMED:
        raise NotFound
    if counted == seen:
        return
    delta = counted - seen
    if hands([variant.id]).get(variant.id, 0) != counts or not 0 <= stock.on_hand + delta <= MOST_UNITS:
        raise StockMoved
    found = found or _new_batch(variant.id, BatchFacts(0, UNNAMED), at)
    move = Move(MovementKind.COUNTED, _note(note), by, at)
    if not move_stock(variant.id, delta) or not move_batch(found.id, variant.id, delta, move):
        raise StockMoved
    detail = {"batch": batch, "seen": seen, "counted": counted}
    _settle(variant, "stock.counted", detail, by=by, at=at)


def correct_stock(*, sku: str, counted: int, seen: int, counts: int, by: Actor, at: datetime) -> None:
    """Correct what is on hand of a variant whose units lie in one batch; of several, SeveralBatches."""
    variant = _kept(sku, by)
    filled = select(StockBatch.code).where(StockBatch.variant_id == variant.id, StockBatch.units > 0)
    codes = list(db.session.scalars(filled.order_by(StockBatch.id)))
    if len(codes) > 1 and counted != seen:
        raise SeveralBatches
    batch = codes[0] if codes else UNNAMED
    count_stock(sku=sku, counted=counted, seen=seen, counts=counts, batch=batch, by=by, at=at)


def receive_batch(*, sku: str, facts: BatchFacts, counts: int, by: Actor, at: datetime) -> StockBatch:
    """Take a batch in. A known code with the same days gets more units; with other days it is refused."""
    variant = _kept(sku, by)
    _check_batch(facts, day_of(at))
    stock = _hold(variant.id)
    if hands([variant.id]).get(variant.id, 0) != counts:
        raise StockMoved
    if stock.on_hand + facts.units > MOST_UNITS:
        raise Invalid({"units": N_("Kho của một món chứa nhiều nhất 1.000.000.")})
    found = _batch(variant.id, nfc(facts.code)) if nfc(facts.code) else None
    if found is not None and (found.made_on, found.expires_on) != (facts.made_on, facts.expires_on):
        raise Invalid({"code": N_("Lô này đã có, với ngày khác. Đặt mã khác, hoặc sửa ngày cho đúng.")})
    batch = found or _new_batch(variant.id, facts, at)
    move_stock(variant.id, facts.units)
    move_batch(batch.id, variant.id, facts.units, Move(MovementKind.RECEIVED, _note(facts.note), by, at))
    detail = {"batch": batch.code, "units": facts.units, "expires_on": str(batch.expires_on or "")}
    _settle(variant, "stock.received", detail, by=by, at=at)
    return batch


def write_off(*, sku: str, batch: str, units: int, reason: str, counts: int, by: Actor, at: datetime) -> None:
    """Take units out of a batch that cannot be sold any more, and say why."""
    variant = _kept(sku, by)
    reason = _note(reason, "reason")
    if not reason:
        raise Invalid({"reason": N_("Ghi lý do, để sau này còn biết hàng đi đâu.")})
    _hold(variant.id)
    found = _batch(variant.id, batch)
    if found is None:
        raise NotFound
    if hands([variant.id]).get(variant.id, 0) != counts:
        raise StockMoved
    if not 1 <= units <= found.units:
        raise Invalid({"units": N_("Lô này còn %(left)s: nhập từ 1 đến số đó.")}, left=found.units)
    move_stock(variant.id, -units)
    move_batch(found.id, variant.id, -units, Move(MovementKind.SPOILED, reason, by, at))
    detail = {"batch": batch, "units": units, "reason": reason}
    _settle(variant, "stock.written_off", detail, by=by, at=at)


def set_low_mark(*, sku: str, low_at: int | None, by: Actor, at: datetime) -> None:
    """Say from how few sellable units on the producer is told; None: never."""
    variant = _kept(sku, by)
    if low_at is not None and not 0 <= low_at <= MOST_UNITS:
        raise Invalid({"low_at": N_("Mức báo từ 0 đến 1.000.000, hoặc để trống.")})
    stock = _hold(variant.id)
    if stock.low_at == low_at:
        return
    detail = {"from": stock.low_at, "to": low_at}
    stock.low_at = low_at
    stock.low_since = None if low_at is None else stock.low_since
    db.session.flush()
    note_rise([variant.id], at=at)
    record(by=by, action="stock.low_mark", subject_type="variant", subject=sku, at=at, detail=detail)


def _kept(sku: str, by: Actor) -> Variant:
    variant = get_variant(sku)
    if not keeps(by, variant.listing.product.producer):
        raise NotFound
    if variant.weight_g is None:
        raise NotCounted
    return variant


def _hold(variant_id: int) -> Stock:
    """The variant's stock, held until the block ends, and as it is now; made where there was none."""
    query = select(Stock).where(Stock.variant_id == variant_id).with_for_update()
    stock = db.session.scalar(query.execution_options(populate_existing=True))
    if stock is None:
        stock = Stock(variant_id=variant_id, on_hand=0)
        db.session.add(stock)
        db.session.flush()
    return stock


def _batch(variant_id: int, code: str) -> StockBatch | None:
    query = select(StockBatch).where(StockBatch.variant_id == variant_id, StockBatch.code == code)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _new_batch(variant_id: int, facts: BatchFacts, at: datetime) -> StockBatch:
    known = frozenset(db.session.scalars(select(StockBatch.code).where(StockBatch.variant_id == variant_id)))
    batch = StockBatch(
        variant_id=variant_id,
        code=nfc(facts.code) or proposed_code(facts.made_on or day_of(at), known),
        made_on=facts.made_on,
        expires_on=facts.expires_on,
        units=0,
        received_at=at,
        note=_note(facts.note),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def _check_batch(facts: BatchFacts, on: date) -> None:
    wrong = {}
    if not 1 <= facts.units <= MOST_UNITS:
        wrong["units"] = N_("Số lượng từ 1 đến 1.000.000.")
    if len(nfc(facts.code)) > 40:
        wrong["code"] = N_("Mã lô dài nhất 40 ký tự.")
    if facts.made_on is not None and not on - LONGEST_LIFE <= facts.made_on <= on:
        wrong["made_on"] = N_("Ngày làm ra không ở sau hôm nay, và trong vòng mười năm.")
    if facts.expires_on is not None and not on <= facts.expires_on <= on + LONGEST_LIFE:
        wrong["expires_on"] = N_("Hạn dùng từ hôm nay trở đi, trong vòng mười năm.")
    if wrong:
        raise Invalid(wrong)
    _note(facts.note)


def _note(typed: str, field: str = "note") -> str:
    text = nfc(typed)
    if len(text) > LONGEST_NOTE:
        raise Invalid({field: N_("Viết ngắn hơn: nhiều nhất %(longest)d ký tự.")}, longest=LONGEST_NOTE)
    return text


def _settle(variant: Variant, action: str, detail: dict[str, object], *, by: Actor, at: datetime) -> None:
    note_rise([variant.id], at=at)
    changed("listing", variant.listing_id, at=at)
    record(by=by, action=action, subject_type="variant", subject=variant.sku, at=at, detail=detail)
