"""Letters about reviews: to the buyer in the language they wrote or ordered in, to the maker's people in theirs."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from marketplace.people.producers.queries import people_of
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.shop.catalog.models import Listing
from marketplace.shop.orders.links import order_address
from marketplace.shop.orders.models import Order, OrderLine
from marketplace.shop.reviews.links import review_path
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.queries import bought_line, is_erased
from marketplace.shop.reviews.words import GROUNDS


def asked(order: Order, lines: Sequence[OrderLine], *, key: str, at: datetime) -> None:
    """To the buyer, once: what do you think of these goods? With the order's own link."""
    address = f"{order_address(order.number)}#reviews"
    letter = compose("review-asked", order.language, order=order, lines=lines, address=address)
    post(key=f"review-asked:{key}", to=order.email, letter=letter, at=at)


def published(review: Review, listing: Listing, *, at: datetime) -> None:
    """To its writer: everybody sees it now."""
    site = current_app.config["SETTINGS"].site_url
    _to_writer(review, "review-published", at=at, listing=listing, page=f"{site}/products/{listing.slug}#reviews")


def refused(review: Review, listing: Listing, *, shown: bool, at: datetime) -> None:
    """To its writer: it is not shown, or `shown` no more, and why; they may mend it."""
    _to_writer(review, "review-refused", at=at, listing=listing, shown=shown, grounds=GROUNDS)


def to_producer(review: Review, listing: Listing, *, at: datetime) -> None:
    """To everyone who acts for the maker: a review of its goods was published; at most one letter a day.

    Its words are read on the page: what is withdrawn or erased there lies in no letter.
    """
    for user in people_of(listing.product.producer_id):
        letter = compose("review-arrived", user.language, review=review, listing=listing)
        post(key=f"review-arrived:{review.code}:{review.version}:{user.code}", to=user.email, letter=letter, at=at)


def _to_writer(review: Review, template: str, *, at: datetime, **facts: object) -> None:
    """By the order's address; nobody is written to whose account was struck out."""
    line = bought_line(review)
    order = line.part.order
    if is_erased(order):
        return
    site = current_app.config["SETTINGS"].site_url
    address = site + review_path(order.number, line.part.position, line.position, keyed=True)
    letter = compose(template, review.language, review=review, order=order, address=address, **facts)
    post(key=f"{template}:{review.code}:{review.version}", to=order.email, letter=letter, at=at)
