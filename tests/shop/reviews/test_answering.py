"""The maker's reply, the letter that asks once, and what is left of a person who is struck out."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.faces.own_data.services import erase
from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.orders.links import order_key
from marketplace.shop.reviews.jobs import watch_reviews
from marketplace.shop.reviews.models import Review, ReviewAsked, ReviewReport, ReviewState
from marketplace.shop.reviews.queries import count_own, list_astray, list_own, list_published, totals_of
from marketplace.shop.reviews.services import (
    ReviewMoved,
    ask_for_reviews,
    reply_to_review,
    report_review,
    withdraw_reply,
    withdraw_review,
)
from tests.builders import make_offer, make_order, make_producer, make_user
from tests.reviewing import buy, kept, make_review, make_shop, publish, receive, say
from tests.shop.reviews.test_writing import letters


def reply(review: Review, words: str, by: Actor, *, at: datetime, seen: int = 0) -> None:
    with transaction():
        reply_to_review(code=review.code, words=words, seen=seen, by=by, at=at)


def test_one_reply_said_changed_and_withdrawn(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon")
    by = maker.actor()
    assert (count_own(by=by), count_own(by=by, unanswered=True)) == (1, 1)
    for words in (" ", "a" * 601, "a\0"):
        with pytest.raises(Invalid) as told:
            reply(review, words, by, at=at)
        assert set(told.value.fields) == {"words"}
    reply(review, "Cảm ơn", by, at=at)
    reply(review, "Cảm ơn", by, at=at + timedelta(hours=1))  # the same click again
    now = kept(review)
    assert (now.reply, now.replied_at, now.reply_version, now.answered_before) == ("Cảm ơn", at, 1, False)
    with pytest.raises(ReviewMoved):  # a colleague was faster
        reply(review, "Khác", by, at=at)
    with pytest.raises(ReviewMoved), transaction():
        withdraw_reply(code=review.code, seen=0, by=by, at=at)
    reply(review, "Khác", by, at=at, seen=1)
    assert (list_own(by=by, unanswered=True), [each.reply for each in list_own(by=by)]) == ([], ["Khác"])
    for _ in range(2):
        with transaction():
            withdraw_reply(code=review.code, seen=2, by=by, at=at)
    now = kept(review)
    assert (now.reply, now.replied_at, now.reply_version) == ("", None, 3)
    acts = select(AuditEntry.action).where(AuditEntry.subject == review.code, AuditEntry.actor_id == maker.id)
    told_of = ["review.answered", "review.answered", "review.unanswered"]
    assert db.session.scalars(acts.order_by(AuditEntry.id)).all() == told_of


def test_who_acts_for_the_maker_replies_and_the_trail_says_so(app: Flask, at: datetime) -> None:
    maker, producer, variant = make_shop(at)
    review = make_review(variant, maker, at=at)
    officer = make_user(Role.COMMUNE_OFFICER, at=at)
    acting = Actor(officer.id, officer.name, Role.PRODUCER, producer.organisation_id, behalf="Lò miến")
    reply(review, "Cảm ơn", acting, at=at)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "review.answered")).one()
    assert (entry.actor_id, entry.detail["on_behalf_of"]) == (officer.id, "Lò miến")


def test_nobody_else_replies_and_nothing_hidden_is_answered(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    shown = make_review(variant, maker, at=at)
    hidden = make_review(variant, maker, at=at, words="Ngon", shown=False)
    others = [make_user(role, at=at) for role in (Role.BUYER, Role.PRODUCER, Role.PROVINCE_OFFICER, Role.ADMIN)]
    others.append(make_shop(at, "Lò khác")[0])
    for by in (GUEST, *(user.actor() for user in others)):
        with pytest.raises(NotFound):
            reply(shown, "Cảm ơn", by, at=at)
        with pytest.raises(NotFound), transaction():
            withdraw_reply(code=shown.code, seen=0, by=by, at=at)
        assert list_own(by=by) == []
    with pytest.raises(NotFound):
        reply(hidden, "Cảm ơn", maker.actor(), at=at)
    assert db.session.scalars(select(Review.reply)).all() == ["", ""]


def test_a_reply_older_than_the_words_says_so_and_goes_with_them(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, stars=2)
    reply(review, "Xin lỗi", maker.actor(), at=at)
    say(order, at=at + timedelta(hours=1), stars=4, seen=1)
    assert (kept(review).reply, kept(review).answered_before) == ("Xin lỗi", True)
    with transaction():
        withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at)
    assert (kept(review).reply, kept(review).replied_at) == ("", None)


def test_a_buyer_is_asked_once_a_week_after_delivery(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at, days_ago=0)
    week = at + timedelta(days=7)
    assert watch_reviews(week - timedelta(seconds=1)) == 0
    assert (watch_reviews(week), watch_reviews(week), watch_reviews(week + timedelta(days=1))) == (1, 0, 0)
    letter = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.like("review-asked%"))).one()
    assert letter.to_address == order.email
    assert f"/orders/{order.number}?key={order_key(order.number)}#reviews" in letter.text
    assert "Miến của Lò miến" in letter.text
    assert db.session.scalars(select(ReviewAsked.at)).all() == [week]


def test_one_letter_for_all_that_came_by_then(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    other, _, theirs = make_shop(at, "Lò khác")
    third, _, late = make_shop(at, "Lò chậm")
    order = make_order((variant, 1), (theirs, 1), (late, 1), at=at)
    who = {each.producer_id: each.position for each in order.parts}
    for user, goods, days in ((maker, variant, 0), (other, theirs, 1), (third, late, 3)):
        position = next(p.position for p in order.parts if p.lines[0].variant_id == goods.id)
        receive(order, user, at=at + timedelta(days=days), position=position)
    assert len(who) == 3
    assert watch_reviews(at + timedelta(days=8)) == 1
    text = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.key.like("review-asked%"))).one()
    assert ("Miến của Lò miến" in text, "Miến của Lò khác" in text, "Miến của Lò chậm" in text) == (True, True, False)
    assert watch_reviews(at + timedelta(days=10)) == 1
    assert len(letters("review-asked%")) == 2


def test_nobody_is_asked_in_vain(app: Flask, at: datetime) -> None:
    """What was reviewed, what came long ago, what was asked by another worker, a person who is gone."""
    maker, _, variant = make_shop(at)
    say(buy(variant, maker, at=at, days_ago=8), at=at)
    buy(variant, maker, at=at, days_ago=31)
    gone = make_user(at=at)
    buy(variant, maker, at=at, days_ago=8, by=gone.actor())
    taken = buy(variant, maker, at=at, days_ago=8)
    member = make_user(at=at)
    asked = buy(variant, maker, at=at, days_ago=8, by=member.actor())
    with transaction():
        db.session.get_one(User, gone.id).erased_at = at
        db.session.add(ReviewAsked(part_id=taken.parts[0].id, at=at))
    with transaction():
        assert not ask_for_reviews(order_id=taken.id, part_ids=[taken.parts[0].id], at=at)
    assert watch_reviews(at) == 1
    assert [to for to, _ in letters("review-asked%")] == [asked.email]
    assert db.session.scalar(select(func.count()).select_from(ReviewAsked)) == 4
    assert watch_reviews(at) == 0


def test_who_is_struck_out_leaves_stars_and_nothing_else(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    user, other = make_user(at=at, name="Nguyễn Thị Sen"), make_user(at=at)
    shown = make_review(variant, maker, at=at, stars=4, words="Ngon", named=True, by=user.actor())
    waiting = make_review(variant, maker, at=at, words="Chưa ai xem", shown=False, by=user.actor())
    reply(shown, "Cảm ơn chị Sen", maker.actor(), at=at)
    theirs = make_review(variant, maker, at=at, stars=2, words="Của người khác", by=other.actor())
    with transaction():
        report_review(code=shown.code, ground="other", words="Sai", by=other.actor(), at=at)
        report_review(code=theirs.code, ground="other", words="Tôi là Sen", by=user.actor(), at=at)
        erase(by=user.actor(), at=at)
    now = kept(shown)
    assert (now.state, now.stars, now.words, now.signed) == (ReviewState.PUBLISHED, 4, "", "")
    assert (now.reply, now.replied_at, now.erased_at, now.reports) == ("", None, at, 0)
    gone = kept(waiting)
    assert (gone.state, gone.words, gone.erased_at) == (ReviewState.WITHDRAWN, "", at)
    assert totals_of(shown.listing_id).counts == (0, 1, 0, 1, 0)
    assert [row.words for row in list_published(shown.listing_id)] == ["Của người khác", ""]
    reported = db.session.scalars(select(ReviewReport).order_by(ReviewReport.id)).all()
    assert [(row.review_id, row.words) for row in reported] == [(shown.id, "Sai"), (theirs.id, "")]
    assert list_astray() == []
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "review.erased")).all()
    assert {entry.subject for entry in entries} == {shown.code, waiting.code}
    assert all("Sen" not in entry.actor_name for entry in entries)


def test_what_is_left_is_nobody_s_to_change(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    user = make_user(at=at)
    order = buy(variant, maker, at=at, by=user.actor())
    review = say(order, at=at, stars=4, words="Ngon", by=user.actor())
    publish(review, at=at)
    with transaction():
        db.session.get_one(User, user.id).phone = None
    with transaction():
        erase(by=user.actor(), at=at)
    with pytest.raises(NotFound):
        say(order, at=at, stars=1, seen=3)  # by the order's link
    with pytest.raises(NotFound), transaction():
        withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at)
    assert kept(review).stars == 4


def test_goods_of_a_producer_without_people(app: Flask, at: datetime) -> None:
    """Nobody is there to be told, and nobody replies."""
    nobody = make_producer("Không ai", at=at)
    variant = make_offer("Miến", at=at, producer=nobody)
    admin = make_user(Role.ADMIN, at=at)
    order = make_order((variant, 1), at=at)
    assert count_own(by=admin.actor()) == 0
    assert watch_reviews(at + timedelta(days=9)) == 0
    assert order.parts[0].producer_id == nobody.id
