"""Reading what a listing has said: its revisions, the newest first."""

from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.catalog.models import Listing, ListingRevision, Variant
from marketplace.shop.catalog.proposals import now_said


def list_revisions(listing: Listing, *, page: int, per_page: int) -> list[ListingRevision]:
    """A page of a listing's revisions, the newest first; one never changed has a first that is what it says now."""
    query = select(ListingRevision).where(ListingRevision.listing_id == listing.id)
    query = query.order_by(ListingRevision.number.desc()).limit(per_page).offset((page - 1) * per_page)
    found = list(db.session.scalars(query))
    return found if found or page > 1 else [_first(listing)]


def count_revisions(listing: Listing) -> int:
    """How many revisions there are, at least one."""
    query = select(func.count(ListingRevision.id)).where(ListingRevision.listing_id == listing.id)
    return db.session.scalar(query) or 1


def get_revision(listing: Listing, number: int) -> ListingRevision:
    """The revision with this number, or NotFound."""
    query = select(ListingRevision).where(ListingRevision.listing_id == listing.id)
    found = db.session.scalar(query.where(ListingRevision.number == number))
    if found is None and number == 1 and count_revisions(listing) == 1:
        return _first(listing)
    if found is None:
        raise NotFound
    return found


def skus_of(listing: Listing) -> list[str]:
    """Everything that was ever sold on a listing, retired or not."""
    query = select(Variant.sku).where(Variant.listing_id == listing.id)
    return list(db.session.scalars(query.order_by(Variant.id)))


def _first(listing: Listing) -> ListingRevision:
    """The first revision of a page that was never changed: nobody has written it yet."""
    at = listing.published_at or listing.created_at
    said = now_said(listing)
    return ListingRevision(number=1, said=said, changed=[], restored=None, by_name="", for_name="", at=at)
