"""Builders of floor plans: a hall with a row of booths, somebody placed in one."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.ids import random_code
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.models import Application, ApplicationState, Placing, ShownGoods
from marketplace.trade.fairs.models import Edition
from marketplace.trade.floorplans.models import Booth, LandmarkKind, SavedPlan
from marketplace.trade.floorplans.queries import get_booth, list_booths, newest_number
from marketplace.trade.floorplans.rules import BoothPlan, Direction, HallPlan, LandmarkPlan, Layout, row_of
from marketplace.trade.floorplans.services import save_plan
from tests.builders import BY


def booth(code: str = "new-1", label: str = "A1", **said: Any) -> BoothPlan:
    """Three metres by three in the first hall's corner."""
    plain = BoothPlan(code=code, hall=0, label=label, x=0, y=0, width=300, depth=300)
    return replace(plain, **said)


def row_layout(count: int = 3) -> Layout:
    """A hall of 30 by 20 metres with a row A1, A2 … and the entrance."""
    door = LandmarkPlan(0, LandmarkKind.ENTRANCE, 0, 1900, 200, 100)
    hall = HallPlan("Nhà bạt 1", 3000, 2000, "Marquee 1")
    return Layout((hall,), tuple(row_of(booth(), count, 0, Direction.RIGHT)), (door,))


def plan(edition: Edition, layout: Layout | None = None, *, at: datetime) -> SavedPlan:
    """Save a layout as the edition's newest plan."""
    base = newest_number(edition.id)
    with transaction():
        return save_plan(code=edition.code, layout=layout or row_layout(), base_number=base, by=BY, at=at)


def codes_of(edition: Edition) -> dict[str, str]:
    """The booths' codes by label."""
    return {each.label: each.code for each in list_booths(edition.id)}


def place(
    edition: Edition,
    label: str,
    producer: Producer,
    *listings: Listing,
    at: datetime,
    published: bool = True,
    released: bool = False,
) -> Booth:
    """Put a producer with what it brings into a booth."""
    stand = get_booth(edition.id, codes_of(edition)[label])
    with transaction():
        row = Application(
            code=f"DK{random_code(8)}",
            edition_id=edition.id,
            producer_id=producer.id,
            state=ApplicationState.CONFIRMED,
            created_at=at,
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(ShownGoods(application_id=row.id, listing_id=each.id) for each in listings)
        placing = Placing(application_id=row.id, booth_id=stand.id, placed_at=at, placed_by=BY.name)
        placing.published_at = at if published else None
        placing.released_at = at if released else None
        db.session.add(placing)
    return stand
