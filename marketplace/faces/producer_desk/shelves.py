"""A producer's goods as its desk shows them: listing, certificate, variants, stock, prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.faces.storefront.cards import Seal
from marketplace.platform.core.access import Actor
from marketplace.registry.certification.queries import list_of_products
from marketplace.registry.certification.rules import EXPIRING_DAYS, newest, standing
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import list_of_producer, variants_of
from marketplace.shop.inventory.models import StockBatch
from marketplace.shop.inventory.queries import batches_of, hands, low_marks, on_hand, sellable
from marketplace.shop.inventory.rules import Freshness
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Tier


@dataclass(frozen=True)
class Shelf:
    """One listing with what stands behind it. `seal` is None where the product was never certified."""

    listing: Listing
    variants: tuple[tuple[Variant, int], ...]  # each with what of it may be sold today
    seal: Seal | None
    code: str = ""  # of that certificate


@dataclass(frozen=True)
class Good:
    """What a producer has of one variant, and asks for it. `hands` is how often its stock was changed by hand."""

    variant: Variant
    on: date
    on_hand: int
    sellable: int
    batches: Sequence[StockBatch]
    hands: int
    low_at: int | None
    tiers: Sequence[Tier]

    @property
    def low(self) -> bool:
        """Whether the producer asked to be told of so few."""
        return self.low_at is not None and self.sellable <= self.low_at

    @property
    def ending(self) -> list[StockBatch]:
        """The batches whose last day is near or past."""
        return [batch for batch in self.batches if batch.life.is_ending(self.on)]

    @property
    def expired(self) -> list[StockBatch]:
        """The batches past their day: still on the shelf, not sold."""
        return [batch for batch in self.batches if batch.life.freshness(self.on) is Freshness.EXPIRED]


def shelves(by: Actor, *, on: date) -> list[Shelf]:
    """Every listing of the actor's producer, by name."""
    listings = list_of_producer(by.organisation_id or 0)
    variants = variants_of(listing.id for listing in listings)
    units = sellable((v.id for inside in variants.values() for v in inside), on=on)
    certificates = list_of_products(listing.product_id for listing in listings)
    found = []
    for listing in listings:
        own = certificates.get(listing.product_id, [])
        counting = newest(own, on)
        seal = None
        if counting is not None:
            state, left = standing(counting, own, on).value, (counting.expires_on - on).days
            if state == "in_force" and left < EXPIRING_DAYS:
                state = "expiring"
            seal = Seal(counting.stars, state, counting.expires_on, left)
        inside = tuple((v, units.get(v.id, 0)) for v in variants.get(listing.id, []))
        code = next((c.code for c in own if counting is not None and c.id == counting.id), "")
        found.append(Shelf(listing, inside, seal, code))
    return found


def goods_of(variants: Sequence[Variant], *, on: date) -> dict[int, Good]:
    """Stock and prices of these variants, by variant, in a fixed number of queries."""
    ids = [variant.id for variant in variants]
    held, sold, batches = on_hand(ids), sellable(ids, on=on), batches_of(ids)
    by_hand, marks, tiers = hands(ids), low_marks(ids), tiers_of(ids)
    return {
        v.id: Good(
            variant=v,
            on=on,
            on_hand=held.get(v.id, 0),
            sellable=sold.get(v.id, 0),
            batches=batches.get(v.id, []),
            hands=by_hand.get(v.id, 0),
            low_at=marks.get(v.id),
            tiers=tiers.get(v.id, ()),
        )
        for v in variants
    }
