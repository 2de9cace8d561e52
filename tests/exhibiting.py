"""Builders of exhibitors: a floor plan laid out, producers with applications in a state; as the rooms keep them."""

from datetime import datetime
from itertools import count
from typing import Any

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.queries import get_variant
from marketplace.trade.exhibitors.models import Application, ApplicationState, ShownGoods
from marketplace.trade.fairs.models import Edition
from marketplace.trade.floorplans.models import Booth, Hall
from tests.builders import make_offer, make_producer, make_user

_numbers = count(1)


def lay_booths(edition: Edition, *booths: dict[str, Any], hall: str = "Nhà A") -> list[Booth]:
    """A hall with a row of booths of three metres, A1 and on, with what is said of each; `zone` is one's number."""
    with transaction():
        number = db.session.query(Hall).where(Hall.edition_id == edition.id).count()
        ground = Hall(edition_id=edition.id, number=number, name=hall, width=5_000, depth=3_000)
        db.session.add(ground)
        db.session.flush()
        rows = []
        for n, said in enumerate(booths):
            usual: dict[str, Any] = {"x": n * 300, "y": 0, "width": 300, "depth": 300, "price": Money(0)}
            zone = edition.zones[said["zone"]].id if "zone" in said else None
            rest = {name: value for name, value in said.items() if name != "zone"}
            label = f"{'ABCDEFG'[number]}{n + 1}"
            row = Booth(
                code=f"GH{next(_numbers):08}", edition_id=edition.id, hall_id=ground.id, label=label, zone_id=zone
            )
            for name, value in {**usual, **rest}.items():
                setattr(row, name, value)
            rows.append(row)
        db.session.add_all(rows)
    return rows


def make_exhibitor(
    edition: Edition,
    name: str,
    *,
    at: datetime,
    state: ApplicationState = ApplicationState.CONFIRMED,
    commune: str = "03390",
    **said: Any,
) -> tuple[User, Producer, Application]:
    """A verified producer with one product on sale and an application for the edition in a state."""
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(name, at=at, user=user, commune=commune)
    variant = make_offer(f"Món {name}", at=at, producer=producer)
    listing = db.session.get_one(Listing, get_variant(variant.sku).listing_id)
    with transaction():
        row = Application(code=f"DK{next(_numbers):08}", edition_id=edition.id, producer_id=producer.id, state=state)
        row.created_at = row.submitted_at = row.answer_until = at
        for field, value in said.items():
            setattr(row, field, value)
        db.session.add(row)
        db.session.flush()
        db.session.add(ShownGoods(application_id=row.id, listing_id=listing.id))
    return user, producer, row
