"""Two write, judge, publish or ask at the same moment: one review a line, one decision, totals that add up, one letter.

Each guard is also taken away, and the fault shows.
"""

import multiprocessing
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.reviews.jobs import watch_reviews
from marketplace.shop.reviews.models import Review, ReviewState, ReviewTotal
from marketplace.shop.reviews.queries import find_of_line, get_judged, get_line, list_astray, totals_of
from marketplace.shop.reviews.services import Said, publish_review, refuse_review, write_review
from marketplace.shop.reviews.services.writing import _first
from tests.builders import BY
from tests.conftest import AT
from tests.faults.test_judged_at_once import QUEUED, meet, unlocked
from tests.faults.test_judged_at_once import house as house
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.reviewing import buy, make_review, make_shop, publish

MANY = 8


def once(work: Callable[[int], object]) -> Callable[[int], bool]:
    """Whether the database itself had to stop it, which nobody should see; a refusal is an answer like any other."""

    def tried(n: int) -> bool:
        try:
            work(n)
        except Refusal:
            return False
        except IntegrityError:
            db.session.rollback()
            return True
        return False

    return tried


@pytest.mark.race
@pytest.mark.parametrize("guarded", [True, False])
def test_a_line_gets_one_review(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        maker, _, variant = make_shop(AT)
        order = buy(variant, maker, at=AT)
        line = order.parts[0].lines[0].id
    met = multiprocessing.get_context("fork").Barrier(MANY)

    def write(n: int) -> None:
        said = Said(stars=1 + n % 5, words=f"Lời {n}")
        before = find_of_line(line)
        met.wait(60)
        with transaction():
            if guarded:
                write_review(number=order.number, part=1, line=1, said=said, seen=0, by=GUEST, at=AT)
            elif before is None:
                _first(get_line(order.number, 1, 1), said, said.words, "", AT)

    stopped = together(shop, once(write), MANY, processes=MANY)
    assert stopped == 0 if guarded else stopped > 0
    with shop.app_context():
        assert db.session.scalar(select(func.count(Review.id))) == 1
        if guarded:
            written = select(func.count(AuditEntry.id)).where(AuditEntry.action == "review.written")
            assert db.session.scalar(written) == 1


@pytest.mark.race
def test_one_click_in_many_places_is_one_review(shop: Flask) -> None:
    with shop.app_context():
        maker, _, variant = make_shop(AT)
        order = buy(variant, maker, at=AT)

    def write(_n: int) -> bool:
        with transaction():
            return bool(
                write_review(number=order.number, part=1, line=1, said=Said(4), seen=0, by=GUEST, at=AT).version == 1
            )

    assert together(shop, write, MANY, processes=MANY) == MANY
    with shop.app_context():
        review = db.session.scalars(select(Review)).one()
        assert totals_of(review.listing_id).counts == (0, 0, 0, 1, 0)
        assert list_astray() == []


@pytest.mark.race
@pytest.mark.parametrize("guarded", [True, False])
def test_many_published_at_once_add_up(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop.app_context():
        maker, _, variant = make_shop(AT)
        first = make_review(variant, maker, at=AT, words="Một")
        codes = [make_review(variant, maker, at=AT, words="Ngon", shown=False).code for _ in range(MANY)]
    met = multiprocessing.get_context("fork").Barrier(MANY)

    def publish_one(n: int) -> bool:
        seen = totals_of(first.listing_id).counts[4]
        met.wait(60)
        if not guarded:

            def written_back(listing_id: int, _stars: int, more: int) -> None:
                row = update(ReviewTotal).where(ReviewTotal.listing_id == listing_id)
                db.session.execute(row.values(fives=seen + more))

            monkeypatch.setattr("marketplace.shop.reviews.services.steps.count", written_back)
        with transaction():
            publish_review(code=codes[n], seen="1.0", by=BY, at=AT)
        return True

    assert together(shop, publish_one, MANY, processes=MANY) == MANY
    with shop.app_context():
        fives = totals_of(first.listing_id).counts[4]
        assert fives == MANY + 1 if guarded else fives < MANY + 1
        assert list_astray() == ([] if guarded else [first.listing_id])
        told = select(func.count(OutgoingMail.id)).where(OutgoingMail.key.like("review-arrived%"))
        assert db.session.scalar(told) == 1


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_of_two_officers_the_second_is_told(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        maker, _, variant = make_shop(AT)
        code = make_review(variant, maker, at=AT, words="Ngon", shown=False).code
    if guard == "unjudged":
        judging = "marketplace.shop.reviews.services.judging._seen"
        monkeypatch.setattr(judging, lambda code, _seen, _to, *, by: get_judged(code, by=by, hold=True))
    if guard == "unlocked":
        monkeypatch.setattr("marketplace.shop.reviews.queries.held", unlocked)
    came = meet(
        house,
        lambda: publish_review(code=code, seen="1.0", by=BY, at=AT),
        lambda: refuse_review(code=code, seen="1.0", ground="insult", remark="", by=BY, at=AT),
    )
    with house.app_context():
        state = db.session.scalar(select(Review.state))
        told = or_(*(OutgoingMail.key.startswith(f"review-{what}") for what in ("published", "refused")))
        letters = db.session.scalars(select(OutgoingMail.key).where(told)).all()
    if guard == "whole":
        assert (came, state, len(letters)) == ("409 review_moved", ReviewState.PUBLISHED, 1)
    else:  # the fault: both decided, and the writer holds two letters that say opposite things
        assert (came, state, len(letters)) == ("done", ReviewState.REFUSED, 2)


@pytest.mark.race
@pytest.mark.parametrize("guarded", [True, False])
def test_many_workers_ask_once(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop.app_context():
        maker, _, variant = make_shop(AT)
        buy(variant, maker, at=AT, days_ago=8)
    if not guarded:
        monkeypatch.setattr("marketplace.shop.reviews.services.asking.make_once", lambda _table, **_values: True)

    def ask(_n: int) -> bool:
        try:
            return bool(watch_reviews(AT))
        except IntegrityError:  # the outbox's own key, the last line
            db.session.rollback()
            return True

    asked = together(shop, ask, MANY, processes=MANY)
    assert asked == 1 if guarded else asked > 1
    with shop.app_context():
        letters = select(func.count(OutgoingMail.id)).where(OutgoingMail.key.like("review-asked%"))
        assert db.session.scalar(letters) == 1


@pytest.mark.race
def test_publishing_meets_mending_without_losing_a_count(shop: Flask) -> None:
    """Writers mend to other stars while officers publish: whichever was first, what is kept is what counting gives."""
    with shop.app_context():
        maker, _, variant = make_shop(AT)
        orders = [buy(variant, maker, at=AT) for _ in range(MANY // 2)]
        codes = []
        for order in orders:
            with transaction():
                said = Said(5, "Ngon")
                made = write_review(number=order.number, part=1, line=1, said=said, seen=0, by=GUEST, at=AT)
            codes.append(made.code)
        publish(make_review(variant, maker, at=AT, words="Trước", shown=False), at=AT)

    def act(n: int) -> bool:
        try:
            with transaction():
                if n % 2:
                    publish_review(code=codes[n // 2], seen="1.0", by=BY, at=AT)
                else:
                    place = {"part": 1, "line": 1, "seen": 1}
                    write_review(number=orders[n // 2].number, said=Said(2), by=GUEST, at=AT, **place)
        except Refusal:
            return False
        return True

    assert together(shop, act, MANY, processes=MANY) == MANY // 2
    with shop.app_context():
        assert list_astray() == []
