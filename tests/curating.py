"""Builders of the shop window: a placement, a collection, a season, as a curator makes them."""

from datetime import date, datetime, timedelta
from typing import Any

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.services import CollectionFacts, add_item, show_collection, write_collection
from marketplace.trade.promotion.models import Audience, Place, Placement, Target
from marketplace.trade.promotion.services import Schedule, place_target
from tests.builders import BY


def schedule(
    on: date, *, days: int = 14, audience: Audience = Audience.BOTH, reason: str = "Vào mùa", starts: int = 0
) -> Schedule:
    """From a day on, two weeks."""
    first = on + timedelta(days=starts)
    return Schedule(first, first + timedelta(days=days - 1), audience, reason)


def slug_of(variant: Variant) -> str:
    """The address of a variant's page."""
    return db.session.get_one(Listing, variant.listing_id).slug


def make_placement(
    slug: str,
    *,
    at: datetime,
    place: Place = Place.FEATURED_ROW,
    target: Target = Target.PRODUCT,
    category: str = "",
    **said: Any,
) -> Placement:
    """Something placed from today on."""
    when = schedule(day_of(at), **said)
    with transaction():
        return place_target(place=place, target=target, slug=slug, category=category, schedule=when, by=BY, at=at)


def make_collection(
    *goods: tuple[Variant, int],
    at: datetime,
    kind: CollectionKind = CollectionKind.THEME,
    title: str = "Vị núi",
    days: tuple[date, date] | None = None,
    shown: bool = True,
) -> Collection:
    """A collection of these products, shown to the public; a season runs a month from today unless days say else."""
    first, last = days or (day_of(at), day_of(at) + timedelta(days=30))
    season = kind is CollectionKind.SEASON
    facts = CollectionFacts(kind, title, first_day=first if season else None, last_day=last if season else None)
    with transaction():
        made = write_collection(facts=facts, by=BY, at=at)
    for variant, quantity in goods:
        slug = slug_of(variant)
        with transaction():
            add_item(code=made.code, listing=slug, quantity=quantity, by=BY, at=at)
    if shown and goods:
        with transaction():
            show_collection(code=made.code, by=BY, at=at)
    return made
