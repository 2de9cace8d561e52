"""What a product's page shows of what its buyers say."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal

from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.models import Listing
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.queries import list_published, totals_of
from marketplace.shop.reviews.rules import Totals

A_PAGE = 10


@dataclass(frozen=True)
class ReviewsShown:
    """What all come to, and one page of them, the newest first."""

    slug: str
    totals: Totals
    shown: Sequence[Review]
    page: int
    pages: int

    @property
    def average(self) -> str:
        """`4,3` in Vietnamese, `4.3` in English."""
        return str(format_decimal(self.totals.average, format="0.0"))

    def url(self, page: int) -> str:
        """Where another page of them is."""
        return f"/products/{self.slug}{f'?reviews={page}' if page > 1 else ''}#reviews"


def reviews_of(listing: Listing) -> ReviewsShown:
    """The reviews of a listing: of its pages the one that the address asks for, or the last."""
    totals = totals_of(listing.id)
    pages = max(1, -(-totals.count // A_PAGE))
    page = min(pages, read_page("reviews"))
    shown = list_published(listing.id, page=page, per_page=A_PAGE) if totals.count else []
    return ReviewsShown(listing.slug, totals, shown, page, pages)
