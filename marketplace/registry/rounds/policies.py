"""Who sees the rounds and who keeps them."""

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.platform.core.access import Actor, Permission

SEE_ROUNDS = Permission("rounds:see", OFFICERS)
KEEP_ROUNDS = Permission("rounds:keep", frozenset({Role.PROVINCE_OFFICER, Role.ADMIN}))


def kept_within(by: Actor, unit_id: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """What the officers of `by`'s unit keep: what they made, and what an administrator made for everyone."""
    if by.unit_id is None:
        return true()
    return or_(unit_id.is_(None), unit_id == by.unit_id)
