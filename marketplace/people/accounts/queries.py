"""Reading accounts."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import Invitation, Membership, Organisation, SignIn, User
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
