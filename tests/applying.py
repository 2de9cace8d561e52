"""Builders of exhibitors: makers with a certified product, applications sent, booths, offers; as people do it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.models import Application, Decision, Placing
from marketplace.trade.exhibitors.queries import find_row
from marketplace.trade.exhibitors.services import (
    ApplicationFacts,
    mark_pending,
    publish_decisions,
    save_application,
    submit,
)
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.floorplans.models import Booth, Hall
from tests.builders import BY, make_certificate, make_listing, make_producer, make_product, make_user
from tests.fairing import lead_to

HOME = "12"
LATE = datetime(2026, 12, 8, 5, 0, tzinfo=UTC)  # after the deadline, ten days before the fair
CRITERIA = (("Chất lượng", "Quality", 60), ("Gian đẹp", "", 40))


@dataclass(frozen=True)
class Exhibitor:
    """A maker with one certified product on show."""

    user: User
    producer: Producer
    listing: Listing

    @property
    def by(self) -> Actor:
        return self.user.actor()


def make_exhibitor(
    name: str = "HTX Thử",
    *,
    at: datetime,
    commune: str = "03390",
    stars: int = 4,
    set_code: str = "I.3.b",
    verified: bool = True,
    certified: bool = True,
    **certificate: Any,
) -> Exhibitor:
    """A maker; its product has a certificate in force over the fair unless said otherwise."""
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(name, at=at, user=user, commune=commune, verified=True)
    product = make_product(producer, f"Miến {name}", at=at, set_code=set_code)
    if certified:
        make_certificate(product, at=at, stars=stars, **certificate)
    listing, _variant = make_listing(product, at=at)
    if not verified:
        with transaction():
            db.session.get_one(Producer, producer.id).verified_at = None
    return Exhibitor(user, producer, listing)


def apply(who: Exhibitor, code: str, *, at: datetime, sent: bool = True, **said: Any) -> Application:
    """Its application with its product, sent."""
    facts = ApplicationFacts(**{"goods": frozenset({who.listing.slug}), **said})
    with transaction():
        row = save_application(code=code, facts=facts, by=who.by, at=at)
    if sent:
        with transaction():
            submit(code=code, by=who.by, at=at)
    return again(row)


def again(row: Application) -> Application:
    """The application as it stands now."""
    return find_row(row.id)


def decide(code: str, decision: Decision, *rows: Application, at: datetime, reason: str = "") -> None:
    """Decide about these and publish, once the edition is in selection."""
    lead_to(code, EditionState.SELECTION, at=at)
    with transaction():
        mark_pending(code=code, applications=[row.code for row in rows], decision=decision, reason=reason, by=BY, at=at)
    with transaction():
        publish_decisions(code=code, home=HOME, by=BY, at=at)


def make_booth(code: str, label: str = "A1", *, price: int = 2_000_000, blocked: bool = False) -> Booth:
    """A booth of an edition's hall."""
    with transaction():
        edition = get_edition(code)
        number = db.session.scalar(select(func.count()).where(Hall.edition_id == edition.id)) or 0
        hall = Hall(edition_id=edition.id, number=number, name=f"Nhà {label}", width=2000, depth=2000)
        db.session.add(hall)
        db.session.flush()
        booth = Booth(code=f"GI{edition.id}{label}", edition_id=edition.id, hall_id=hall.id, label=label)
        booth.zone_id = edition.zones[0].id if edition.zones else None
        booth.x, booth.y, booth.width, booth.depth = 0, 0, 300, 300
        booth.price, booth.blocked = Money(price), blocked
        db.session.add(booth)
    return booth


def place(row: Application, booth: Booth, *, at: datetime, published: bool = True) -> Placing:
    """It stands in a booth."""
    with transaction():
        placing = Placing(application_id=row.id, booth_id=booth.id, placed_at=at, placed_by="builder")
        placing.published_at = at if published else None
        db.session.add(placing)
    return placing
