"""What speaks for showing which product: every public product judged by the same parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import PublicListing, list_public, public, variants_of
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.trade.promotion.models import Place, Placement, PlacementDay
from marketplace.trade.promotion.queries import begun_before
from marketplace.trade.promotion.rules import Facts, Score, score, share

LOOKED_BACK = timedelta(days=90)
SEEN_BACK = timedelta(days=30)
POOL = 200  # whose stock is looked up: those that lead without it
FELL_THROUGH = (PartState.DECLINED, PartState.CANCELLED, PartState.RETURNED, PartState.UNDELIVERED)


@dataclass(frozen=True)
class Suggestion:
    """A product that might be shown, with what speaks for it."""

    public: PublicListing
    score: Score


@dataclass(frozen=True)
class _Known:
    """What is known of a product before its stock: read without its page."""

    listing_id: int
    stars: int
    published_at: datetime | None
    commune_id: int
    district_id: int | None


def suggest(place: Place, *, at: datetime, sets: frozenset[str] = frozenset(), limit: int = 20) -> list[Suggestion]:
    """What to show at a place, the most points first; not what is shown there or soon will be, nor what is sold out.

    `sets`: only products of these. Districts count as they were before July 2025; a product of a commune without one
    counts for its commune.
    """
    query = public(day_of(at))
    if sets:
        query = query.where(Product.set_code.in_(sets))
    ranked = _ranked(query, at=at)
    taken = begun_before([each.public.listing.id for each in ranked], place, on=day_of(at))
    return [each for each in ranked if each.public.listing.id not in taken][:limit]


def best_of(producer_id: int, *, at: datetime) -> PublicListing | None:
    """The product of a producer for which most speaks, of those that are to be had."""
    ranked = _ranked(public(day_of(at)).where(Producer.id == producer_id), at=at)
    return ranked[0].public if ranked else None


def _ranked(query: Select[Listing, Certificate], *, at: datetime) -> list[Suggestion]:
    on = day_of(at)
    known = _known(query)
    districts, sold = _district_shares(since=on - SEEN_BACK), _sold(since=at - LOOKED_BACK)
    most = max(sold.values(), default=0)

    def facts(each: _Known, units: int) -> Facts:
        days = (on - day_of(each.published_at)).days if each.published_at else 0
        seen = districts.get(each.district_id or each.commune_id, 0.0)
        return Facts(each.stars, days, units, seen, share(sold.get(each.listing_id, 0), most))

    def before(each: _Known) -> tuple[int, int]:
        return -score(facts(each, 0)).total, each.listing_id

    pool = sorted(known, key=before)[:POOL]
    units = _units([each.listing_id for each in pool], on=on)
    judged = {each.listing_id: score(facts(each, units[each.listing_id])) for each in pool if each.listing_id in units}
    order = sorted(judged, key=lambda listing_id: (-judged[listing_id].total, listing_id))
    return [Suggestion(found, judged[found.listing.id]) for found in list_public(order, on=on)]


def _known(query: Select[Listing, Certificate]) -> list[_Known]:
    query = query.join(AdministrativeUnit, AdministrativeUnit.id == Producer.commune_id)
    facts = (Listing.id, Certificate.stars, Listing.published_at, Producer.commune_id)
    rows = db.session.execute(query.with_only_columns(*facts, AdministrativeUnit.former_district_id))
    return [_Known(*row) for row in rows]


def _units(listing_ids: Sequence[int], *, on: date) -> dict[int, int]:
    """Units on hand of these products; one of which nothing is to be had is not in the answer."""
    variants = variants_of(listing_ids)
    units = sellable([variant.id for inside in variants.values() for variant in inside], on=on)
    held = {id_: sum(units.get(variant.id, 0) for variant in inside) for id_, inside in variants.items()}
    return {listing_id: count for listing_id, count in held.items() if count > 0}


def _sold(*, since: datetime) -> dict[int, int]:
    """Units sold since an instant by product, without orders that fell through."""
    query = (
        select(Variant.listing_id, func.sum(OrderLine.quantity))
        .select_from(OrderLine)
        .join(OrderPart, OrderPart.id == OrderLine.part_id)
        .join(Order, Order.id == OrderPart.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(Order.placed_at >= since, OrderPart.state.not_in(FELL_THROUGH))
        .group_by(Variant.listing_id)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def _district_shares(*, since: date) -> dict[int, float]:
    """How near each former district, or commune without one, comes to the most shown one since a day."""
    unit = func.coalesce(AdministrativeUnit.former_district_id, AdministrativeUnit.id)
    query = (
        select(unit, func.sum(PlacementDay.shown))
        .select_from(PlacementDay)
        .join(Placement, Placement.id == PlacementDay.placement_id)
        .join(Listing, Listing.id == Placement.listing_id)
        .join(Product, Product.id == Listing.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .join(AdministrativeUnit, AdministrativeUnit.id == Producer.commune_id)
        .where(PlacementDay.day >= since)
        .group_by(unit)
    )
    shown = {row[0]: int(row[1]) for row in db.session.execute(query)}
    most = max(shown.values(), default=0)
    return {id_: count / most for id_, count in shown.items() if most}
