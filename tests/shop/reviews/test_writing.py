"""A buyer's part: who may write, until when, once; what waits, what is shown at once; mending, withdrawing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.shop.reviews.models import Ground, Review, ReviewReport, ReviewState
from marketplace.shop.reviews.queries import list_astray, totals_of
from marketplace.shop.reviews.services import (
    NotReceived,
    OwnGoods,
    ReviewMoved,
    Said,
    TooLate,
    refuse_review,
    report_review,
    withdraw_review,
    write_review,
)
from tests.builders import BY, make_offer, make_order, make_producer, make_user
from tests.reviewing import buy, kept, make_review, make_shop, publish, receive, say


def letters(like: str) -> list[tuple[str, str]]:
    """Whom letters with such a key go to, and what they are called."""
    query = select(OutgoingMail.to_address, OutgoingMail.subject).where(OutgoingMail.key.like(like))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(OutgoingMail.id))]


def test_stars_alone_are_shown_at_once_and_words_wait(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    alone = kept(say(buy(variant, maker, at=at), at=at, stars=4))
    assert (alone.state, alone.published_at, alone.words, alone.signed) == (ReviewState.PUBLISHED, at, "", "")
    assert totals_of(alone.listing_id).counts == (0, 0, 0, 1, 0)
    assert letters("review-arrived%") == [(maker.email, "Khách vừa đánh giá Miến của Lò miến")]
    worded = kept(say(buy(variant, maker, at=at), at=at, stars=1, words=" Dở. ", named=True))
    assert (worded.state, worded.published_at, worded.words) == (ReviewState.WAITING, None, "Dở.")
    assert worded.signed == "Yến N."  # of the order's recipient
    assert totals_of(alone.listing_id).counts == (0, 0, 0, 1, 0)
    trail = select(AuditEntry.action, AuditEntry.detail).where(AuditEntry.subject == worded.code)
    assert db.session.execute(trail).all() == [("review.written", {"stars": 1, "version": 1, "state": "waiting"})]
    assert list_astray() == []


def test_a_member_signs_with_the_account_s_name(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    buyer = make_user(at=at, name="Trần Thu Hà")
    review = make_review(variant, maker, at=at, words="Ngon", named=True, by=buyer.actor())
    assert review.signed == "Hà T."


def test_only_what_came_is_reviewed(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = make_order((variant, 1), at=at)
    with pytest.raises(NotReceived):
        say(order, at=at)
    receive(order, maker, at=at)
    for state in (PartState.RETURNED, PartState.UNDELIVERED):
        part = order.parts[0].id
        with transaction():
            db.session.execute(update(OrderPart).where(OrderPart.id == part).values(state=state))
        with pytest.raises(NotReceived):
            say(order, at=at)
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_a_line_that_is_not_there(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    for number, part, line in (("KHONG", 1, 1), (order.number, 2, 1), (order.number, 1, 2)):
        with pytest.raises(NotFound), transaction():
            write_review(number=number, part=part, line=line, said=Said(5), seen=0, by=GUEST, at=at)
        with pytest.raises(NotFound), transaction():
            withdraw_review(number=number, part=part, line=line, by=GUEST, at=at)
    with pytest.raises(NotFound), transaction():  # nothing was written
        withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at)


def test_ninety_days_and_no_longer(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at, days_ago=90)
    review = say(order, at=at, words="Kịp")
    with pytest.raises(TooLate):
        say(order, at=at + timedelta(days=1), words="Sửa", seen=1)
    assert kept(review).words == "Kịp"
    with transaction():  # taken back at any time
        withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at + timedelta(days=400))
    assert kept(review).state is ReviewState.WITHDRAWN


def test_the_maker_s_people_review_nothing_of_their_own(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    phone = "+84987654321"
    with transaction():
        db.session.get_one(User, maker.id).phone = phone
    other = make_shop(at, "Lò khác")[0]
    mine = buy(variant, maker, at=at, by=maker.actor())
    with pytest.raises(OwnGoods):
        say(mine, at=at, by=maker.actor())
    theirs = buy(variant, maker, at=at, by=other.actor())
    with pytest.raises(OwnGoods):  # with the link of somebody else's order
        say(theirs, at=at, by=maker.actor())
    assert say(theirs, at=at, by=other.actor()).state is ReviewState.PUBLISHED
    guests = buy(variant, maker, at=at)
    with transaction():
        db.session.get_one(Order, guests.id).phone = phone
    with pytest.raises(OwnGoods):
        say(guests, at=at)


def test_whoever_acts_for_another_writes_nothing(app: Flask, at: datetime) -> None:
    maker, producer, variant = make_shop(at)
    order, user = buy(variant, maker, at=at), make_user(at=at)
    acting = Actor(user.id, user.name, Role.PRODUCER, producer.organisation_id, behalf="Lò miến")
    with pytest.raises(Forbidden):
        say(order, at=at, by=acting)
    review = say(order, at=at)
    with pytest.raises(Forbidden), transaction():
        withdraw_review(number=order.number, part=1, line=1, by=acting, at=at)
    assert kept(review).state is ReviewState.PUBLISHED


@pytest.mark.parametrize(
    ("stars", "words", "wrong"),
    [
        (0, "", {"stars"}),
        (6, "Ngon", {"stars"}),
        (5, "a" * 1001, {"words"}),
        (5, "a\0", {"words"}),
        (0, "a" * 1001, {"stars", "words"}),
    ],
)
def test_what_is_wrong_is_told_by_field_at_once(
    app: Flask, at: datetime, stars: int, words: str, wrong: set[str]
) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    with pytest.raises(Invalid) as told:
        say(order, at=at, stars=stars, words=words)
    assert set(told.value.fields) == wrong
    assert db.session.scalar(select(func.count(Review.id))) == 0


def test_the_same_twice_is_once_and_other_words_need_a_look(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    first = say(order, at=at, words="Ngon", stars=4)
    again = say(order, at=at + timedelta(minutes=1), words="Ngon", stars=4)
    assert (again.code, again.version, again.said_at) == (first.code, 1, at)
    with pytest.raises(ReviewMoved):  # as if nothing had been written
        say(order, at=at, words="Dở", stars=1)
    with pytest.raises(ReviewMoved):  # as if another had
        say(buy(variant, maker, at=at), at=at, seen=3)
    now = kept(first)
    assert (now.words, now.stars, now.version) == ("Ngon", 4, 1)
    assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject == first.code)) == 1


def test_mending_sends_words_back_and_stars_along(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, stars=5, words="Ngon")
    publish(review, at=at)
    assert totals_of(review.listing_id).counts == (0, 0, 0, 0, 1)
    by = make_user(at=at).actor()
    with transaction():
        report_review(code=review.code, ground="insult", words="", by=by, at=at)
    later = at + timedelta(hours=1)
    say(order, at=later, stars=2, words="Lần này dở", seen=kept(review).version)
    now = kept(review)
    assert (now.state, now.stars, now.said_at, now.published_at) == (ReviewState.WAITING, 2, later, at)
    assert (now.reports, db.session.scalars(select(ReviewReport.answered_at)).one()) == (0, later)
    assert totals_of(review.listing_id).counts == (0, 0, 0, 0, 0)
    say(order, at=later, stars=3, seen=now.version)  # without words it is shown at once
    assert kept(review).state is ReviewState.PUBLISHED
    assert totals_of(review.listing_id).counts == (0, 0, 1, 0, 0)
    say(order, at=later, stars=1, seen=kept(review).version)
    assert totals_of(review.listing_id).counts == (1, 0, 0, 0, 0)
    assert list_astray() == []


def test_what_was_withdrawn_is_gone_and_may_be_written_anew(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, stars=5, words="Ngon")
    publish(review, at=at)
    for _ in range(2):
        with transaction():
            withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at)
    now = kept(review)
    assert (now.state, now.words, now.version) == (ReviewState.WITHDRAWN, "", 3)
    assert totals_of(review.listing_id).count == 0
    acts = select(AuditEntry.action).where(AuditEntry.subject == review.code).order_by(AuditEntry.id)
    assert db.session.scalars(acts).all() == ["review.written", "review.published", "review.withdrawn"]
    with pytest.raises(ReviewMoved):
        say(order, at=at, stars=4)
    say(order, at=at, stars=4, seen=3)
    assert kept(review).state is ReviewState.PUBLISHED
    assert totals_of(review.listing_id).counts == (0, 0, 0, 1, 0)


def test_a_refused_one_is_mended_too(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, stars=1, words="Gọi 0912345678")
    with transaction():
        refuse_review(code=review.code, seen="1.0", ground=Ground.ADVERTISING.value, remark="", by=BY, at=at)
    say(order, at=at, stars=1, words="Gọi 0912345678", seen=2)  # the same words, sent again, are read again
    now = kept(review)
    assert (now.state, now.ground, now.version) == (ReviewState.WAITING, None, 3)


def test_one_review_a_line_and_each_line_its_own(app: Flask, at: datetime) -> None:
    maker, producer, one = make_shop(at)
    two = make_offer("Bún", at=at, producer=producer)
    third = make_offer("Xa", at=at, producer=make_producer("Nơi khác", at=at))
    order = make_order((one, 1), (two, 1), (third, 1), at=at)
    receive(order, maker, at=at, position=next(p.position for p in order.parts if p.producer_id == producer.id))
    place = next(p for p in order.parts if p.producer_id == producer.id)
    for line, stars in ((1, 5), (2, 2)):
        said = Said(stars)
        with transaction():
            write_review(number=order.number, part=place.position, line=line, said=said, seen=0, by=GUEST, at=at)
    found = db.session.scalars(select(Review).order_by(Review.line_id)).all()
    assert [row.stars for row in found] == [5, 2]
    assert found[0].listing_id != found[1].listing_id
