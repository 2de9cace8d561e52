"""A year whose every figure is known: a plan, certificates, dossiers, activities, support, sales of two years."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from marketplace.office.outreach.models import Activity, ActivityKind
from marketplace.office.outreach.services import ActivityFacts, record_activity
from marketplace.office.programme.models import Indicator
from marketplace.office.programme.services import Aim, PlanFacts, write_plan
from marketplace.office.support.models import Support, SupportKind
from marketplace.office.support.services import SupportFacts, record_support
from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.verification.models import Verification, VerificationState
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order, OrderPart, PartEvent, PartState
from tests.builders import BY, make_certificate, make_offer, make_order, make_producer, make_product, make_user

DISTRICT, COMMUNE, OTHER_COMMUNE = "106", "before", "03388"
HERE, THERE = "03390", "03388"  # a commune of former district 106, and one of another
AIMS = {Indicator.NEW_PRODUCTS: Aim(4, 6, 5), Indicator.UPGRADES: Aim(1, None, 3), Indicator.PEOPLE_REACHED: Aim(100)}


def plan(
    *,
    at: datetime,
    unit: str = "12",
    aims: dict[Indicator, Aim] | None = None,
    seen: int = 0,
    by: Actor = BY,
    year: int = 2026,
    number: str = "12/KH-UBND",
    sets: tuple[str, ...] | None = ("I.3.b",),
) -> None:
    """Write targets of a unit."""
    facts = PlanFacts(number, date(2026, 1, 15), unit, AIMS if aims is None else aims, sets)
    with transaction():
        write_plan(year=year, facts=facts, seen=seen, province_code="12", by=by, at=at)


def make_activity(
    *,
    at: datetime,
    unit: str = "2025:03390",
    people: int = 40,
    days_ago: int = 10,
    title: str = "Phát thanh xã",
    kind: ActivityKind = ActivityKind.BROADCAST,
    by: Actor = BY,
) -> Activity:
    """Something held so many days ago."""
    facts = ActivityFacts(unit, kind, title, at.date() - timedelta(days=days_ago), "Người dân", people, "Nhà văn hóa")
    with transaction():
        return record_activity(facts=facts, by=by, at=at)


def make_support(
    producer: Producer,
    *,
    at: datetime,
    amount: int = 5_000_000,
    days_ago: int = 10,
    by: Actor = BY,
    kind: SupportKind = SupportKind.PACKAGING,
) -> Support:
    """Something given so many days ago."""
    facts = SupportFacts(
        producer.slug, kind, "Chương trình OCOP", "Thiết kế bao bì", Money(amount), at.date() - timedelta(days=days_ago)
    )
    with transaction():
        return record_support(facts=facts, by=by, at=at)


def sell(variant: Variant, quantity: int, on: date, *, at: datetime, state: PartState = PartState.COMPLETED) -> Order:
    """An order placed now, as if it had been placed at noon of a day and come to a state."""
    order = make_order((variant, quantity), at=at)
    with transaction():
        moment = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
        db.session.execute(update(Order).where(Order.id == order.id).values(placed_at=moment))
        move_part(order, state, at)
    return order


def move_part(order: Order, state: PartState, at: datetime) -> None:
    """The order's part comes to a state, with its step; in the open block."""
    part = db.session.query(OrderPart).where(OrderPart.order_id == order.id).one()
    part.state = state
    db.session.add(PartEvent(part_id=part.id, state=state, at=at, note=""))
    db.session.flush()


def lead(producer: Producer, *, woman: bool, minority: bool, at: datetime) -> None:
    """Say who leads a producer."""
    with transaction():
        row = Verification(producer_id=producer.id, state=VerificationState.OPEN, started_at=at)
        row.led_by_woman, row.led_by_minority = woman, minority
        db.session.add(row)


@dataclass(frozen=True)
class Year:
    """Makers here and there, what they sell, and the noodles' certificates."""

    here: Producer
    there: Producer
    noodles: Variant
    tea: Variant
    upgraded: Certificate


def make_year(*, at: datetime) -> Year:
    """At 23 November 2026. New in the year: noodles, tea, a revoked one; upgraded: a jam of 2024; renewed: another.

    Sold: noodles for 150.000 in March 2026 and 50.000 in March 2025, tea for 40.000 in November 2026; a cancelled and
    an unfinished order count nowhere.
    """
    here = make_producer("Lò miến", at=at, commune=HERE)
    there = make_producer("Xưởng chè", at=at, commune=THERE)
    noodles = make_offer("Miến", at=at, producer=here, days_ago=300, stock=90)
    tea = make_offer("Chè", at=at, producer=there, set_code="I.5.a", days_ago=200, price=40_000, stock=90)
    jam, old = make_product(here, "Mứt", at=at), make_product(here, "Bún", at=at)
    make_certificate(jam, at=at, stars=3, days_ago=900)
    upgraded = make_certificate(jam, at=at, stars=4, days_ago=30)
    make_certificate(old, at=at, stars=4, days_ago=900)
    make_certificate(old, at=at, stars=4, days_ago=40)
    with transaction():
        db.session.execute(update(Producer).where(Producer.id == there.id).values(kind=ProducerKind.COMPANY))
        db.session.execute(update(Listing).values(published_at=at - timedelta(days=800)))
    lead(here, woman=True, minority=True, at=at)
    sell(noodles, 3, date(2026, 3, 10), at=at)
    sell(noodles, 1, date(2025, 3, 20), at=at, state=PartState.DELIVERED)
    sell(tea, 1, date(2026, 11, 2), at=at)
    sell(tea, 2, date(2026, 4, 2), at=at, state=PartState.CANCELLED)
    sell(noodles, 2, date(2026, 4, 2), at=at, state=PartState.SHIPPED)
    return Year(here, there, noodles, tea, upgraded)


def officer(role: Role, *, at: datetime, unit: str = "") -> Actor:
    """An officer as services know one."""
    return make_user(role, at=at, unit=unit).actor()
