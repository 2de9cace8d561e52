"""Letters about stock, to everyone who acts for the producer, each in their language."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.people.producers.queries import people_of
from marketplace.platform.core.clock import day_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory.models import StockBatch


def low(variant: Variant, units: int, mark: int, *, at: datetime) -> None:
    """A sale took what may be sold to the mark, or below."""
    for user in people_of(variant.listing.product.producer_id):
        letter = compose("stock-low", user.language, variant=variant, units=units, mark=mark)
        post(key=f"stock-low:{variant.sku}:{at.isoformat()}:{user.code}", to=user.email, letter=letter, at=at)


def ending(producer_id: int, batches: Sequence[tuple[StockBatch, Variant, Listing]], *, at: datetime) -> None:
    """Batches whose last day is near, or past."""
    first = batches[0][0].id
    for user in people_of(producer_id):
        letter = compose("stock-ending", user.language, batches=batches, on=day_of(at))
        post(key=f"stock-ending:{first}:{user.code}", to=user.email, letter=letter, at=at)
