"""Flash sales: planned, ended, and their units counted by conditional UPDATEs as orders are placed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept_variant
from marketplace.shop.pricing.models import FlashSale
from marketplace.shop.pricing.queries import get_sale
from marketplace.shop.pricing.rules import Phase

SALE_TURNS = "pricing.sale_turns"
LONGEST = timedelta(days=31)
MOST_UNITS = 1_000_000


class SaleOver(Conflict):
    """The flash sale has ended already."""

    code = "sale_over"
    message = N_("Đợt giảm giá này đã kết thúc rồi.")


class SaleSoldOut(Conflict):
    """The last units at the lower price went while the buyer was looking: nothing was placed, all is kept."""

    code = "sale_sold_out"
    message = N_("Giá chớp nhoáng vừa hết suất. Chưa đặt gì cả: hãy xem lại giá rồi bấm đặt.")


@dataclass(frozen=True)
class SaleFacts:
    """A price for a while; `units` None: for as many as there are."""

    price: Money
    starts_at: datetime
    ends_at: datetime
    units: int | None = None


def plan_sale(*, sku: str, facts: SaleFacts, by: Actor, at: datetime) -> FlashSale:
    """Sell an own variant cheaper for a while; raises Invalid with every field that will not do.

    Holds the variant, so that of two at once one sees the other: at most one runs at an instant. The index learns of
    start and end by a job at each; pages and carts need none.
    """
    if not KEEP_OWN_SHOP.held_by(by):
        raise Forbidden
    variant = get_kept_variant(sku, by=by, hold=True)
    _check(variant, facts, at)
    sale = FlashSale(
        code=random_code(8),
        variant_id=variant.id,
        price=facts.price,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        units=facts.units,
        created_at=at,
    )
    db.session.add(sale)
    db.session.flush()
    for turn in (facts.starts_at, facts.ends_at):
        payload = {"listing": variant.listing_id}
        enqueue(name=SALE_TURNS, key=f"{SALE_TURNS}:{sale.code}:{turn}", at=at, due_at=turn, payload=payload)
    changed("listing", variant.listing_id, at=at)
    detail = {"sale": sale.code, "price": sale.price.amount, "units": sale.units}
    record(by=by, action="variant.sale_planned", subject_type="variant", subject=sku, at=at, detail=detail)
    return sale


def _check(variant: Variant, facts: SaleFacts, at: datetime) -> None:
    wrong = {}
    if variant.weight_g is None:
        wrong["sku"] = N_("Dịch vụ không có giá chớp nhoáng.")
    if not Money(0) < facts.price < variant.price:
        wrong["price"] = N_("Giá chớp nhoáng phải thấp hơn giá lẻ.")
    if facts.units is not None and not 1 <= facts.units <= MOST_UNITS:
        wrong["units"] = N_("Từ 1 đến 1 triệu món; để trống là không giới hạn.")
    if facts.ends_at <= max(facts.starts_at, at):
        wrong["ends_at"] = N_("Lúc kết thúc phải sau lúc bắt đầu, và chưa qua.")
    elif facts.ends_at - facts.starts_at > LONGEST:
        wrong["ends_at"] = N_("Một đợt chạy nhiều nhất 31 ngày.")
    elif _overlaps(variant.id, facts):
        wrong["starts_at"] = N_("Món này đã có một đợt giảm giá trong khoảng ấy.")
    if wrong:
        raise Invalid(wrong)


def _overlaps(variant_id: int, facts: SaleFacts) -> bool:
    there = select(FlashSale.id).where(
        FlashSale.variant_id == variant_id,
        FlashSale.starts_at < facts.ends_at,
        FlashSale.ends_at > facts.starts_at,
        FlashSale.starts_at < FlashSale.ends_at,
    )
    return db.session.scalar(there.limit(1)) is not None


def end_sale(*, code: str, by: Actor, at: datetime) -> None:
    """Let a flash sale end now; orders placed in it keep their price. Raises SaleOver where it has ended."""
    if not KEEP_OWN_SHOP.held_by(by):
        raise Forbidden
    sale = get_sale(code, get_own(by).id, hold=True)
    if sale.phase(at) is Phase.ENDED:
        raise SaleOver
    sale.ends_at = max(at, sale.starts_at)
    changed("listing", sale.variant.listing_id, at=at)
    detail = {"sale": code}
    record(by=by, action="variant.sale_ended", subject_type="variant", subject=sale.variant.sku, at=at, detail=detail)


def sell(quantities: Mapping[int, int], *, at: datetime) -> None:
    """Count units (sale id to quantity) as sold at the lower price, all or none: raises SaleSoldOut.

    Rows are taken in ascending order of their ids, so that two orders never wait for each other.
    """
    for sale_id in sorted(quantities):
        wanted = quantities[sale_id]
        room = update(FlashSale).where(
            FlashSale.id == sale_id,
            FlashSale.ends_at > at,
            FlashSale.units.is_(None) | (FlashSale.sold + wanted <= FlashSale.units),
        )
        if rows_changed(room.values(sold=FlashSale.sold + wanted)) != 1:
            raise SaleSoldOut
    _tell_full(quantities, at)


def put_back_sold(quantities: Mapping[int, int], *, at: datetime) -> None:
    """Return units that were not delivered after all to their sales."""
    _tell_full(quantities, at)
    for sale_id in sorted(quantities):
        less = update(FlashSale).where(FlashSale.id == sale_id, FlashSale.sold >= quantities[sale_id])
        rows_changed(less.values(sold=FlashSale.sold - quantities[sale_id]))


def _tell_full(quantities: Mapping[int, int], at: datetime) -> None:
    """The index learns of a sale that has no units left, and of one that had none."""
    full = select(Variant.listing_id).join(FlashSale, FlashSale.variant_id == Variant.id)
    full = full.where(FlashSale.id.in_(quantities), FlashSale.sold == FlashSale.units)
    for listing_id in sorted(set(db.session.scalars(full)) if quantities else ()):
        changed("listing", listing_id, at=at)
