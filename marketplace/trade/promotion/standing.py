"""Which placements may be shown on a day: what the public rule admits, asked of `shop.catalog` for all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import PublicListing, count_public_by_producer, list_public, variants_of
from marketplace.shop.inventory.queries import sellable
from marketplace.trade.collections.models import Collection, CollectionItem, CollectionKind
from marketplace.trade.collections.queries import items_of
from marketplace.trade.promotion.models import Placement


class Hindrance(StrEnum):
    """Why a placement gives way to the next."""

    NOT_PUBLIC = "not_public"  # certificate lapsed or revoked, page paused, producer no longer verified
    SOLD_OUT = "sold_out"
    HIDDEN = "hidden"  # the collection is no longer shown
    EMPTY = "empty"  # nothing of the collection is public; of a basket, not everything is to be had
    OUT_OF_DAYS = "out_of_days"  # the season has not begun, or is over


STAFF_ARE_TOLD = frozenset({Hindrance.NOT_PUBLIC, Hindrance.HIDDEN, Hindrance.EMPTY})


@dataclass(frozen=True)
class Goods:
    """What placements and collections hold, as the public may see it on a day; `hidden` sets are left out."""

    on: date
    public: Mapping[int, PublicListing]
    variants: Mapping[int, Sequence[Variant]]
    units: Mapping[int, int]
    items: Mapping[int, Sequence[CollectionItem]]
    producers: Mapping[int, int]
    hidden: frozenset[str]

    def shown(self, listing_id: int) -> bool:
        """Whether this reader may see the product."""
        found = self.public.get(listing_id)
        return found is not None and listing_id in self.variants and found.product.set_code not in self.hidden

    def to_be_had(self, listing_id: int, quantity: int = 1) -> bool:
        """Whether so many of the product's first variant may be bought, or a service be asked for."""
        if not self.shown(listing_id):
            return False
        found = self.public[listing_id]
        if found.listing.resting(self.on):
            return False
        if product_set(found.product.set_code).service:
            return True
        units = [self.units.get(variant.id, 0) for variant in self.variants[listing_id]]
        return units[0] >= quantity if quantity > 1 else max(units) > 0

    def of(self, collection: Collection) -> list[PublicListing]:
        """The products of a collection that this reader may see, in its order."""
        return [self.public[i.listing_id] for i in self.items.get(collection.id, ()) if self.shown(i.listing_id)]

    def whole(self, collection: Collection) -> bool:
        """Whether everything a basket holds can be put in the cart."""
        items = self.items.get(collection.id, ())
        return bool(items) and all(self.sellable(item) for item in items)

    def sellable(self, item: CollectionItem) -> bool:
        """Whether a basket's product can be put in the cart as often as it says."""
        if not self.shown(item.listing_id) or not product_set(self.public[item.listing_id].product.set_code).cart:
            return False
        first = self.variants[item.listing_id][0]
        resting = self.public[item.listing_id].listing.resting(self.on)
        return resting is None and self.units.get(first.id, 0) >= item.quantity


def goods_of(
    placements: Sequence[Placement], *, on: date, hidden: frozenset[str], also: Sequence[Collection] = ()
) -> Goods:
    """What these placements and collections lead to, read in the same few queries however many they are."""
    collections = [*also, *(p.collection for p in placements if p.collection is not None)]
    items = items_of({each.id for each in collections}) if collections else {}
    ids = {p.listing_id for p in placements if p.listing_id is not None}
    ids |= {item.listing_id for inside in items.values() for item in inside}
    public = {found.listing.id: found for found in list_public(sorted(ids), on=on)} if ids else {}
    variants = variants_of(public) if public else {}
    units = sellable([v.id for inside in variants.values() for v in inside], on=on) if variants else {}
    makers = {p.producer_id for p in placements if p.producer_id is not None}
    producers = count_public_by_producer(makers, on=on) if makers else {}
    return Goods(on, public, variants, units, items, producers, hidden)


def hindrance(placement: Placement, goods: Goods) -> Hindrance | None:
    """Why a placement may not be shown, or None: it may. Its target is loaded, `goods` hold what it leads to."""
    if placement.listing_id is not None:
        if not goods.shown(placement.listing_id):
            return Hindrance.NOT_PUBLIC
        return None if goods.to_be_had(placement.listing_id) else Hindrance.SOLD_OUT
    if placement.producer_id is not None:
        return None if goods.producers.get(placement.producer_id) else Hindrance.NOT_PUBLIC
    assert placement.collection is not None
    return _of_collection(placement.collection, goods)


def lapses_within(placement: Placement, goods: Goods) -> date | None:
    """The last day of its product's certificate, where that ends before the placement does."""
    found = goods.public.get(placement.listing_id or 0)
    ends = found.certificate.expires_on if found is not None else placement.last_day
    return ends if ends < placement.last_day else None


def _of_collection(collection: Collection, goods: Goods) -> Hindrance | None:
    if collection.published_at is None:
        return Hindrance.HIDDEN
    if collection.over(goods.on) or collection.to_come(goods.on):
        return Hindrance.OUT_OF_DAYS
    if collection.kind is CollectionKind.BASKET:
        return None if goods.whole(collection) else Hindrance.EMPTY
    return None if goods.of(collection) or collection.kind is CollectionKind.SEASON else Hindrance.EMPTY
