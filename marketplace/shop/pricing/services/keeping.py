"""Setting terms and prices."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert

from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept_variant
from marketplace.shop.catalog.services import set_price
from marketplace.shop.pricing.models import PriceTier, ShopTerms
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Terms, Tier, check_tiers

HIGHEST_MINIMUM = Money(50_000_000)
LONGEST = 60  # days


class NoWholesale(Conflict):
    """A service is agreed upon day by day, not bought by the dozen."""

    code = "no_wholesale"
    message = N_("Dịch vụ không có giá theo số lượng.")


def set_terms(*, terms: Terms, by: Actor, at: datetime) -> None:
    """Say what the acting producer asks of an order from now on; orders placed before keep what was agreed."""
    if not KEEP_OWN_SHOP.held_by(by):
        raise Forbidden
    first, last = terms.ready_days
    if not Money(0) <= terms.minimum_order <= HIGHEST_MINIMUM:
        raise Invalid({"minimum_order": N_("Đơn tối thiểu từ 0 đến 50 triệu đồng.")})
    if not 0 <= first <= last <= LONGEST:
        raise Invalid({"ready_until": N_("Số ngày chuẩn bị từ 0 đến 60, “đến” không nhỏ hơn “từ”.")})
    producer = get_own(by)
    row = db.session.get(ShopTerms, producer.id)
    if row is None:
        row = ShopTerms(producer_id=producer.id)
        db.session.add(row)
    row.minimum_order, row.ready_from, row.ready_until = terms.minimum_order, first, last
    detail = {"minimum_order": terms.minimum_order.amount, "ready_days": [first, last]}
    record(by=by, action="shop.terms_set", subject_type="producer", subject=producer.slug, at=at, detail=detail)


def set_tiers(*, sku: str, tiers: Sequence[Tier], by: Actor, at: datetime) -> None:
    """Say what a variant costs from which quantities on; an empty row of tiers takes them away.

    Holds the variant as a change of its price does: an order is placed before it, or refused and looked at anew.
    """
    variant = get_kept_variant(sku, by=by, hold=True)
    if variant.weight_g is None:
        raise NoWholesale
    check_tiers(tiers, retail=variant.price)
    before = tiers_of([variant.id]).get(variant.id, ())
    if tuple(tiers) == before:
        return
    db.session.execute(delete(PriceTier).where(PriceTier.variant_id == variant.id))
    db.session.add_all(
        PriceTier(variant_id=variant.id, position=n, from_quantity=tier.from_quantity, price=tier.price)
        for n, tier in enumerate(tiers, start=1)
    )
    db.session.flush()
    changed("listing", variant.listing_id, at=at)
    detail = {"from": _shown(before), "to": _shown(tiers)}
    record(by=by, action="variant.tiers_set", subject_type="variant", subject=sku, at=at, detail=detail)


def change_price(*, sku: str, price: Money, by: Actor, at: datetime) -> None:
    """Change a variant's retail price; refused where a wholesale price would no longer be below it."""
    set_price(sku=sku, price=price, by=by, at=at)
    variant = get_kept_variant(sku, by=by)
    tiers = tiers_of([variant.id]).get(variant.id, ())
    if tiers and tiers[0].price >= price:
        raise Invalid({"price": N_("Giá lẻ phải cao hơn giá sỉ. Sửa các mức giá sỉ trước.")})


def replace_tiers(tiers: Mapping[int, Sequence[Tier]]) -> None:
    """Set the prices by quantity of many variants, by their ids; they are held and were checked (`check_tiers`)."""
    if not tiers:
        return
    db.session.execute(delete(PriceTier).where(PriceTier.variant_id.in_(list(tiers))))
    rows = [
        {"variant_id": variant_id, "position": n, "from_quantity": tier.from_quantity, "price": tier.price}
        for variant_id, inside in tiers.items()
        for n, tier in enumerate(inside, start=1)
    ]
    if rows:
        db.session.execute(insert(PriceTier), rows)


def _shown(tiers: Sequence[Tier]) -> list[list[int]]:
    return [[tier.from_quantity, tier.price.amount] for tier in tiers]
