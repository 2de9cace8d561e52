"""What is sold on a listing: adding, changing, retiring variants, setting prices."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.policies import keeps
from marketplace.shop.catalog.queries import get_kept_variant
from marketplace.shop.catalog.rules import STARLESS, Packaging, Unit, compose_label, speaks_of_stars
from marketplace.shop.catalog.services.editing import SHOWN_TO_OTHERS

HIGHEST_PRICE = Money(1_000_000_000)
MOST_VARIANTS = 20
MOST_IN_ORDER = 999
HEAVIEST = 1_000_000  # grams
MOST_NET = 1_000_000_000  # of any unit


class LastVariant(Conflict):
    """A page that others see keeps at least one thing for sale."""

    code = "last_variant"
    message = N_("Trang đang hiện cần ít nhất một quy cách. Hãy tạm ngừng bán trước.")


@dataclass(frozen=True)
class VariantFacts:
    """What a variant is beside its price. An empty label is composed of the attributes in both languages."""

    label: str = ""
    label_en: str = ""
    weight_g: int | None = None
    net_quantity: int | None = None
    net_unit: Unit | None = None
    packaging: Packaging | None = None
    grade: str = ""
    grade_en: str = ""
    least_quantity: int = 1
    most_quantity: int | None = None
    capacity_per_day: int | None = None
    position: int = 0


def add_variant(
    *,
    listing_id: int,
    label: str = "",
    price: Money,
    by: Actor,
    at: datetime,
    sku: str = "",
    label_en: str = "",
    weight_g: int | None = None,
    position: int = 0,
    facts: VariantFacts | None = None,
) -> Variant:
    """Add what is sold. Goods have a shipping weight in grams; a service has none. Without a SKU it gets one."""
    listing = db.session.get(Listing, listing_id, with_for_update=True)
    if listing is None:
        raise NotFound
    product = db.session.get_one(Product, listing.product_id)
    if not keeps(by, db.session.get_one(Producer, product.producer_id)):
        raise Forbidden
    given = facts or VariantFacts()
    if facts is None:
        given = VariantFacts(label=label, label_en=label_en, weight_g=weight_g, position=position)
    if _count(listing_id) >= MOST_VARIANTS:
        raise Invalid({"label": N_("Nhiều nhất 20 quy cách một trang.")})
    variant = Variant(sku=sku or f"V{random_code(8)}", listing_id=listing_id, price=price)
    _check_price(price)
    _write(variant, given, service=product_set(product.set_code).service)
    db.session.add(variant)
    db.session.flush()
    changed("listing", listing_id, at=at)
    detail = {"price": price.amount}
    record(by=by, action="variant.added", subject_type="variant", subject=variant.sku, at=at, detail=detail)
    return variant


def change_variant(*, sku: str, facts: VariantFacts, by: Actor, at: datetime) -> Variant:
    """Change what a variant is; its price and place in the row stay."""
    variant = get_kept_variant(sku, by=by, hold=True)
    service = product_set(variant.listing.product.set_code).service
    _write(variant, replace(facts, position=variant.position), service=service)
    if variant.listing.state in SHOWN_TO_OTHERS and not service and variant.net_quantity is None:
        raise Invalid({"net_quantity": N_("Nhập lượng tịnh: người mua cần biết được bao nhiêu.")})
    changed("listing", variant.listing_id, at=at)
    record(by=by, action="variant.changed", subject_type="variant", subject=sku, at=at)
    return variant


def retire_variant(*, sku: str, by: Actor, at: datetime) -> None:
    """Take a variant off its page for good; orders that hold it keep it."""
    variant = get_kept_variant(sku, by=by, hold=True)
    if variant.listing.state in SHOWN_TO_OTHERS and _count(variant.listing_id) <= 1:
        raise LastVariant
    variant.active = False
    changed("listing", variant.listing_id, at=at)
    record(by=by, action="variant.retired", subject_type="variant", subject=sku, at=at)


def restore_variant(*, sku: str, by: Actor, at: datetime) -> None:
    """Put a variant that was taken off its page back on it."""
    variant = get_kept_variant(sku, by=by, hold=True, retired=True)
    if variant.active:
        return
    if _count(variant.listing_id) >= MOST_VARIANTS:
        raise Invalid({"active": N_("Nhiều nhất 20 quy cách một trang.")})
    service = product_set(variant.listing.product.set_code).service
    if variant.listing.state in SHOWN_TO_OTHERS and not service and variant.net_quantity is None:
        raise Invalid({"active": N_("Nhập lượng tịnh: người mua cần biết được bao nhiêu.")})
    variant.active = True
    changed("listing", variant.listing_id, at=at)
    record(by=by, action="variant.restored", subject_type="variant", subject=sku, at=at)


def set_price(*, sku: str, price: Money, by: Actor, at: datetime) -> None:
    """Change what a variant costs, in dong, from now on; baskets are told, orders keep what was agreed."""
    variant = get_kept_variant(sku, by=by, hold=True)
    _check_price(price)
    if variant.price == price:
        return
    detail = {"from": variant.price.amount, "to": price.amount}
    variant.price = price
    changed("listing", variant.listing_id, at=at)
    record(by=by, action="variant.priced", subject_type="variant", subject=sku, at=at, detail=detail)


def _check_price(price: Money) -> None:
    if not Money(0) < price <= HIGHEST_PRICE:
        raise Invalid({"price": N_("Giá từ 1 đồng đến 1 tỉ đồng.")})


def _count(listing_id: int) -> int:
    query = select(func.count(Variant.id)).where(Variant.listing_id == listing_id, Variant.active)
    return db.session.scalar(query) or 0


def _write(variant: Variant, facts: VariantFacts, *, service: bool) -> None:
    _check(facts, service=service)
    composed = compose_label(
        quantity=facts.net_quantity,
        unit=facts.net_unit,
        packaging=facts.packaging,
        grade=nfc(facts.grade),
        grade_en=nfc(facts.grade_en),
    )
    label = nfc(facts.label)
    if not label and not composed[0]:
        raise Invalid({"label": N_("Đặt tên quy cách, hoặc nhập lượng tịnh để tên tự ghép.")})
    variant.label = label or composed[0]
    variant.label_en = nfc(facts.label_en) or ("" if label else composed[1])
    variant.weight_g = facts.weight_g
    variant.net_quantity, variant.net_unit, variant.packaging = facts.net_quantity, facts.net_unit, facts.packaging
    variant.grade, variant.grade_en = nfc(facts.grade), nfc(facts.grade_en)
    variant.least_quantity, variant.most_quantity = facts.least_quantity, facts.most_quantity
    variant.capacity_per_day = facts.capacity_per_day
    variant.position = facts.position


def _check(facts: VariantFacts, *, service: bool) -> None:
    for name in ("label", "label_en", "grade", "grade_en"):
        if speaks_of_stars(getattr(facts, name)):
            raise Invalid({name: STARLESS})
    if (facts.weight_g is None) != service:
        raise Invalid({"weight_g": N_("Hàng hóa cần khối lượng gửi; dịch vụ thì không.")})
    if facts.weight_g is not None and not 1 <= facts.weight_g <= HEAVIEST:
        raise Invalid({"weight_g": N_("Khối lượng gửi từ 1 đến 1.000.000 gam.")})
    if facts.net_quantity is not None and not 1 <= facts.net_quantity <= MOST_NET:
        raise Invalid({"net_quantity": N_("Nhập lượng tịnh bằng số, ví dụ 500 hay 0,5 kg.")})
    if (facts.net_quantity is None) != (facts.net_unit is None):
        raise Invalid({"net_quantity": N_("Lượng tịnh gồm cả số và đơn vị.")})
    if facts.capacity_per_day is not None and not service:
        raise Invalid({"capacity_per_day": N_("Chỉ dịch vụ mới có số chỗ mỗi ngày.")})
    if not 1 <= facts.least_quantity <= MOST_IN_ORDER:
        raise Invalid({"least_quantity": N_("Mua ít nhất từ 1 đến 999.")})
    if facts.most_quantity is not None and not facts.least_quantity <= facts.most_quantity <= MOST_IN_ORDER:
        raise Invalid({"most_quantity": N_("Mua nhiều nhất phải từ số ít nhất đến 999.")})
