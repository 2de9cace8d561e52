"""The worker's part: telling of batches whose last day is near."""

from datetime import datetime

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory.models import StockBatch
from marketplace.shop.inventory.queries import ending_batches
from marketplace.shop.inventory.services import warn_of_ends


def watch_batches(at: datetime) -> int:
    """Write to each producer of the batches near their end; done again it finds nothing left to tell."""
    on = day_of(at)
    query = (
        ending_batches(on)
        .join(Variant, StockBatch.variant_id == Variant.id)
        .join(Variant.listing)
        .join(Listing.product)
        .with_only_columns(StockBatch, Product.producer_id, maintain_column_froms=True)
    )
    producers = sorted({producer for batch, producer in db.session.execute(query) if batch.life.is_ending(on)})
    told = 0
    for producer_id in producers:
        with transaction():
            told += warn_of_ends(producer_id=producer_id, at=at)
    return told
