"""The maker's part: one public reply to each published review."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.queries import get_answered
from marketplace.shop.reviews.rules import MOST_REPLY, read_text
from marketplace.shop.reviews.services.steps import ReviewMoved, note


def reply_to_review(*, code: str, words: str, seen: int, by: Actor, at: datetime) -> None:
    """Answer under a review, or say it otherwise. `seen`: the reply's version that was shown; another's is ReviewMoved.

    The same words again change nothing. Raises Invalid on `words`.
    """
    review = get_answered(code, by=by, hold=True)
    text = read_text("words", words, MOST_REPLY, needed=True)
    if review.reply == text:
        return
    _change(review, text, seen, at=at)
    note(review, "answered", by=by, at=at)


def withdraw_reply(*, code: str, seen: int, by: Actor, at: datetime) -> None:
    """Take the reply back."""
    review = get_answered(code, by=by, hold=True)
    if review.reply:
        _change(review, "", seen, at=at)
        note(review, "unanswered", by=by, at=at)


def _change(review: Review, text: str, seen: int, *, at: datetime) -> None:
    if review.reply_version != seen:
        raise ReviewMoved
    review.reply, review.replied_at = text, at if text else None
    review.reply_version += 1
