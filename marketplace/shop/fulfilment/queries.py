"""Reading parcels."""

from collections.abc import Iterable

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.shop.fulfilment.models import Parcel


def parcels_of(part_ids: Iterable[int]) -> dict[int, Parcel]:
    """The parcel of each of these parts that has one."""
    query = select(Parcel).where(Parcel.part_id.in_(list(part_ids))).order_by(Parcel.id)
    return {parcel.part_id: parcel for parcel in db.session.scalars(query)}
