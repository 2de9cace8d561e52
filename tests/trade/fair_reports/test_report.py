"""A fair's report, counted by hand; its series; one exhibitor's own part; what people think of it."""

from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.trade.fair_reports.models import LONGEST_WORDS, FairFeedback
from marketplace.trade.fair_reports.queries import find_feedback, own_part, report_of, sums_of_series
from marketplace.trade.fair_reports.rules import Opinion, Signed
from marketplace.trade.fair_reports.services import NotAsking, NotAVisitor, rate_as_exhibitor, rate_as_visitor
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.services import move
from marketplace.trade.visitors.models import Ticket, TicketState
from tests.builders import BY, make_user
from tests.exhibiting import make_exhibitor
from tests.fairing import make_edition
from tests.reporting import FIRST, LAST, SECOND, Held, make_held
from tests.visiting import make_ticket


@pytest.fixture
def held(app: Flask, at: datetime) -> Held:
    return make_held(at=at)


def test_counted_by_hand(held: Held) -> None:
    found = report_of(get_edition(held.edition.code))
    parts = [(p.application.producer.name, p.products, p.taken, p.orders, p.leads) for p in found.exhibitors]
    assert parts == [("Lò miến", 3, Money(100_000), 1, 2), ("Xưởng chè", 1, Money(5_000), 0, 1)]
    assert (found.exhibitors[0].ordered, found.ordered, found.orders) == (Money(50_000), Money(50_000), 1)
    assert [each.producer.name for each in found.no_shows] == ["Vườn quả"]
    assert [count for _name, count in found.places] == [1, 1]
    assert found.kinds == {ProducerKind.COMPANY: 1, ProducerKind.COOPERATIVE: 1}
    assert (found.sets, found.products, found.leads) == ((("I.3.b", 3), ("II.1.a", 1)), 4, 3)
    assert (found.planned, found.spent, found.meetings) == (Money(1_000), Money(650), 0)
    assert (found.memoranda, found.contracts) == (Signed(1, Money(900)), Signed(1, Money(500)))


def test_visitors_takings_and_opinions(held: Held) -> None:
    found = report_of(get_edition(held.edition.code))
    assert found.visitors == 3  # a session's list is no gate
    assert found.visits == {(FIRST, 9): 2, (FIRST, 14): 1, (SECOND, 9): 1}  # two gates on a day: once, the earlier
    assert found.visits_by_day == {FIRST: 3, SECOND: 1, LAST: 0}
    assert found.visits_by_hour == {9: 3, 10: 0, 11: 0, 12: 0, 13: 0, 14: 1}
    assert found.days == {FIRST: Money(95_000), SECOND: Money(10_000), LAST: Money(0)}
    assert found.taken == Money(105_000)
    assert (found.by_exhibitors.average, found.by_visitors.average) == (Decimal("4.5"), Decimal("3.3"))
    assert found.by_visitors.given == {3: 2, 4: 1}
    assert set(found.words) == {"Thiếu ghế.", "Đông khách."}


def test_an_edition_to_which_nobody_came(app: Flask, at: datetime) -> None:
    found = report_of(make_edition(at=at, state=EditionState.CLOSED))
    assert (found.exhibitors, found.visits, found.hours, found.taken) == ((), {}, [], Money(0))
    assert (found.by_visitors.average, found.contracts) == (None, Signed(0, Money(0)))


def test_beside_the_earlier_editions(held: Held) -> None:
    earlier, latest = sums_of_series(get_edition(held.edition.code))
    assert (earlier.edition.code, earlier.exhibitors, earlier.visitors) == (held.earlier.code, 1, 0)
    assert (earlier.taken, earlier.average) == (Money(1_000), None)
    assert (latest.exhibitors, latest.visitors, latest.taken) == (2, 3, Money(105_000))
    assert latest.average == Decimal("3.8")  # nineteen stars of five
    assert [each.edition.code for each in sums_of_series(get_edition(held.earlier.code))] == [held.earlier.code]


