"""Reading distributors."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import Organisation
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.trade.distributors.models import Distributor


def get_own_organisation(by: Actor) -> Organisation:
    """The organisation that the actor acts for, or NotFound."""
    if by.organisation_id is None:
        raise NotFound
    return db.session.get_one(Organisation, by.organisation_id)


def find_own(by: Actor) -> Distributor | None:
    """What the actor's organisation has said of itself, if anything yet."""
    return db.session.scalar(
        select(Distributor)
        .where(Distributor.organisation_id == by.organisation_id)
        .options(joinedload(Distributor.organisation))
    )
