"""Anybody's part: saying that a published review breaks the rules."""

from datetime import datetime

from sqlalchemy import exists, select

from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden
from marketplace.platform.core.words import N_
from marketplace.shop.reviews.models import ReviewReport
from marketplace.shop.reviews.policies import REPORT
from marketplace.shop.reviews.queries import get_published
from marketplace.shop.reviews.rules import MOST_REPORT
from marketplace.shop.reviews.services.judging import read_ground
from marketplace.shop.reviews.services.steps import note


class ReportedAlready(Conflict):
    """One person reports what a review says once."""

    code = "reported_already"
    message = N_("Bạn đã báo đánh giá này. Cán bộ tỉnh sẽ xem.")


def report_review(*, code: str, ground: str, words: str, by: Actor, at: datetime) -> None:
    """Have the office look at a published review again; it stays where it is meanwhile."""
    if not REPORT.held_by(in_person(by)):
        raise Forbidden
    review = get_published(code, hold=True)
    why, words = read_ground(ground, "words", words, MOST_REPORT)
    same = (ReviewReport.review_id == review.id, ReviewReport.reporter_id == by.user_id)
    if db.session.scalar(select(exists().where(*same, ReviewReport.version == review.version))):
        raise ReportedAlready
    report = ReviewReport(review_id=review.id, reporter_id=by.user_id, version=review.version, ground=why, words=words)
    report.at = at
    db.session.add(report)
    review.reports += 1
    review.reported_at = review.reported_at or at
    note(review, "reported", by=by, at=at, ground=why)
