"""A producer's goods as its desk shows them: listing, certificate, variants, stock."""

from dataclasses import dataclass
from datetime import date

from marketplace.faces.storefront.cards import Seal
from marketplace.platform.core.access import Actor
from marketplace.registry.certification.queries import list_of_products
from marketplace.registry.certification.rules import EXPIRING_DAYS, newest, standing
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import list_of_producer, variants_of
from marketplace.shop.inventory.queries import on_hand


@dataclass(frozen=True)
class Shelf:
    """One listing with what stands behind it. `seal` is None where the product was never certified."""

    listing: Listing
    variants: tuple[tuple[Variant, int], ...]
    seal: Seal | None
    code: str = ""  # of that certificate


def shelves(by: Actor, *, on: date) -> list[Shelf]:
    """Every listing of the actor's producer, by name."""
    listings = list_of_producer(by.organisation_id or 0)
    variants = variants_of(listing.id for listing in listings)
    units = on_hand(v.id for inside in variants.values() for v in inside)
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
