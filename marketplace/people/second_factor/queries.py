"""Reading second factors."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.people.second_factor.models import RecoveryCode, SecondFactor, SecondStep, SecurityKey
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import token_hash


def find_factor(user_id: int) -> SecondFactor | None:
    """A person's second factor, one still being set up too."""
    return db.session.get(SecondFactor, user_id)


def own_factor(*, by: Actor) -> SecondFactor | None:
    """The acting person's second factor, one still being set up too."""
    return find_factor(by.user_id or 0)


def list_keys(user_id: int) -> list[SecurityKey]:
    """A person's security keys, the oldest first."""
    return list(db.session.scalars(select(SecurityKey).where(SecurityKey.user_id == user_id).order_by(SecurityKey.id)))


def count_paper_codes(user_id: int) -> int:
    """How many of a person's codes on paper are still good."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left) or 0


def find_step(token: str, *, at: datetime) -> SecondStep | None:
    """The sign-in with this secret that still waits for its second step, its account loaded."""
    waiting = select(SecondStep).where(
        SecondStep.token_hash == token_hash(token), SecondStep.ended_at.is_(None), SecondStep.expires_at > at
    )
    return db.session.scalar(waiting.options(joinedload(SecondStep.user)))
