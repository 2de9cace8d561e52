"""What waits at the office and what has been decided: proposals, a page's history, rest, how far fresh goods travel."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.people.accounts.queries import find_user
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.queries import get_kept, variants_of
from marketplace.shop.catalog.rules import Unit, season_begins
from marketplace.shop.catalog.services import (
    SellingTerms,
    approve_proposal,
    rest_listing,
    return_proposal,
    save_terms,
    set_price,
)
from marketplace.shop.catalog.services.editing import edit

WAITING = (  # whose, which page, what they would have it say, how many days ago
    (
        "producer@demo.test",
        "Miến dong rong giấy Bình Lư cuộn tròn",
        {
            "summary": "Sợi mảnh cuộn tròn từng vắt, trụng ba phút là ăn.",
            "summary_en": "Thin nests, ready in three minutes.",
        },
        6,
    ),
    (
        "producer2@demo.test",
        "Hồng trà Tân Phong ủ gỗ",
        {
            "name": "Hồng trà cổ thụ Tân Phong ủ gỗ",
            "usage": "Tráng nước sôi, hãm 95 °C trong hai phút, uống được sáu nước",
        },
        2,
    ),
)
RETURNED = (
    "producer2@demo.test",
    "Bạch trà Tân Phong búp non",
    {"summary": "Búp non phơi sương, chữa mất ngủ."},
    "Không được nói chữa bệnh: trà là thực phẩm. Hãy nói mùi, vị và cách làm.",
    4,
)
CHANGED = (  # decided long ago: the page's history
    ({"summary": "Bánh nướng than hoa, giòn và bùi."}, 75),
    ({"summary": "Bánh nướng than hoa từng mẻ nhỏ, giòn và bùi."}, 40),
)
HISTORY_OF = "Bánh dong riềng nướng than"
RESTING = "Dâu tây Mường Than"
TERMS = {
    "Miến dong Bình Lư sợi mộc": SellingTerms(capacity_per_month=1200, capacity_unit=Unit.KILOGRAM),
    "Chè Shan tuyết Tân Phong một tôm hai lá": SellingTerms(capacity_per_month=80, capacity_unit=Unit.KILOGRAM),
    "Cốm nếp non Khổng Lào": SellingTerms(max_transit_days=3, capacity_per_month=60, capacity_unit=Unit.KILOGRAM),
    "Rau dớn suối Pắc Ta": SellingTerms(max_transit_days=3, delivery_radius_km=120),
    "Cá hồi vân Tả Lèng": SellingTerms(max_transit_days=4),
    "Vịt bầu suối Lê Lợi làm sạch": SellingTerms(delivery_radius_km=150),
}


def make_moderation(*, by: Actor, at: datetime) -> None:
    """Make proposals that wait and one returned, a page with a history, one that rests, limits: in the open block."""
    officer = _person("province@demo.test")
    for email, name, wanted, days in WAITING:
        _say(name, wanted, by=_person(email), at=at - timedelta(days=days))
    email, name, wanted, remark, days = RETURNED
    slug = _say(name, wanted, by=_person(email), at=at - timedelta(days=days))
    return_proposal(slug=slug, seen=1, remark=remark, by=officer, at=at - timedelta(days=days - 1))
    _a_history(officer, at)
    _at_rest(by, at)
    for name, terms in TERMS.items():
        save_terms(slug=_slug(name), terms=terms, by=by, at=at - timedelta(days=20))


def _a_history(officer: Actor, at: datetime) -> None:
    """Two changes proposed and approved, and a price."""
    maker = _person("producer@demo.test")
    for wanted, days in CHANGED:
        then = at - timedelta(days=days)
        slug = _say(HISTORY_OF, wanted, by=maker, at=then)
        approve_proposal(slug=slug, seen=1, by=officer, at=then + timedelta(days=1))
    listing = get_kept(_slug(HISTORY_OF), by=maker)
    variant = variants_of([listing.id])[listing.id][0]
    raised = Money(variant.price.amount + 2000)
    set_price(sku=variant.sku, price=raised, by=maker, at=at - timedelta(days=12))


def _at_rest(by: Actor, at: datetime) -> None:
    """Out of season until its first day; in season, for three weeks."""
    listing, today = get_kept(_slug(RESTING), by=by), day_of(at)
    back_on = season_begins(listing.season, today) or today + timedelta(days=21)
    rest_listing(slug=listing.slug, back_on=back_on, by=by, at=at)


def _say(name: str, wanted: dict[str, Any], *, by: Actor, at: datetime) -> str:
    slug = _slug(name)
    edit(get_kept(slug, by=by, hold=True), wanted, action="listing.texts", by=by, at=at)
    return slug


def _slug(name: str) -> str:
    return db.session.scalars(select(Listing.slug).where(Listing.name == name)).one()


def _person(email: str) -> Actor:
    user = find_user(email)
    assert user is not None
    return user.actor()
