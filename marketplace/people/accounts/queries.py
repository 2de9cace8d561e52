"""Reading accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import NO_PASSWORD, Invitation, Membership, Organisation, Role, SignIn, User
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.core.ids import token_hash

Listed = TypeVar("Listed", bound=Select[Any])


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


def list_all_sign_ins(*, by: Actor) -> list[SignIn]:
    """Every sign-in of the acting person, ended ones too, oldest first."""
    return list(db.session.scalars(select(SignIn).where(SignIn.user_id == by.user_id).order_by(SignIn.id)))


def list_members(*, by: Actor) -> list[User]:
    """Everyone who acts for the acting person's organisation, owners first."""
    query = _members(by).order_by(User.membership.desc(), User.name, User.id)  # owner after member
    return list(db.session.scalars(query))


def get_member(code: str, *, by: Actor) -> User:
    """One of those who act for the acting person's organisation; anyone else is NotFound."""
    member = db.session.scalar(_members(by).where(User.code == code))
    if member is None:
        raise NotFound
    return member


def people_of(organisation_id: int) -> list[User]:
    """Everyone who acts for an organisation and is not disabled: who its letters go to."""
    query = select(User).where(User.organisation_id == organisation_id, User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


@dataclass(frozen=True)
class UsersAsked:
    """Which accounts a list is asked for.

    `state` is active, unopened (never given a password), waiting, disabled, or bare: on, without a second step.
    """

    words: str = ""
    role: Role | None = None
    unit: str = ""
    state: str = ""


def list_users(asked: UsersAsked, *, page: int, per_page: int) -> list[User]:
    """One page of the accounts asked for, with organisation and unit, by name."""
    query = _asked(select(User), asked).options(joinedload(User.organisation), joinedload(User.unit))
    return list(db.session.scalars(query.order_by(User.name, User.id).limit(per_page).offset((page - 1) * per_page)))


def count_users(asked: UsersAsked) -> int:
    """How many accounts are asked for."""
    return db.session.scalar(_asked(select(func.count()).select_from(User), asked)) or 0


def get_user(code: str) -> User:
    """One account by its code, with organisation and unit; NotFound where there is none."""
    query = select(User).where(User.code == code)
    user = db.session.scalar(query.options(joinedload(User.organisation), joinedload(User.unit)))
    if user is None:
        raise NotFound
    return user


def list_sign_ins_of(user_id: int, *, at: datetime) -> list[SignIn]:
    """A person's sign-ins that hold, newest use first."""
    query = _holding(at).where(SignIn.user_id == user_id)
    return list(db.session.scalars(query.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())))


def hold_administrators() -> None:
    """Hold every administrator's row until the block ends, so that their roles change one after the other."""
    db.session.execute(select(User.id).where(User.role == Role.ADMIN).order_by(User.id).with_for_update())


def _asked(query: Listed, asked: UsersAsked) -> Listed:
    query = query.where(User.erased_at.is_(None))
    if asked.words:
        named = (column.icontains(asked.words, autoescape=True) for column in (User.name, User.email))
        query = query.where(or_(User.code == asked.words.upper(), *named))
    if asked.role is not None:
        query = query.where(User.role == asked.role)
    if asked.unit:
        query = query.where(
            User.unit_id.in_(select(AdministrativeUnit.id).where(AdministrativeUnit.code == asked.unit))
        )
    on, unopened = User.disabled_at.is_(None), User.password_hash == NO_PASSWORD
    states = {
        "active": on & User.confirmed_at.is_not(None) & ~unopened,
        "unopened": on & unopened,
        "waiting": on & User.confirmed_at.is_(None),
        "disabled": User.disabled_at.is_not(None),
        "bare": on & User.second_factor_at.is_(None) & User.role.in_(OFFICERS),
    }
    return query.where(states[asked.state]) if asked.state in states else query


def count_owners(organisation_id: int) -> int:
    """How many owners an organisation has."""
    query = select(func.count()).where(User.organisation_id == organisation_id, User.membership == Membership.OWNER)
    return db.session.scalar(query) or 0


def hold_organisation(organisation_id: int) -> None:
    """Hold an organisation until the block ends, so that changes of its members come one after the other."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())


def list_invitations(*, by: Actor, at: datetime) -> list[Invitation]:
    """The invitations of the acting person's organisation that may still be taken up, newest first."""
    query = _open_invitations(at).where(Invitation.organisation_id == by.organisation_id)
    return list(db.session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.id.desc())))


def get_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation that a letter's link names, with its organisation, if it may still be taken up."""
    invitation = db.session.scalar(
        _open_invitations(at)
        .where(Invitation.token_hash == token_hash(token))
        .options(joinedload(Invitation.organisation))
    )
    if invitation is None:
        raise NotFound
    return invitation


def _members(by: Actor) -> Select[User]:
    return select(User).where(User.organisation_id == by.organisation_id, User.organisation_id.is_not(None))


def _open_invitations(at: datetime) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > at
    )


def _holding(at: datetime) -> Select[SignIn]:
    return select(SignIn).where(SignIn.ended_at.is_(None), SignIn.expires_at > at)
