"""Reading the address book."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from marketplace.people.addresses.models import SavedAddress
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound


def list_addresses(*, by: Actor) -> list[SavedAddress]:
    """The acting person's addresses with commune and province, the default first."""
    query = _own(by).order_by(SavedAddress.is_default.desc(), SavedAddress.label, SavedAddress.id)
    return list(db.session.scalars(query))


def get_address(code: str, *, by: Actor) -> SavedAddress:
    """One of the acting person's addresses; anyone else's is NotFound."""
    found = db.session.scalar(_own(by).where(SavedAddress.code == code))
    if found is None:
        raise NotFound
    return found


def count_addresses(*, by: Actor) -> int:
    """How many addresses the acting person keeps."""
    return db.session.scalar(select(func.count()).where(SavedAddress.user_id == by.user_id)) or 0


def _own(by: Actor) -> Select[SavedAddress]:
    place = joinedload(SavedAddress.commune).joinedload(AdministrativeUnit.parent)
    return select(SavedAddress).where(SavedAddress.user_id == by.user_id).options(place)
