"""An officer's part: publishing, refusing, keeping what was reported."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.shop.reviews import mails
from marketplace.shop.reviews.models import TRANSITIONS, Ground, Review, ReviewState
from marketplace.shop.reviews.queries import get_judged
from marketplace.shop.reviews.rules import MOST_REMARK, read_text
from marketplace.shop.reviews.services.steps import ReviewMoved, answer_reports, move, note, tell_maker


def publish_review(*, code: str, seen: str, by: Actor, at: datetime) -> None:
    """Show it to everybody. `seen` is the mark that the officer was shown: what changed since is ReviewMoved."""
    review = _seen(code, seen, ReviewState.PUBLISHED, by=by)
    move(review, ReviewState.PUBLISHED, at=at)
    mails.published(review, review.listing, at=at)
    tell_maker(review, review.listing, at=at)
    note(review, "published", by=by, at=at)


def refuse_review(*, code: str, seen: str, ground: str, remark: str, by: Actor, at: datetime) -> None:
    """Show it to nobody, on a ground that its writer is told; `remark` may be empty but for the ground `other`."""
    review = _seen(code, seen, ReviewState.REFUSED, by=by)
    why, remark = read_ground(ground, "remark", remark, MOST_REMARK)
    shown = review.state is ReviewState.PUBLISHED
    move(review, ReviewState.REFUSED, at=at, ground=why, remark=remark)
    mails.refused(review, review.listing, shown=shown, at=at)
    note(review, "refused", by=by, at=at, ground=why)


def keep_review(*, code: str, seen: str, by: Actor, at: datetime) -> None:
    """Leave a reported one where it is: the reports are answered. Its writer need not know that there were any."""
    review = get_judged(code, by=by, hold=True)
    if review.mark != seen or not review.reports:
        raise ReviewMoved
    answer_reports(review, at=at)
    review.version += 1
    note(review, "kept", by=by, at=at)


def read_ground(typed: str, field: str, words: str, longest: int) -> tuple[Ground, str]:
    """The ground and the words beside it; Invalid on `ground` or on the words' field."""
    if typed not in set(Ground):
        raise Invalid({"ground": N_("Chọn một lý do.")})
    ground = Ground(typed)
    return ground, read_text(field, words, longest, needed=ground is Ground.OTHER)


def _seen(code: str, seen: str, to: ReviewState, *, by: Actor) -> Review:
    review = get_judged(code, by=by, hold=True)
    if review.mark != seen or to not in TRANSITIONS[review.state]:
        raise ReviewMoved
    return review
