"""Letters about a listing, to everyone who acts for its producer, each in their language."""

from datetime import datetime

from marketplace.people.producers.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.catalog.models import Listing


def published(listing: Listing, *, at: datetime) -> None:
    """The office has looked at it: it is on the market."""
    _tell("listing-published", listing, at=at)


def returned(listing: Listing, *, at: datetime) -> None:
    """The office gave it back with what has to be mended."""
    _tell("listing-returned", listing, at=at)


def approved(listing: Listing, *, at: datetime) -> None:
    """The office has looked at what they would have the page say: it says so now."""
    _tell("change-approved", listing, at=at)


def change_returned(listing: Listing, remark: str, *, at: datetime) -> None:
    """The office gave a proposal back with what has to be mended; the page goes on as it was."""
    _tell("change-returned", listing, at=at, remark=remark)


def _tell(template: str, listing: Listing, *, at: datetime, **more: object) -> None:
    for user in people_of(listing.product.producer_id):
        letter = compose(template, user.language, listing=listing, **more)
        post(key=f"{template}:{listing.slug}:{at.isoformat()}:{user.code}", to=user.email, letter=letter, at=at)
