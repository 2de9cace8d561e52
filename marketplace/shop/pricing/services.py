"""Setting terms."""

from datetime import datetime

from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.pricing.models import ShopTerms
from marketplace.shop.pricing.rules import Terms

HIGHEST_MINIMUM = Money(50_000_000)
LONGEST = 60  # days


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
