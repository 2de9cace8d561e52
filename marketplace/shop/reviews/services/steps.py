"""What several verbs do to a review they hold: move it, keep the totals, close its reports, note it."""

from datetime import datetime

from sqlalchemy import update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, make_once
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.models import Listing
from marketplace.shop.reviews import mails
from marketplace.shop.reviews.models import Ground, Review, ReviewReport, ReviewState, ReviewTidings, ReviewTotal
from marketplace.shop.reviews.queries import COLUMNS


class ReviewMoved(Conflict):
    """It is no longer what whoever acts was shown: mended, judged or reported meanwhile."""

    code = "review_moved"
    message = N_("Đánh giá này vừa thay đổi. Hãy xem lại rồi làm tiếp.")


def move(
    review: Review,
    to: ReviewState,
    *,
    at: datetime,
    stars: int | None = None,
    ground: Ground | None = None,
    remark: str = "",
) -> None:
    """Take a held review to a state, with other `stars` if it was mended, on a `ground` if it is refused.

    What is published counts, what no longer is does not; open reports are answered. The totals are written last.
    """
    was, counted = review.state, review.stars
    review.state, review.ground, review.remark = to, ground, remark
    review.stars = stars or review.stars
    review.version += 1
    if to is ReviewState.PUBLISHED:
        review.published_at = review.published_at or at
    answer_reports(review, at=at)
    if was is ReviewState.PUBLISHED:
        count(review.listing_id, counted, -1)
    if to is ReviewState.PUBLISHED:
        count(review.listing_id, review.stars, 1)


def count(listing_id: int, stars: int, more: int) -> None:
    """Add to how many published reviews gave so many stars: one UPDATE, so that many at once add up."""
    make_once(ReviewTotal, listing_id=listing_id, ones=0, twos=0, threes=0, fours=0, fives=0)
    column = COLUMNS[stars - 1]
    adding = update(ReviewTotal).where(ReviewTotal.listing_id == listing_id).values({column: column + more})
    db.session.execute(adding, execution_options={"synchronize_session": False})


def answer_reports(review: Review, *, at: datetime) -> None:
    """Close what was reported of a held review."""
    if review.reports:
        review.reports, review.reported_at = 0, None
        open_ones = update(ReviewReport).where(ReviewReport.review_id == review.id, ReviewReport.answered_at.is_(None))
        db.session.execute(open_ones.values(answered_at=at))


def tell_maker(review: Review, listing: Listing, *, at: datetime) -> None:
    """The maker's people learn that something was published: by the first letter of a day, and no other."""
    producer = listing.product.producer
    if make_once(ReviewTidings, producer_id=producer.id, day=day_of(at)):
        mails.to_producer(review, listing, at=at)


def note(review: Review, verb: str, *, by: Actor, at: datetime, ground: Ground | None = None) -> None:
    """Into the trail: what was done, never what was said, so that a word withdrawn or erased is nowhere."""
    detail = {"stars": review.stars, "version": review.version, "state": review.state.value}
    if ground is not None:
        detail["ground"] = ground.value
    record(by=by, action=f"review.{verb}", subject_type="review", subject=review.code, at=at, detail=detail)
