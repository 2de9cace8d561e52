"""What a producer offers wholesale of a listing: written, opened, paused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import get_kept, variants_of
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.demands.models import Storage
from marketplace.trade.demands.rules import DEMAND_UNITS, MOST_AMOUNT
from marketplace.trade.distributors.models import DistributorKind
from marketplace.trade.offers.models import TRANSITIONS, OfferState, WholesaleOffer
from marketplace.trade.offers.policies import KEEP_OWN_OFFERS
from marketplace.trade.offers.queries import SUPPLIED, find_offer
from marketplace.trade.offers.rules import content_of, is_gtin

LONGEST_NOTE = 2000
NOTHING = Money(0)
SAME = (
    "unit least_order lead_days most_payment_days most_discount most_listing_fee consignment exclusive invoice barcode"
    " traceability storage first_time note note_en"
)


class NotSupplied(Conflict):
    """Only goods that the public has seen are offered wholesale, and services are not goods."""

    code = "not_supplied"
    message = N_("Chỉ chào bán sỉ được hàng hóa đã đăng trang bán.")


class NotNow(Conflict):
    """In the offer's state this cannot be done to it."""

    code = "offer_state"
    message = N_("Lời chào này đang ở trạng thái khác nên chưa làm được việc này.")


@dataclass(frozen=True)
class OfferTerms:
    """What can be supplied. Twelve months, January first, and `least_order` in `unit`; None is open to talk."""

    sku: str
    unit: Unit | None
    capacity: tuple[int, ...]
    committed: tuple[int, ...]
    least_order: int | None
    lead_days: int | None
    storage: Storage
    most_payment_days: int | None = None
    most_discount: int | None = None
    most_listing_fee: Money | None = None
    consignment: bool = False
    exclusive: bool = False
    invoice: bool = False
    barcode: str = ""
    traceability: bool = False
    channels: tuple[str, ...] = ()
    first_time: bool = True
    note: str = ""
    note_en: str = ""


def save_offer(*, slug: str, terms: OfferTerms, by: Actor, at: datetime) -> WholesaleOffer:
    """Write what the acting producer offers of one of its listings; a new offer is a draft until it is opened."""
    listing = _own(slug, by)
    if listing.state not in SUPPLIED or product_set(listing.product.set_code).service:
        raise NotSupplied
    variant = next((v for v in variants_of([listing.id]).get(listing.id, []) if v.sku == terms.sku), None)
    said = replace(terms, note=terms.note.strip()[:LONGEST_NOTE], note_en=terms.note_en.strip()[:LONGEST_NOTE])
    wrong = _wrong(said, variant)
    if wrong or variant is None:
        raise Invalid(wrong)
    offer = find_offer(listing.id, hold=True)
    if offer is None:
        code = f"CS{random_code(8)}"
        offer = WholesaleOffer(code=code, listing_id=listing.id, state=OfferState.DRAFT, created_at=at)
        db.session.add(offer)
    for name in SAME.split():
        setattr(offer, name, getattr(said, name))
    offer.variant_id, offer.changed_at = variant.id, at
    offer.capacity, offer.committed = list(said.capacity), list(said.committed)
    offer.channels = [kind.value for kind in DistributorKind if kind.value in said.channels]
    db.session.flush()
    record(by=by, action="offer.saved", subject_type="offer", subject=offer.code, at=at, detail={"listing": slug})
    return offer


def move_offer(*, slug: str, to: OfferState, by: Actor, at: datetime) -> WholesaleOffer:
    """Open an own offer to distributors, or pause it."""
    listing = _own(slug, by)
    offer = find_offer(listing.id, hold=True)
    if offer is None:
        raise NotFound
    if to not in TRANSITIONS[offer.state]:
        raise NotNow
    offer.state, offer.changed_at = to, at
    verb = "opened" if to is OfferState.OPEN else "paused"
    record(by=by, action=f"offer.{verb}", subject_type="offer", subject=offer.code, at=at, detail={"listing": slug})
    db.session.flush()
    return offer


