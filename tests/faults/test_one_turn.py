"""Officers give the same producer a turn, or place the same, at once: one is placed. Processes count at once: no loss.

Where somebody looks first and places afterwards, many turns come of it; where a sum is read and written back, counts
are lost.
"""

from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.trade.promotion.counting import Tally, add_up
from marketplace.trade.promotion.models import Audience, Place, Placement, PlacementDay, Target
from marketplace.trade.promotion.queries import list_turns
from marketplace.trade.promotion.services import give_turn, place_target
from tests.builders import BY, make_offer, make_producer
from tests.conftest import AT, TODAY
from tests.curating import make_placement, schedule, slug_of
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together

TRIES = 8
A_LOOK = 0.2  # seconds between looking and writing


@pytest.mark.parametrize("guarded", [True, False])
def test_one_turn_is_given(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        maker = make_producer("HTX Xa", at=AT)
        listing_id = make_offer(at=AT, producer=maker).listing_id

    def give(n: int) -> bool:
        seen = bool(list_turns([maker.id], on=TODAY))
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    give_turn(producer=maker.slug, by=BY, at=AT)
                elif not seen:
                    db.session.add(bare(listing_id, n))
        except (Refusal, IntegrityError):
            return False
        return not seen

    given = together(shop, give, TRIES, processes=TRIES)
    assert given == 1 if guarded else given > 1
    with shop.app_context():
        assert db.session.scalar(select(func.count(Placement.id))) == given


@pytest.mark.parametrize("guarded", [True, False])
def test_the_same_is_placed_once(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        variant = make_offer(at=AT)
        slug, listing_id = slug_of(variant), variant.listing_id

    def place(n: int) -> bool:
        seen = bool(db.session.scalar(select(func.count(Placement.id))))
        sleep(A_LOOK)
        try:
            with transaction():
                if guarded:
                    days = schedule(TODAY, starts=n % 3)
                    where, what = Place.FEATURED_ROW, Target.PRODUCT
                    place_target(place=where, target=what, slug=slug, schedule=days, by=BY, at=AT)
                elif not seen:
                    db.session.add(bare(listing_id, n))
        except Refusal:
            return False
        return not seen

    placed = together(shop, place, TRIES, processes=TRIES)
    assert placed == 1 if guarded else placed > 1
    with shop.app_context():
        assert db.session.scalar(select(func.count(Placement.id))) == placed


def bare(listing_id: int, n: int) -> Placement:
    """A placement that nobody asked whether it may be."""
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=6)}
    row = Placement(code=f"TB{n:08}", place=Place.FEATURED_ROW, category="", listing_id=listing_id, position=0, **days)
    row.audience, row.reason, row.created_at, row.created_by = Audience.BOTH, "Vào mùa", AT, "builder"
    return row


@pytest.mark.parametrize("guarded", [True, False])
def test_counts_of_many_processes_add_up(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        placed = make_placement(slug_of(make_offer(at=AT)), at=AT)
        with transaction():
            db.session.add(PlacementDay(placement_id=placed.id, day=TODAY))

    def write(_n: int) -> bool:
        row = (PlacementDay.placement_id == placed.id, PlacementDay.day == TODAY)
        before = db.session.scalar(select(PlacementDay.shown).where(*row)) or 0
        sleep(A_LOOK)
        tally = Tally()
        for minutes in range(5):
            tally.count([placed.id], "shown", at=AT + timedelta(minutes=minutes))
        with transaction():
            if guarded:
                add_up(tally.take())
            else:
                db.session.execute(update(PlacementDay).where(*row).values(shown=before + 5))
        return True

    assert together(shop, write, TRIES, processes=TRIES) == TRIES
    with shop.app_context():
        shown = db.session.scalar(select(PlacementDay.shown).where(PlacementDay.placement_id == placed.id)) or 0
        assert shown == 5 * TRIES if guarded else shown < 5 * TRIES
