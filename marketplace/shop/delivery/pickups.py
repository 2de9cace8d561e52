"""Reading the places where buyers fetch what they ordered."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import db, held
from marketplace.shop.delivery.models import PickupPoint


def list_open_pickups() -> list[PickupPoint]:
    """The points that take orders, by name, each with its commune and province."""
    query = _loaded().where(PickupPoint.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(PickupPoint.name, PickupPoint.id)))


def find_open_pickup(code: str) -> PickupPoint | None:
    """The point of this code, with commune and province, if it takes orders."""
    return db.session.scalar(_loaded().where(PickupPoint.code == code, PickupPoint.closed_at.is_(None)))


def find_chosen(pickup_id: int | None, *, hold: bool = False) -> PickupPoint | None:
    """The point that a checkout chose, with commune and province, if it takes orders still.

    `hold` keeps it from being closed until the block ends.
    """
    query = _loaded().where(PickupPoint.id == pickup_id, PickupPoint.closed_at.is_(None))
    return db.session.scalar(held(query, PickupPoint) if hold else query) if pickup_id is not None else None


def _loaded() -> Select[PickupPoint]:
    return select(PickupPoint).options(joinedload(PickupPoint.commune).joinedload(AdministrativeUnit.parent))