def _own(slug: str, by: Actor) -> Listing:
    if not KEEP_OWN_OFFERS.held_by(by):
        raise Forbidden
    return get_kept(slug, by=by)


def _wrong(terms: OfferTerms, variant: Variant | None) -> dict[str, str]:
    return {**_wrong_terms(terms), **_wrong_months(terms), **_wrong_goods(terms, variant)}


def _wrong_goods(terms: OfferTerms, variant: Variant | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if variant is None:
        wrong["sku"] = N_("Chọn quy cách trong danh sách.")
    if terms.unit not in DEMAND_UNITS:
        wrong["unit"] = N_("Chọn đơn vị.")
    elif variant is not None and content_of(variant.net_quantity, variant.net_unit, terms.unit) is None:
        wrong["unit"] = N_("Quy cách này không đo bằng đơn vị đã chọn; chọn đơn vị khác để nơi mua so được giá.")
    if terms.barcode and not is_gtin(terms.barcode):
        wrong["barcode"] = N_("Mã vạch có 8, 12, 13 hoặc 14 chữ số; số cuối là số kiểm tra và chưa khớp.")
    if not set(terms.channels) <= set(DistributorKind):
        wrong["channels"] = N_("Chọn các nơi bán trong danh sách.")
    return wrong


def _wrong_months(terms: OfferTerms) -> dict[str, str]:
    """What is wrong with a month is said by month, `committed_3`; what is wrong with the year by `capacity`."""
    wrong: dict[str, str] = {}
    for name, figures in (("capacity", terms.capacity), ("committed", terms.committed)):
        if len(figures) != 12:
            wrong[name] = N_("Nhập một số nguyên từ 0 cho mỗi tháng.")
        for month, figure in enumerate(figures, 1):
            if not 0 <= figure <= MOST_AMOUNT:
                wrong[f"{name}_{month}"] = N_("Nhập một số nguyên từ 0 đến một tỷ.")
    if wrong:
        return wrong
    if not any(terms.capacity):
        return {"capacity": N_("Cho biết ít nhất một tháng làm được bao nhiêu.")}
    for month, (made, promised) in enumerate(zip(terms.capacity, terms.committed, strict=True), 1):
        if promised > made:
            wrong[f"committed_{month}"] = N_("Đã hứa nhiều hơn làm được.")
    return wrong


def _wrong_terms(terms: OfferTerms) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if terms.least_order is None or not 1 <= terms.least_order <= MOST_AMOUNT:
        wrong["least_order"] = N_("Nhập một số nguyên, từ 1.")
    if terms.lead_days is None or not 0 <= terms.lead_days <= 120:
        wrong["lead_days"] = N_("Số ngày từ 0 đến 120.")
    if terms.most_payment_days is not None and not 0 <= terms.most_payment_days <= 180:
        wrong["most_payment_days"] = N_("Số ngày từ 0 đến 180.")
    if terms.most_discount is not None and not 0 <= terms.most_discount <= 60:
        wrong["most_discount"] = N_("Chiết khấu từ 0 đến 60%.")
    if terms.most_listing_fee is not None and terms.most_listing_fee < NOTHING:
        wrong["most_listing_fee"] = N_("Phí mở mã từ 0.")
    return wrong


def promise(*, offer_id: int, volumes: Sequence[int], at: datetime) -> None:
    """Add what a contract takes of each month, January first, to what an offer has promised."""
    _promised(offer_id, volumes, 1, at)


def take_back(*, offer_id: int, volumes: Sequence[int], at: datetime) -> None:
    """Take what a contract took off what an offer has promised; never below nothing. An offer that is gone stays so."""
    _promised(offer_id, volumes, -1, at)


def _promised(offer_id: int, volumes: Sequence[int], sign: int, at: datetime) -> None:
    offer = db.session.scalar(held(select(WholesaleOffer).where(WholesaleOffer.id == offer_id), WholesaleOffer))
    if offer is not None:
        pairs = zip(offer.committed, volumes, strict=True)
        offer.committed = [max(promised + sign * volume, 0) for promised, volume in pairs]
        offer.changed_at = at
