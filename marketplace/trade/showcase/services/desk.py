"""A point's own desk: units received, sold, returned; goods put on display."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import get_variant
from marketplace.trade.showcase.models import MoveKind, PointMove, PointState, PointStock, ShowcasePoint
from marketplace.trade.showcase.policies import KEEP_DESK
from marketplace.trade.showcase.queries import get_own_point
from marketplace.trade.showcase.services.keeping import display, take_off

MOST_UNITS = 100_000
MOST_PRICE = Money(1_000_000_000)
BY_HAND = frozenset({MoveKind.RECEIVED, MoveKind.SOLD, MoveKind.RETURNED, MoveKind.SPOILED})


class NotSoMany(Conflict):
    """The point does not hold so many."""

    code = "not_so_many"
    message = N_("Điểm không còn đủ số ấy. Xem lại số đang có.")


class WrittenAlready(Conflict):
    """The same form was sent with other content, or at another point."""

    code = "move_key_used"
    message = N_("Mẫu này đã ghi một lần khác, nên lần này chưa ghi gì. Xem lại rồi bấm Ghi nếu đây là lần mới.")


class UndoneAlready(Conflict):
    """It was undone before, or is itself an undoing."""

    code = "undone_already"
    message = N_("Lần ghi này đã được hủy rồi.")


@dataclass(frozen=True)
class MoveFacts:
    """What came or went, on which day; `unit_price` of what was sold."""

    sku: str
    kind: MoveKind
    units: int
    day: date
    unit_price: Money | None = None
    note: str = ""


def record_move(*, slug: str, key: str, facts: MoveFacts, by: Actor, at: datetime) -> PointMove:
    """Write down what came or went; the same form sent again answers the same move.

    Raises Invalid by field, NotSoMany where more would go than there is, WrittenAlready where the form told something
    else before. What is received is on display from then on.
    """
    point = _own(slug, by)
    there = db.session.scalar(select(PointMove).where(PointMove.key == key).options(joinedload(PointMove.variant)))
    if there is not None:
        if not _tells(there, point, facts):
            raise WrittenAlready
        return there
    variant = _checked(facts, at)
    if facts.kind is MoveKind.RECEIVED:
        _on_display(point, variant, by, at)
        _add(point, variant.id, facts.units)
    else:
        _take(point, variant.id, facts.units)
    move = PointMove(
        key=key, code=f"DX{random_code(8)}", point_id=point.id, variant_id=variant.id, kind=facts.kind,
        units=facts.units, unit_price=_price(facts), day=facts.day, note=nfc(facts.note), at=at, by=by.name,
    )  # fmt: skip
    return _written(move, point, variant.sku, by, at)


def undo_move(*, slug: str, code: str, reason: str, by: Actor, at: datetime) -> PointMove:
    """A move was a mistake: the units go back where they were, once. Raises UndoneAlready, NotSoMany."""
    point, words = _own(slug, by), nfc(reason)
    move = db.session.scalar(select(PointMove).where(PointMove.code == code, PointMove.point_id == point.id))
    if move is None:
        raise NotFound
    if not words or len(words) > 200:
        raise Invalid({"reason": N_("Ghi vì sao hủy, trong 200 ký tự.")})
    before = db.session.scalar(select(PointMove.id).where(PointMove.undoes_id == move.id))
    if before is not None or move.kind is MoveKind.UNDONE:
        raise UndoneAlready
    if move.kind is MoveKind.RECEIVED:
        _take(point, move.variant_id, move.units)
    else:
        _add(point, move.variant_id, move.units)
    back = PointMove(
        key=f"undo:{move.code}", code=f"DX{random_code(8)}", point_id=point.id, variant_id=move.variant_id,
        kind=MoveKind.UNDONE, units=move.units, day=day_of(at), note=words, undoes_id=move.id, at=at, by=by.name,
    )  # fmt: skip
    return _written(back, point, move.code, by, at)


def show_good(*, slug: str, listing: str, by: Actor, at: datetime) -> None:
    """Put a product on display at one's own point."""
    display(_own(slug, by), listing, by=by, at=at)


