"""Sixty-four hosts confirm at once for ten places: ten are promised. The same with the guard off must overbook."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.shop.bookings.models import BookedDay, Booking, BookingState
from marketplace.shop.bookings.queries import people_on
from marketplace.shop.bookings.rules import days_of
from marketplace.shop.bookings.services import Asked, ask, cancel_booking, confirm_booking, take_days
from marketplace.shop.catalog.models import Variant
from tests.builders import make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import AT, TODAY
from tests.faults.test_last_units import PROCESSES, shop, together

__all__ = ["shop"]

PLACES = 10
DAY = TODAY + timedelta(days=5)
LATER = AT + timedelta(minutes=1)


def _stay() -> tuple[str, Variant, object]:
    host = make_user(Role.PRODUCER, at=AT)
    product = make_product(make_producer("Bản Thử", at=AT, user=host), "Ngủ bản", at=AT, set_code="VI.1")
    make_certificate(product, at=AT)
    listing, variant = make_listing(product, at=AT, weight_g=None)
    with transaction():
        db.session.get_one(Variant, variant.id).capacity_per_day = PLACES
    return listing.slug, variant, host.actor()


def _asked(slug: str, sku: str, n: int) -> str:
    wish = Asked(slug, "Khách", "+84912345678", f"k{n}@example.com", "", sku, DAY, DAY + timedelta(days=1), 1)
    with transaction():
        return ask(key=f"k{n}", asked=wish, by=GUEST, at=AT).number


def test_ten_places_are_promised_ten_times(shop: Flask) -> None:
    with shop.app_context():
        slug, variant, by = _stay()
        numbers = [_asked(slug, variant.sku, n) for n in range(PROCESSES)]

    def confirm(n: int) -> bool:
        try:
            with transaction():
                confirm_booking(number=numbers[n], words="", by=by, at=LATER)  # type: ignore[arg-type] # an Actor
        except Refusal:
            return False
        return True

    assert together(shop, confirm, PROCESSES) == PLACES
    with shop.app_context():
        assert people_on(variant.id, days_of(DAY, DAY + timedelta(1))) == {DAY: 10, DAY + timedelta(1): 10}
        confirmed = select(func.count()).where(Booking.state == BookingState.CONFIRMED)
        assert db.session.scalar(confirmed) == PLACES


def test_cancelling_one_stay_many_times_frees_it_once(shop: Flask) -> None:
    with shop.app_context():
        slug, variant, by = _stay()
        numbers = [_asked(slug, variant.sku, n) for n in range(2)]
        for number in numbers:
            with transaction():
                confirm_booking(number=number, words="", by=by, at=AT)  # type: ignore[arg-type] # an Actor

    def cancel(_n: int) -> bool:
        try:
            with transaction():
                cancel_booking(number=numbers[0], by=GUEST, at=LATER)
        except Refusal:
            return False
        return True

    assert together(shop, cancel, PROCESSES) == 1
    with shop.app_context():
        assert people_on(variant.id, [DAY]) == {DAY: 1}


@pytest.mark.parametrize("guarded", [True, False])
def test_the_guard_is_what_holds(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        _slug, variant, _by = _stay()
        with transaction():
            take_days(variant_id=variant.id, days=[DAY], people=0, capacity=PLACES)

    def take(_n: int) -> bool:
        seen = people_on(variant.id, [DAY]).get(DAY, 0)
        try:
            with transaction():
                if guarded:
                    take_days(variant_id=variant.id, days=[DAY], people=1, capacity=PLACES)
                elif seen < PLACES:
                    db.session.execute(update(BookedDay).values(people=seen + 1))
                else:
                    return False
        except Refusal:
            return False
        return True

    taken = together(shop, take, 200)
    assert taken == PLACES if guarded else taken > PLACES
