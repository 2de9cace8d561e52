"""Officers save one floor plan at once: one wins, the others are told, nothing of anybody's is written over.

Or a booth is given while it is drawn away: one of the two happens. Where nobody asks what a drawing began with, many
win, each writing over the one before.
"""

from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.trade.exhibitors.models import Application, ApplicationState, Placing
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.floorplans.models import Booth, SavedPlan
from marketplace.trade.floorplans.queries import layout_of, newest_number
from marketplace.trade.floorplans.rules import Layout
from marketplace.trade.floorplans.services import save_plan
from tests.builders import BY, make_producer
from tests.conftest import AT
from tests.fairing import make_edition
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.floors import booth, plan, row_layout

TRIES = 16
A_LOOK = 0.2  # seconds between looking and saving


@pytest.mark.parametrize("guarded", [True, False])
def test_one_of_many_saves_wins(shop: Flask, guarded: bool) -> None:
    with shop.app_context():
        edition = make_edition(at=AT)
        plan(edition, at=AT)
        drawn = layout_of(edition.id)

    def save(n: int) -> bool:
        sleep(A_LOOK)
        layout = Layout(drawn.halls, (*drawn.booths, booth("new-1", f"X{n}", x=0, y=600)), drawn.landmarks)
        try:
            with transaction():
                base = 1 if guarded else newest_number(get_edition(edition.code, hold=True).id)
                save_plan(code=edition.code, layout=layout, base_number=base, by=BY, at=AT)
        except (Refusal, IntegrityError):
            return False
        return True

    saved = together(shop, save, TRIES, processes=TRIES)
    assert saved == 1 if guarded else saved > 1
    with shop.app_context():
        assert db.session.scalar(select(func.count(SavedPlan.id))) == 1 + saved
        assert len(layout_of(edition.id).booths) == 4


def test_a_booth_is_given_or_gone(shop: Flask) -> None:
    """The room above gives a booth away while another officer draws it away: never a placing without its booth."""
    with shop.app_context():
        edition = make_edition(at=AT)
        plan(edition, row_layout(1), at=AT)
        producer = make_producer("HTX Nùng", at=AT)
        with transaction():
            row = Application(code="DKRACE", edition_id=edition.id, producer_id=producer.id, created_at=AT)
            row.state = ApplicationState.CONFIRMED
            db.session.add(row)
        booth_id = db.session.scalar(select(Booth.id))
        empty = Layout(layout_of(edition.id).halls)

    def give_or_go(n: int) -> bool:
        try:
            with transaction():
                if n:
                    save_plan(code=edition.code, layout=empty, base_number=1, by=BY, at=AT)
                else:
                    placed = Placing(application_id=row.id, booth_id=booth_id, placed_by=BY.name)
                    placed.placed_at = AT + timedelta(minutes=1)
                    db.session.add(placed)
        except (Refusal, IntegrityError):
            return False
        return True

    assert together(shop, give_or_go, 2, processes=2) == 1
    with shop.app_context():
        left = db.session.scalar(select(func.count(Booth.id))), db.session.scalar(select(func.count(Placing.id)))
        assert left in ((1, 1), (0, 0))
