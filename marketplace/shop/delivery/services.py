"""Opening, changing and closing a place where buyers fetch what they ordered."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.delivery.policies import KEEP_PICKUPS

MOST_FEE = Money(1_000_000)


@dataclass(frozen=True)
class PickupFacts:
    """What a point is called, where it is, whose people hand over there, what a parcel costs."""

    name: str
    commune_id: int
    street: str
    phone: str | None
    organisation_id: int
    fee: Money
    page: str = ""


def keep_pickup(*, pickup_id: int | None, facts: PickupFacts, by: Actor, at: datetime) -> PickupPoint:
    """A new point, or the one that was, as these facts say; it takes orders from now on."""
    if not KEEP_PICKUPS.held_by(by):
        raise Forbidden
    if not Money(0) <= facts.fee <= MOST_FEE:
        raise Invalid({"fee": N_("Phí nhận tại điểm từ 0 đến 1.000.000 đồng.")})
    point = db.session.get(PickupPoint, pickup_id) if pickup_id is not None else None
    if point is None:
        point = PickupPoint(code=f"DN{random_code(8)}")
        db.session.add(point)
    for name, value in vars(facts).items():
        setattr(point, name, value)
    point.closed_at = None
    db.session.flush()
    _record(point, "opened", by, at)
    return point


def close_pickup(*, pickup_id: int, by: Actor, at: datetime) -> None:
    """Take no new orders at a point; what is on its way there is still handed over."""
    if not KEEP_PICKUPS.held_by(by):
        raise Forbidden
    point = db.session.get_one(PickupPoint, pickup_id)
    if point.closed_at is None:
        point.closed_at = at
        _record(point, "closed", by, at)


def _record(point: PickupPoint, what: str, by: Actor, at: datetime) -> None:
    detail = {"name": point.name, "fee": point.fee.amount}
    record(by=by, action=f"pickup.{what}", subject_type="pickup", subject=point.code, at=at, detail=detail)
