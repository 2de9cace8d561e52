"""A buyer's own part: writing, mending, withdrawing."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import insiders
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.shop.orders.models import Order, OrderLine
from marketplace.shop.reviews.models import Review, ReviewState
from marketplace.shop.reviews.queries import delivered_at, find_of_line, get_line, listing_of
from marketplace.shop.reviews.rules import MOST_WORDS, last_day, read_text, short_name
from marketplace.shop.reviews.services.steps import ReviewMoved, count, move, note, tell_maker


class NotReceived(Conflict):
    """Only what was delivered is reviewed."""

    code = "not_received"
    message = N_("Món này chưa giao tới nơi nên chưa đánh giá được.")


class TooLate(Conflict):
    """The days in which it could be written or mended are over."""

    code = "review_too_late"
    message = N_("Đã quá 90 ngày từ khi nhận hàng, nên không viết hay sửa đánh giá được nữa.")


class OwnGoods(Conflict):
    """Whoever acts for the maker reviews nothing of its own."""

    code = "own_goods"
    message = N_("Người của nơi làm không đánh giá hàng của chính nơi mình.")


@dataclass(frozen=True)
class Said:
    """What a buyer says. `named`: by the shortened own name; else nameless. `words` may be empty."""

    stars: int
    words: str = ""
    named: bool = False
    language: str = "vi"


def write_review(*, number: str, part: int, line: int, said: Said, seen: int, by: Actor, at: datetime) -> Review:
    """Say, or say anew, what one thinks of an order's line. Words wait for an officer, stars alone are published.

    `seen` is the version that was mended, 0 for none. The same again answers what is there; other words than the
    ones seen are ReviewMoved. Raises NotReceived, TooLate, OwnGoods, or Invalid on `stars` or `words`. The caller has
    made sure that `by` is the buyer or holds the signed link. The line is held first, so that of two first ones at
    once the second finds the other's review.
    """
    bought = get_line(number, part, line, hold=True)
    _check_open(bought, in_person(by), at)
    words = _read(said)
    review = find_of_line(bought.id, hold=True)
    signed = short_name(own_name(bought.part.order)) if said.named else ""
    if review is None:
        if seen:
            raise ReviewMoved
        review = _first(bought, said, words, signed, at)
    elif review.erased_at is not None:
        raise NotFound
    elif _says(review, said.stars, words, signed):
        return review
    elif review.version != seen:
        raise ReviewMoved
    else:
        _mend(review, said, words, signed, at)
    if review.state is ReviewState.PUBLISHED:
        tell_maker(review, listing_of(bought), at=at)
    note(review, "written" if not seen else "mended", by=by, at=at)
    return review


def withdraw_review(*, number: str, part: int, line: int, by: Actor, at: datetime) -> None:
    """Take it back at any time: it is shown and counted no more, its words are gone; the same again changes nothing.

    The caller has made sure that `by` is the buyer or holds the signed link.
    """
    in_person(by)
    review = find_of_line(get_line(number, part, line, hold=True).id, hold=True)
    if review is None or review.erased_at is not None:
        raise NotFound
    if review.state is not ReviewState.WITHDRAWN:
        drop_words(review)
        move(review, ReviewState.WITHDRAWN, at=at)
        note(review, "withdrawn", by=by, at=at)


def drop_words(review: Review) -> None:
    """Delete what was said in words, by its writer and in answer to it."""
    review.words = review.reply = ""
    review.replied_at = None


def own_name(order: Order) -> str:
    """The buyer's own name: the account's, or of a guest's order the recipient's; nothing once it was struck out."""
    return order.recipient if order.buyer_id is None else db.session.get_one(User, order.buyer_id).name


def _check_open(bought: OrderLine, by: Actor, at: datetime) -> None:
    delivered = delivered_at(bought.part)
    if delivered is None:
        raise NotReceived
    if day_of(at) > last_day(delivered):
        raise TooLate
    order, maker = bought.part.order, bought.part.producer_id
    if any(insiders([maker], user_id=who, phone=order.phone) for who in {order.buyer_id, by.user_id}):
        raise OwnGoods


def _read(said: Said) -> str:
    """The words as they are kept; Invalid tells stars and words in one go."""
    wrong = {} if said.stars in range(1, 6) else {"stars": N_("Chọn từ 1 đến 5 sao.")}
    try:
        words = read_text("words", said.words, MOST_WORDS)
    except Invalid as invalid:
        raise Invalid({**wrong, **invalid.fields}, **invalid.facts) from invalid
    if wrong:
        raise Invalid(wrong)
    return words


def _says(review: Review, stars: int, words: str, signed: str) -> bool:
    same = (review.stars, review.words, review.signed) == (stars, words, signed)
    return same and review.state in (ReviewState.WAITING, ReviewState.PUBLISHED)


def _first(bought: OrderLine, said: Said, words: str, signed: str, at: datetime) -> Review:
    listing = listing_of(bought)
    review = Review(
        code=random_code(10),
        line_id=bought.id,
        listing_id=listing.id,
        stars=said.stars,
        words=words,
        signed=signed,
        language=said.language,
        state=ReviewState.WAITING if words else ReviewState.PUBLISHED,
        version=1,
        bought_on=day_of(bought.part.order.placed_at),
        written_at=at,
        said_at=at,
        published_at=None if words else at,
        reports=0,
        reply="",
        reply_version=0,
        remark="",
    )
    db.session.add(review)
    db.session.flush()
    if not words:
        count(listing.id, said.stars, 1)
    return review


def _mend(review: Review, said: Said, words: str, signed: str, at: datetime) -> None:
    """Other stars count from here on; words wait, though others were published before."""
    review.words, review.signed, review.language, review.said_at = words, signed, said.language, at
    move(review, ReviewState.WAITING if words else ReviewState.PUBLISHED, at=at, stars=said.stars)
