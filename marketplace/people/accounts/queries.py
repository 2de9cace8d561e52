"""Reading accounts."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import SignIn, User
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.core.ids import token_hash


def find_user(email: str) -> User | None:
    """The account with this address, as `rules.read_email` gives it."""
    return db.session.scalar(select(User).where(User.email == email))


def get_self(by: Actor) -> User:
    """The acting person's own account, with organisation and unit."""
    user = db.session.scalar(
        select(User).where(User.id == by.user_id).options(joinedload(User.organisation), joinedload(User.unit))
    )
    if user is None:
        raise NotFound
    return user


def acting_now(before: Actor) -> Actor:
    """The same person with the role they have now, for work done later in their name; Forbidden once disabled."""
    user = db.session.scalar(select(User).where(User.id == before.user_id, User.disabled_at.is_(None)))
    if user is None:
        raise Forbidden
    return user.actor()


def find_sign_in(token: str, *, at: datetime) -> SignIn | None:
    """The sign-in that a cookie's secret names, with its user, if it still holds and the account is not disabled."""
    return db.session.scalar(
        _holding(at)
        .join(SignIn.user)
        .where(SignIn.token_hash == token_hash(token), User.disabled_at.is_(None))
        .options(joinedload(SignIn.user))
    )


def list_own_sign_ins(*, by: Actor, at: datetime) -> list[SignIn]:
    """The acting person's sign-ins that hold, newest use first."""
    return list(
        db.session.scalars(
            _holding(at).where(SignIn.user_id == by.user_id).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
        )
    )


def _holding(at: datetime) -> Select[SignIn]:
    return select(SignIn).where(SignIn.ended_at.is_(None), SignIn.expires_at > at)
