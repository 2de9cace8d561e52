"""An officer's part: published, refused, kept; by the same right as pages; what changed since is noticed; totals."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.reviews.models import Ground, Review, ReviewReport, ReviewState, ReviewTotal
from marketplace.shop.reviews.queries import (
    Pile,
    bought_line,
    count_piles,
    list_astray,
    list_pile,
    list_to_judge,
    totals_of,
)
from marketplace.shop.reviews.services import (
    ReportedAlready,
    ReviewMoved,
    keep_review,
    publish_review,
    refuse_review,
    report_review,
    withdraw_review,
)
from tests.builders import BY, make_offer, make_producer, make_user
from tests.reviewing import buy, kept, make_review, make_shop, publish, say
from tests.shop.reviews.test_writing import letters


def report(review: Review, by: Actor, *, at: datetime, ground: str = "insult", words: str = "") -> None:
    with transaction():
        report_review(code=review.code, ground=ground, words=words, by=by, at=at)


def refuse(review: Review, ground: str = "insult", remark: str = "", *, at: datetime, seen: str = "") -> None:
    mark = seen or kept(review).mark
    with transaction():
        refuse_review(code=review.code, seen=mark, ground=ground, remark=remark, by=BY, at=at)


def test_an_officer_publishes_and_both_are_told(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    officer, buyer = make_user(Role.PROVINCE_OFFICER, at=at), make_user(at=at)
    review = make_review(variant, maker, at=at, stars=3, words="Tạm", shown=False, by=buyer.actor())
    assert [each.code for each in list_to_judge(by=officer.actor())] == [review.code]
    later = at + timedelta(hours=1)
    with transaction():
        publish_review(code=review.code, seen="1.0", by=officer.actor(), at=later)
    now = kept(review)
    assert (now.state, now.published_at, now.version) == (ReviewState.PUBLISHED, later, 2)
    assert totals_of(now.listing_id).counts == (0, 0, 1, 0, 0)
    assert list_to_judge(by=officer.actor()) == []
    assert letters("review-published%") == [("yen@example.com", "Đánh giá của bạn đã hiện: Miến của Lò miến")]
    assert letters("review-arrived%") == [(maker.email, "Khách vừa đánh giá Miến của Lò miến")]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "review.published")).one()
    assert (entry.actor_id, entry.subject) == (officer.id, review.code)
    with pytest.raises(ReviewMoved), transaction():  # the same click again
        publish_review(code=review.code, seen="1.0", by=officer.actor(), at=later)
    with pytest.raises(ReviewMoved), transaction():  # published it is already
        publish_review(code=review.code, seen="2.0", by=officer.actor(), at=later)
    assert totals_of(now.listing_id).counts == (0, 0, 1, 0, 0)


def test_makers_are_written_to_once_a_day(app: Flask, at: datetime) -> None:
    maker, producer, variant = make_shop(at)
    for _ in range(3):
        make_review(variant, maker, at=at, words="Ngon")
    make_review(make_offer("Bún", at=at, producer=producer), maker, at=at)
    assert len(letters("review-arrived%")) == 1
    told = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.key.like("review-arrived%"))).one()
    assert ("5 trên 5 sao" in told, "Ngon" in told) == (True, False)
    other, _, theirs = make_shop(at, "Lò khác")
    make_review(theirs, other, at=at)
    assert [to for to, _ in letters("review-arrived%")] == [maker.email, other.email]
    tomorrow = at + timedelta(hours=12, minutes=1)  # one minute past midnight in Vietnam
    make_review(variant, maker, at=tomorrow)
    assert [to for to, _ in letters("review-arrived%")] == [maker.email, other.email, maker.email]


def test_a_refusal_has_a_ground_and_its_writer_reads_it(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, stars=1, words="Đồ <b>tồi</b>", shown=False)
    for ground, remark, wrong in (
        ("", "", "ground"),
        ("few_stars", "", "ground"),
        ("other", " ", "remark"),
        ("insult", "a" * 501, "remark"),
    ):
        with pytest.raises(Invalid) as told:
            refuse(review, ground, remark, at=at)
        assert set(told.value.fields) == {wrong}
    assert kept(review).state is ReviewState.WAITING
    refuse(review, "other", "Viết lại cho nhẹ lời <i>nhé</i>", at=at)
    now = kept(review)
    assert (now.state, now.ground, now.remark) == (ReviewState.REFUSED, Ground.OTHER, "Viết lại cho nhẹ lời <i>nhé</i>")
    letter = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.like("review-refused%"))).one()
    assert "Lý do khác" in letter.text
    assert "không được đăng" in letter.text
    assert "<i>nhé</i>" not in letter.html
    assert f"/orders/{number_of(review)}/reviews/1/1?key=" in letter.text
    assert letters("review-arrived%") == []
    with pytest.raises(ReviewMoved):
        refuse(review, at=at)
    publish(review, at=at)  # an officer may think better of it
    now = kept(review)
    assert (now.state, now.ground, now.remark) == (ReviewState.PUBLISHED, None, "")


def number_of(review: Review) -> str:
    return bought_line(review).part.order.number


def test_what_is_taken_down_counts_no_more(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, stars=2)
    refuse(review, at=at)
    assert totals_of(review.listing_id).count == 0
    letter = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key.like("review-refused%"))).one()
    assert "được gỡ xuống" in letter.text
    assert list_astray() == []


def test_of_two_officers_the_second_is_told(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, words="Ngon")
    say(order, at=at, words="Ngon, thật đấy", seen=1)
    for verb in (partial(publish_review), partial(refuse_review, ground="insult", remark="")):
        with pytest.raises(ReviewMoved), transaction():
            verb(code=review.code, seen="1.0", by=BY, at=at)  # saw the words before
    publish(review, at=at)
    mark = kept(review).mark
    report(review, make_user(at=at).actor(), at=at)
    with pytest.raises(ReviewMoved):  # did not see the report
        refuse(review, at=at, seen=mark)
    assert kept(review).state is ReviewState.PUBLISHED


@pytest.mark.parametrize("role", [Role.BUYER, Role.PRODUCER, Role.DISTRIBUTOR, Role.COMMUNE_OFFICER])
def test_nobody_else_judges(app: Flask, at: datetime, role: Role) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Dở", shown=False)
    by = (maker if role is Role.PRODUCER else make_user(role, at=at)).actor()
    _nobody(review, by, at)


def test_nor_an_officer_of_elsewhere_nor_one_who_acts_for_the_maker(app: Flask, at: datetime) -> None:
    maker, producer, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Dở", shown=False)
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    _nobody(review, make_user(Role.PROVINCE_OFFICER, at=at, unit="01").actor(), at)
    _nobody(review, Actor(officer.id, "Bà Hoa", Role.PRODUCER, producer.organisation_id, behalf="Lò miến"), at)


def _nobody(review: Review, by: Actor, at: datetime) -> None:
    verbs: tuple[Callable[..., None], ...] = (
        publish_review,
        partial(refuse_review, ground="insult", remark=""),
        keep_review,
    )
    for verb in verbs:
        with pytest.raises(NotFound), transaction():
            verb(code=review.code, seen="1.0", by=by, at=at)
    assert (kept(review).state, kept(review).version) == (ReviewState.WAITING, 1)
    assert count_piles(by=by) == dict.fromkeys(Pile, 0)
    assert list_pile(Pile.WAITING, by=by) == []


def test_what_its_writer_took_back_is_nobody_s_to_judge(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    order = buy(variant, maker, at=at)
    review = say(order, at=at, words="Ngon")
    with transaction():
        withdraw_review(number=order.number, part=1, line=1, by=GUEST, at=at)
    with pytest.raises(NotFound):
        publish(review, at=at)


def test_a_report_brings_it_back_while_it_stays(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon")
    one, two = (make_user(at=at) for _ in range(2))
    for by in (GUEST, Actor(one.id, "x", Role.PRODUCER, behalf="Lò")):
        with pytest.raises(Forbidden):
            report(review, by, at=at)
    for ground, words, wrong in (("", "", "ground"), ("other", "", "words"), ("insult", "a" * 301, "words")):
        with pytest.raises(Invalid) as told:
            report(review, one.actor(), at=at, ground=ground, words=words)
        assert set(told.value.fields) == {wrong}
    report(review, one.actor(), at=at, ground="other", words="Không phải")
    with pytest.raises(ReportedAlready):
        report(review, one.actor(), at=at)
    report(review, two.actor(), at=at + timedelta(hours=1))
    now = kept(review)
    assert (now.state, now.reports, now.reported_at, now.mark) == (ReviewState.PUBLISHED, 2, at, "2.2")
    assert count_piles(by=BY) == {Pile.WAITING: 0, Pile.REPORTED: 1, Pile.PUBLISHED: 0, Pile.REFUSED: 0}
    assert totals_of(now.listing_id).count == 1
    with pytest.raises(ReviewMoved), transaction():
        keep_review(code=review.code, seen="2.1", by=BY, at=at)
    with transaction():
        keep_review(code=review.code, seen="2.2", by=BY, at=at)
    now = kept(review)
    assert (now.state, now.reports, now.reported_at, now.version) == (ReviewState.PUBLISHED, 0, None, 3)
    assert db.session.scalars(select(ReviewReport.answered_at)).all() == [at, at]
    with pytest.raises(ReviewMoved), transaction():  # nothing is reported
        keep_review(code=review.code, seen="3.0", by=BY, at=at)
    assert len(letters("review-%")) == 2  # published and arrived, none of the reports
    report(review, one.actor(), at=at)  # of what it says after another look
    assert kept(review).reports == 1


def test_only_what_is_shown_is_reported(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at, words="Ngon", shown=False)
    with pytest.raises(NotFound):
        report(review, make_user(at=at).actor(), at=at)
    assert db.session.scalar(select(func.count(ReviewReport.id))) == 0


def test_what_waits_longest_comes_first(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    shown = make_review(variant, maker, at=at, words="Một")
    late, early = (make_review(variant, maker, at=at, words=words, shown=False) for words in ("Hai", "Ba"))
    report(shown, make_user(at=at).actor(), at=at + timedelta(hours=1))
    with transaction():
        for row, hours in ((late, 2), (early, -2)):
            then = at + timedelta(hours=hours)
            db.session.execute(update(Review).where(Review.id == row.id).values(said_at=then))
    assert [each.code for each in list_to_judge(by=BY)] == [early.code, shown.code, late.code]
    assert [each.code for each in list_pile(Pile.WAITING, by=BY, page=2, per_page=1)] == [late.code]
    refuse(late, at=at)
    assert [each.code for each in list_pile(Pile.REFUSED, by=BY)] == [late.code]
    assert list_pile(Pile.PUBLISHED, by=BY) == []


def test_nobody_is_written_to_whose_account_is_gone(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    buyer = make_user(at=at)
    review = make_review(variant, maker, at=at, words="Ngon", shown=False, by=buyer.actor())
    with transaction():
        db.session.get_one(User, buyer.id).erased_at = at
    publish(review, at=at)
    assert letters("review-published%") == []


def test_totals_are_kept_through_anything(app: Flask, at: datetime) -> None:
    """Random verbs in random order; after each the kept totals are what counting comes to."""
    chance = random.Random(7)
    maker, _, variant = make_shop(at)
    second = make_offer("Bún", at=at, producer=make_producer("Xa", at=at, user=make_user(Role.PRODUCER, at=at)))
    assert second.id != variant.id
    orders = [buy(variant, maker, at=at) for _ in range(5)]
    readers = [make_user(at=at).actor() for _ in range(3)]
    found: dict[str, Review] = {}
    done = 0
    for n in range(120):
        order = chance.choice(orders)
        then = at + timedelta(minutes=n)
        review = found.get(order.number)
        now = kept(review) if review else None
        words = chance.choice(("", "", f"Lời {n}"))
        verbs: list[Callable[[], object]] = [
            lambda o=order, r=now, w=words, t=then: say(  # type: ignore[misc] # bound now, called at once
                o, at=t, stars=chance.randint(1, 5), words=w, seen=r.version if r else 0
            )
        ]
        if now is not None:
            place = {"number": order.number, "part": 1, "line": 1}
            verbs += [
                partial(_in_a_block, withdraw_review, **place, by=GUEST, at=then),
                partial(publish, now, at=then),
                partial(refuse, now, at=then),
                partial(report, now, chance.choice(readers), at=then),
                partial(_in_a_block, keep_review, code=now.code, seen=now.mark, by=BY, at=then),
            ]
        try:
            made = chance.choice(verbs)()
        except (Conflict, NotFound):
            continue
        done += 1
        if isinstance(made, Review):
            found[order.number] = made
        assert list_astray() == [], n
    assert done > 60


def _in_a_block(verb: Callable[..., None], **facts: object) -> None:
    with transaction():
        verb(**facts)


def test_what_does_not_add_up_is_found(app: Flask, at: datetime) -> None:
    maker, _, variant = make_shop(at)
    review = make_review(variant, maker, at=at)
    with transaction():
        db.session.execute(update(ReviewTotal).values(fives=2))
    assert list_astray() == [review.listing_id]
