"""How a listing is sold: when it rests and is back, how much can be made, how far and how long it may travel."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.catalog.services.editing import LOOKED_AT, Edited, edit

LONGEST_REST = timedelta(days=400)
MOST_A_MONTH = 10_000_000
LONGEST_TRANSIT, WIDEST_RADIUS = 60, 3000


class NotResting(Conflict):
    """Nothing rests here, or the page was never shown."""

    code = "not_resting"
    message = N_("Trang này không nghỉ, hoặc chưa từng đăng.")


@dataclass(frozen=True)
class SellingTerms:
    """How much can be made in a month, and how goods may travel: days at most, kilometres from the maker's commune."""

    capacity_per_month: int | None = None
    capacity_unit: Unit | None = None
    max_transit_days: int | None = None
    delivery_radius_km: int | None = None


def save_terms(*, slug: str, terms: SellingTerms, by: Actor, at: datetime) -> Edited:
    """Change how much is made and how far it may travel; facts, so they apply at once."""
    listing = get_kept(slug, by=by, hold=True)
    _check(terms)
    if product_set(listing.product.set_code).service and (terms.max_transit_days or terms.delivery_radius_km):
        raise Invalid({"max_transit_days": N_("Dịch vụ không gửi đi đâu cả.")})
    return edit(listing, dict(terms.__dict__), action="listing.terms", by=by, at=at)


def rest_listing(*, slug: str, back_on: date, by: Actor, at: datetime) -> None:
    """Let a page that was shown rest until a day: it stays public, nothing of it is sold; on that day it is again."""
    listing = _shown(slug, by)
    today = day_of(at)
    if not today < back_on <= today + LONGEST_REST:
        raise Invalid({"back_on": N_("Chọn một ngày sau hôm nay, trong vòng 400 ngày.")})
    listing.back_on = back_on
    _rested(listing, "rested", {"back_on": back_on.isoformat()}, by=by, at=at)


def wake_listing(*, slug: str, by: Actor, at: datetime) -> None:
    """Sell what rests from now on, before the day that was said."""
    listing = _shown(slug, by)
    if listing.resting(day_of(at)) is None:
        raise NotResting
    listing.back_on = None
    _rested(listing, "woken", {}, by=by, at=at)


def _shown(slug: str, by: Actor) -> Listing:
    listing = get_kept(slug, by=by, hold=True)
    if listing.state not in LOOKED_AT:
        raise NotResting
    return listing


def _rested(listing: Listing, what: str, detail: dict[str, str], *, by: Actor, at: datetime) -> None:
    changed("listing", listing.id, at=at)
    record(by=by, action=f"listing.{what}", subject_type="listing", subject=listing.slug, at=at, detail=detail)


def _check(terms: SellingTerms) -> None:
    if (terms.capacity_per_month is None) != (terms.capacity_unit is None):
        raise Invalid({"capacity_per_month": N_("Sức làm gồm cả số và đơn vị.")})
    for code, most, sentence in (
        ("capacity_per_month", MOST_A_MONTH, N_("Nhập một số nguyên, từ 1.")),
        ("max_transit_days", LONGEST_TRANSIT, N_("Nhập số ngày, từ 1 đến 60.")),
        ("delivery_radius_km", WIDEST_RADIUS, N_("Nhập số ki-lô-mét, từ 1 đến 3.000.")),
    ):
        value = getattr(terms, code)
        if value is not None and not 1 <= value <= most:
            raise Invalid({code: sentence})
