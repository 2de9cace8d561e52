"""Bookings of services: states, words, days that are never given twice, limits, letters."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.bookings.models import TRANSITIONS, BookedDay, Booking, BookingEvent, BookingState
from marketplace.shop.bookings.queries import count_own_bookings, get_booking, list_own_bookings, people_on
from marketplace.shop.bookings.rules import days_of, trouble_with
from marketplace.shop.bookings.services import (
    Asked,
    BookingMoved,
    FullyBooked,
    KeyUsed,
    NothingToConfirm,
    TooManyOpen,
    accept_proposal,
    answer_booking,
    ask,
    cancel_booking,
    confirm_booking,
    decline_booking,
    reply,
)
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.services import move_listing
from tests.builders import BY, make_certificate, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import TODAY

DAY = TODAY + timedelta(days=10)
S = BookingState
Stay = tuple[Listing, Variant]


@pytest.fixture
def host(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at, email="host@example.com")


@pytest.fixture
def stay(host: User, at: datetime) -> Stay:
    product = make_product(make_producer("Bản Thử", at=at, user=host), "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    listing, variant = make_listing(product, at=at, weight_g=None, price=400_000)
    with transaction():
        db.session.get_one(Variant, variant.id).capacity_per_day = 4
    return listing, variant


def wish(stay: Stay, **changes: Any) -> Asked:
    facts: dict[str, Any] = {
        "listing_slug": stay[0].slug,
        "name": "Anna",
        "phone": "+84912345678",
        "email": "anna@example.com",
        "message": "Có chỗ đỗ xe không?",
        "sku": stay[1].sku,
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=1),
        "people": 2,
    }
    return Asked(**(facts | changes))


def asked_for(stay: Stay, *, at: datetime, key: str = "k", by: Actor = GUEST, **changes: Any) -> Booking:
    with transaction():
        return ask(key=key, asked=wish(stay, **changes), by=by, at=at)


def do(verb: Any, booking: Booking, *, at: datetime, by: Actor = GUEST, **facts: Any) -> None:
    with transaction():
        verb(number=booking.number, by=by, at=at, **facts)


def state(booking: Booking) -> BookingState:
    db.session.expunge_all()
    return get_booking(booking.number).state


def letters() -> list[tuple[str, str]]:
    return [(m.to_address, m.subject) for m in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def test_the_road_to_a_confirmed_stay(stay: Stay, host: User, at: datetime) -> None:
    booking = asked_for(stay, at=at)
    assert (booking.state, booking.people, booking.label, booking.listing_name) == (S.ASKED, 2, "một người", "Ngủ bản")
    by = host.actor()
    do(
        answer_booking,
        booking,
        at=at,
        by=by,
        words="Có. Hôm ấy kín, hôm sau được không?",
        proposed_on=DAY + timedelta(days=3),
    )
    found = get_booking(booking.number)
    assert (found.state, found.proposed_on, found.proposed_until) == (
        S.ANSWERED,
        DAY + timedelta(3),
        DAY + timedelta(3),
    )
    do(accept_proposal, booking, at=at + timedelta(hours=1))
    db.session.expunge_all()
    found = get_booking(booking.number)
    assert (found.state, found.starts_on, found.ends_on, found.proposed_on) == (
        S.CONFIRMED,
        DAY + timedelta(3),
        DAY + timedelta(3),
        None,
    )
    assert people_on(stay[1].id, days_of(DAY, DAY + timedelta(5))) == {DAY + timedelta(3): 2}
    assert [(e.state, e.by_guest) for e in found.events] == [(S.ASKED, True), (S.ANSWERED, False), (S.CONFIRMED, True)]
    do(cancel_booking, booking, at=at + timedelta(hours=2))
    assert (state(booking), people_on(stay[1].id, days_of(DAY, DAY + timedelta(5)))) == (S.CANCELLED, {})
    assert [to for to, _ in letters()] == [
        "anna@example.com",
        "host@example.com",
        "anna@example.com",
        "host@example.com",
        "host@example.com",
    ]
    assert letters()[2][1].startswith(f"Yêu cầu {booking.number}:")


def test_an_enquiry_is_answered_and_written_back(stay: Stay, host: User, at: datetime) -> None:
    booking = asked_for(stay, at=at, starts_on=None, ends_on=None, people=None, language="en")
    assert (booking.variant_id, booking.starts_on, booking.people, booking.unit_price) == (None, None, None, None)
    by = host.actor()
    for verb, facts in ((confirm_booking, {"words": ""}), (answer_booking, {"words": "x", "proposed_on": DAY})):
        with pytest.raises(NothingToConfirm):
            do(verb, booking, at=at, by=by, **facts)
    do(answer_booking, booking, at=at, by=by, words="Có.")
    do(reply, booking, at=at + timedelta(minutes=1), words="Cảm ơn, mấy giờ?")
    assert state(booking) is S.ASKED
    do(answer_booking, booking, at=at + timedelta(minutes=2), by=by, words="Bảy giờ.")
    do(answer_booking, booking, at=at + timedelta(minutes=3), by=by, words="À, tám giờ.")
    assert state(booking) is S.ANSWERED
    with pytest.raises(BookingMoved):
        do(accept_proposal, booking, at=at)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == "anna@example.com")).first()
    assert mail is not None
    assert "has reached Bản Thử" in mail.text
    assert "/bookings/" in mail.html


def test_sending_twice_is_once(stay: Stay, at: datetime) -> None:
    first, again = asked_for(stay, at=at), asked_for(stay, at=at)
    assert first.number == again.number
    with pytest.raises(KeyUsed):
        asked_for(stay, at=at, people=3)
    assert db.session.scalar(select(func.count()).select_from(Booking)) == 1
    assert len(letters()) == 2


def test_three_at_a_time(stay: Stay, host: User, at: datetime) -> None:
    bookings = [asked_for(stay, at=at, key=f"k{n}") for n in range(3)]
    with pytest.raises(TooManyOpen):
        asked_for(stay, at=at, key="k4")
    asked_for(stay, at=at, key="k5", email="other@example.com")
    do(cancel_booking, bookings[0], at=at)
    asked_for(stay, at=at, key="k6")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": None, "message": " "}, "message"),
        ({"sku": "NOPE"}, "sku"),
        ({"people": None}, "people"),
        ({"people": 0}, "people"),
        ({"people": 5}, "people"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on"),
    ],
)
def test_what_cannot_be_asked(stay: Stay, at: datetime, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked_for(stay, at=at, **changes)
    assert list(refused.value.fields) == [field]
    assert (db.session.scalar(select(func.count()).select_from(Booking)), letters()) == (0, [])


def test_without_a_limit_the_maker_decides(stay: Stay, host: User, at: datetime) -> None:
    with transaction():
        db.session.get_one(Variant, stay[1].id).capacity_per_day = None
    booking = asked_for(stay, at=at, people=100, ends_on=None)
    do(confirm_booking, booking, at=at, by=host.actor(), words="Vui lòng đến trước 5 giờ.")
    assert people_on(stay[1].id, [DAY]) == {DAY: 100}
    with transaction():
        db.session.get_one(Variant, stay[1].id).capacity_per_day = 50
    other = asked_for(stay, at=at, key="other", people=1)
    with pytest.raises(FullyBooked):
        do(confirm_booking, other, at=at, by=host.actor(), words="")


def test_a_full_day_is_not_promised_and_nothing_changes(stay: Stay, host: User, at: datetime) -> None:
    by = host.actor()
    one, two = (
        asked_for(stay, at=at, people=3),
        asked_for(stay, at=at, key="two", people=2, starts_on=DAY + timedelta(1)),
    )
    do(confirm_booking, one, at=at, by=by, words="")
    with pytest.raises(FullyBooked) as full:
        do(confirm_booking, two, at=at, by=by, words="")
    assert full.value.facts == {"day": f"{DAY + timedelta(1):%d/%m/%Y}"}
    assert state(two) is S.ASKED
    assert db.session.scalar(select(func.count()).select_from(BookingEvent)) == 3
    do(decline_booking, one, at=at + timedelta(1), by=by, words="Đường sạt")
    assert list(db.session.scalars(select(BookedDay.people))) == [0, 0]
    do(confirm_booking, two, at=at, by=by, words="")
    assert people_on(stay[1].id, days_of(DAY, DAY + timedelta(1))) == {DAY + timedelta(1): 2}


ACTS: dict[BookingState, Any] = {
    S.ASKED: (reply, {"words": "Thế nào?"}, False),
    S.ANSWERED: (answer_booking, {"words": "Được."}, True),
    S.CONFIRMED: (confirm_booking, {"words": ""}, True),
    S.DECLINED: (decline_booking, {"words": "Kín"}, True),
    S.CANCELLED: (cancel_booking, {}, False),
}
WAYS: dict[BookingState, list[BookingState]] = {
    S.ASKED: [],
    S.ANSWERED: [S.ANSWERED],
    S.CONFIRMED: [S.CONFIRMED],
    S.DECLINED: [S.DECLINED],
    S.CANCELLED: [S.CANCELLED],
}


@pytest.mark.parametrize("start", list(BookingState))
@pytest.mark.parametrize("end", list(BookingState))
def test_every_step_that_the_table_has_and_no_other(
    stay: Stay, host: User, at: datetime, start: BookingState, end: BookingState
) -> None:
    booking = asked_for(stay, at=at)

    def act(to: BookingState) -> None:
        verb, facts, by_maker = ACTS[to]
        do(verb, booking, at=at, by=host.actor() if by_maker else GUEST, **facts)

    for step in WAYS[start]:
        act(step)
    if end in TRANSITIONS[start]:
        act(end)
        assert state(booking) is end
    else:
        events = db.session.scalar(select(func.count()).select_from(BookingEvent))
        with pytest.raises(BookingMoved):
            act(end)
        assert state(booking) is start
        assert db.session.scalar(select(func.count()).select_from(BookingEvent)) == events
    kept = {DAY: 2, DAY + timedelta(1): 2} if state(booking) is S.CONFIRMED else {}
    assert people_on(stay[1].id, days_of(DAY, DAY + timedelta(1))) == kept


def test_only_the_maker_answers(stay: Stay, host: User, at: datetime) -> None:
    booking = asked_for(stay, at=at)
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Nơi khác", at=at, user=other)
    for by in (other.actor(), GUEST, BY, Actor(name="x", role=Role.BUYER, organisation_id=host.organisation_id)):
        for verb, words in ((answer_booking, "x"), (confirm_booking, ""), (decline_booking, "x")):
            with pytest.raises(NotFound):
                do(verb, booking, at=at, by=by, words=words)
    assert list_own_bookings(by=other.actor()) == []
    assert [b.number for b in list_own_bookings(by=host.actor(), state=S.ASKED)] == [booking.number]
    assert list_own_bookings(by=host.actor(), state=S.DECLINED) == []
    assert (count_own_bookings(by=host.actor()), count_own_bookings(by=other.actor())) == ({S.ASKED: 1}, {})
    with pytest.raises(NotFound):
        get_booking("nope")


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
def test_words_are_asked_for_and_bounded(stay: Stay, host: User, at: datetime, words: str) -> None:
    booking = asked_for(stay, at=at)
    for verb in (answer_booking, decline_booking):
        with pytest.raises(Invalid) as refused:
            do(verb, booking, at=at, by=host.actor(), words=words)
        assert list(refused.value.fields) == ["words"]
    with pytest.raises(Invalid):
        do(answer_booking, booking, at=at, by=host.actor(), words="x", proposed_on=TODAY - timedelta(days=1))
    assert state(booking) is S.ASKED


def test_goods_and_what_is_not_public_take_no_requests(stay: Stay, at: datetime) -> None:
    goods = make_offer(at=at)
    slug = db.session.get_one(Listing, goods.listing_id).slug
    with pytest.raises(NotFound):
        asked_for(stay, at=at, listing_slug=slug, sku=goods.sku)
    with transaction():
        move_listing(slug=stay[0].slug, to=ListingState.PAUSED, by=BY, at=at)
    with pytest.raises(NotFound):
        asked_for(stay, at=at)


def test_the_database_holds_it_too(stay: Stay, at: datetime) -> None:
    from sqlalchemy.exc import IntegrityError

    for day in (
        BookedDay(variant_id=stay[1].id, day=DAY, people=5, capacity=4),
        BookedDay(variant_id=stay[1].id, day=DAY, people=-1, capacity=None),
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(day)


@pytest.mark.parametrize(
    ("first", "last", "trouble"),
    [
        (0, 0, None),
        (0, 13, None),
        (0, 14, "ends_on"),
        (-1, 5, "starts_on"),
        (5, 4, "ends_on"),
        (550, 551, None),
        (551, 551, "starts_on"),
    ],
)
def test_days(first: int, last: int, trouble: str | None) -> None:
    today = date(2026, 11, 23)
    found = trouble_with(today + timedelta(days=first), today + timedelta(days=last), today=today)
    assert (found[0] if found else None) == trouble
    assert days_of(today, today + timedelta(days=2)) == [today, today + timedelta(1), today + timedelta(2)]
    assert issubclass(FullyBooked, Refusal)
