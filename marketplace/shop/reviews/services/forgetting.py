"""A person who is struck out leaves no word behind; what they thought in stars stays, nobody's."""

from datetime import datetime

from sqlalchemy import select, update

from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db, held
from marketplace.shop.reviews.models import Review, ReviewReport, ReviewState
from marketplace.shop.reviews.queries import lines_of
from marketplace.shop.reviews.services.steps import answer_reports, move, note
from marketplace.shop.reviews.services.writing import drop_words


def forget_reviews(*, by: Actor, at: datetime) -> None:
    """Delete words, names and replies of all the acting person wrote, and what they reported in words.

    Published stars stay, nameless, and go on counting; what was not published is withdrawn.
    """
    user_id = in_person(by).user_id or 0
    own = select(Review).where(Review.line_id.in_(lines_of(user_id))).order_by(Review.id)
    nameless = Actor(user_id, "", by.role)
    for review in db.session.scalars(held(own, Review)).all():
        drop_words(review)
        review.signed, review.erased_at, review.remark = "", at, ""
        if review.state is ReviewState.PUBLISHED:
            answer_reports(review, at=at)
            review.version += 1
        else:
            move(review, ReviewState.WITHDRAWN, at=at)
        note(review, "erased", by=nameless, at=at)
    reported = update(ReviewReport).where(ReviewReport.reporter_id == user_id, ReviewReport.words != "")
    db.session.execute(reported.values(words=""))