def hide_good(*, slug: str, listing: str, by: Actor, at: datetime) -> None:
    """Take a product off display at one's own point."""
    take_off(_own(slug, by), listing, by=by, at=at)


def _own(slug: str, by: Actor) -> ShowcasePoint:
    """The actor's own point, held until the block ends: what two people write there comes one after the other."""
    if not KEEP_DESK.held_by(by):
        raise Forbidden
    point = get_own_point(slug, by=by, hold=True)
    if point.state is PointState.DRAFT:
        raise NotFound
    return point


def _on_display(point: ShowcasePoint, variant: Variant, by: Actor, at: datetime) -> None:
    """What is received must be public; where it is not, that is said of the SKU."""
    try:
        display(point, variant.listing.slug, by=by, at=at)
    except Invalid as refused:
        raise Invalid({"sku": refused.fields["listing"]}) from refused


def _price(facts: MoveFacts) -> Money | None:
    """What one unit brought; only what is sold brings anything."""
    return facts.unit_price if facts.kind is MoveKind.SOLD else None


def _tells(move: PointMove, point: ShowcasePoint, facts: MoveFacts) -> bool:
    """Whether a move is what these facts say."""
    there = (move.point_id, move.variant.sku, move.kind, move.units, move.unit_price, move.day, move.note)
    said = (point.id, facts.sku, facts.kind, facts.units, _price(facts), facts.day, nfc(facts.note))
    return there == said


def _checked(facts: MoveFacts, at: datetime) -> Variant:
    errors = {}
    if facts.kind not in BY_HAND:
        errors["kind"] = N_("Chọn một mục trong danh sách.")
    if not 0 < facts.units <= MOST_UNITS:
        errors["units"] = N_("Nhập số từ 1 đến 100.000.")
    if facts.day > day_of(at):
        errors["day"] = N_("Ngày này chưa tới.")
    priced = facts.unit_price is not None and Money(0) <= facts.unit_price <= MOST_PRICE
    if facts.kind is MoveKind.SOLD and not priced:
        errors["unit_price"] = N_("Nhập giá bán mỗi đơn vị, bằng đồng.")
    if len(nfc(facts.note)) > 200:
        errors["note"] = N_("Ghi chú trong 200 ký tự.")
    if errors:
        raise Invalid(errors)
    try:
        return get_variant(facts.sku)
    except NotFound as error:
        raise Invalid({"sku": N_("Không có mã hàng này trên chợ.")}) from error


def _add(point: ShowcasePoint, variant_id: int, units: int) -> None:
    """The point is held, so nobody else makes the row meanwhile."""
    row = db.session.get(PointStock, (point.id, variant_id))
    if row is None:
        db.session.add(PointStock(point_id=point.id, variant_id=variant_id, units=units))
        db.session.flush()
    else:
        _shift(point, variant_id, units)


def _take(point: ShowcasePoint, variant_id: int, units: int) -> None:
    if _shift(point, variant_id, -units) != 1:
        raise NotSoMany


def _shift(point: ShowcasePoint, variant_id: int, units: int) -> int:
    """One conditional UPDATE decides: never below zero."""
    return rows_changed(
        update(PointStock)
        .where(PointStock.point_id == point.id, PointStock.variant_id == variant_id, PointStock.units + units >= 0)
        .values(units=PointStock.units + units)
    )


def _written(move: PointMove, point: ShowcasePoint, what: str, by: Actor, at: datetime) -> PointMove:
    db.session.add(move)
    db.session.flush()
    detail = {"what": what, "units": move.units, "move": move.code}
    record(by=by, action=f"showcase.{move.kind}", subject_type="showcase", subject=point.slug, at=at, detail=detail)
    return move