def test_only_editions_that_took_place_are_set_beside(held: Held, at: datetime) -> None:
    series = get_edition(held.edition.code).fair.code
    make_edition(at=at, state=EditionState.OPEN, series=series)
    newest = make_edition(at=at, state=EditionState.OPEN, series=series)
    codes = [each.edition.code for each in sums_of_series(get_edition(newest.code))]
    assert codes == [held.earlier.code, held.edition.code, newest.code]


def test_one_exhibitors_own_part(held: Held, at: datetime) -> None:
    part = own_part(held.edition.code, by=held.maker.actor())
    assert part.days == {FIRST: Money(90_000), SECOND: Money(10_000), LAST: Money(0)}
    assert (part.taken, part.sales, part.orders, part.ordered) == (Money(100_000), 1, 1, Money(50_000))
    assert (part.leads, part.visitors) == (2, 3)
    assert part.feedback is not None
    assert part.feedback.rating == 5
    for by in (make_user(Role.PRODUCER, at=at).actor(), Actor(role=Role.PRODUCER)):
        with pytest.raises(NotFound):
            own_part(held.edition.code, by=by)


def test_given_again_the_last_word_counts(held: Held, at: datetime) -> None:
    ticket = held.tickets[0]
    with transaction():
        rate_as_exhibitor(edition=held.edition.code, rating=1, words="x" * 2_000, by=held.maker.actor(), at=at)
        rate_as_visitor(code=held.edition.code, ticket=ticket.code, rating=2, words=" Ồn. ", at=at)
    mine, theirs = find_feedback(application_id=held.stand.id), find_feedback(ticket_id=ticket.id)
    assert mine is not None
    assert theirs is not None
    assert (mine.rating, len(mine.words), theirs.rating, theirs.words) == (1, LONGEST_WORDS, 2, "Ồn.")
    assert _count() == 5


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(FairFeedback)) or 0


@pytest.mark.parametrize("rating", [0, 6])
def test_stars_from_one_to_five(held: Held, rating: int, at: datetime) -> None:
    code, ticket = held.edition.code, held.tickets[3].code
    with pytest.raises(Invalid) as told, transaction():
        rate_as_visitor(code=code, ticket=ticket, rating=rating, words="", at=at)
    assert set(told.value.fields) == {"rating"}
    with pytest.raises(Invalid), transaction():
        rate_as_exhibitor(edition=code, rating=rating, words="", by=held.maker.actor(), at=at)
    assert _count() == 5


def test_who_may_say_it_and_when(held: Held, at: datetime) -> None:
    code = held.edition.code
    stranger = make_user(Role.PRODUCER, at=at).actor()
    for by, refusal in ((stranger, NotFound), (BY, Forbidden)):
        with pytest.raises(refusal), transaction():
            rate_as_exhibitor(edition=code, rating=3, words="", by=by, at=at)
    with transaction():
        db.session.get_one(Ticket, held.tickets[3].id).state = TicketState.CANCELLED
    with pytest.raises(NotAVisitor), transaction():
        rate_as_visitor(code=code, ticket=held.tickets[3].code, rating=3, words="", at=at)
    with pytest.raises(NotFound), transaction():
        rate_as_visitor(code=code, ticket="KHONGCO", rating=3, words="", at=at)
    with transaction():
        move(code=code, to=EditionState.REPORTED, by=BY, at=at)
    with pytest.raises(NotAsking), transaction():
        rate_as_exhibitor(edition=code, rating=1, words="", by=held.maker.actor(), at=at)
    assert _count() == 5


def test_not_before_it_opens(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.ALLOCATED)
    user, _, _ = make_exhibitor(edition, "Lò miến", at=at)
    ticket = make_ticket(edition, at=at)
    with pytest.raises(NotAsking), transaction():
        rate_as_exhibitor(edition=edition.code, rating=5, words="", by=user.actor(), at=at)
    with pytest.raises(NotAsking), transaction():
        rate_as_visitor(code=edition.code, ticket=ticket.code, rating=5, words="", at=at)
    assert _count() == 0


def test_an_average_is_rounded_half_up() -> None:
    assert (Opinion({4: 1, 5: 3}).average, Opinion({5: 1, 2: 19}).average) == (Decimal("4.8"), Decimal("2.2"))
