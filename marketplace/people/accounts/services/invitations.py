"""Inviting somebody into an organisation by mail, and taking an invitation up."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import Invitation, Membership, Organisation, Role, User
from marketplace.people.accounts.queries import find_user, get_invitation
from marketplace.people.accounts.services.members import own_row, owned_by
from marketplace.people.accounts.services.people import NewAccount, add_user
from marketplace.people.accounts.services.registration import forget_unconfirmed
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import new_token, random_code, token_hash
from marketplace.platform.core.words import N_

INVITATION_LASTS = timedelta(days=7)
MOST_LETTERS_A_DAY = 3


class AlreadyMember(Conflict):
    """The invited address belongs to somebody who acts for the organisation already."""

    code = "already_member"
    message = N_("Người này đã ở trong danh sách.")


class CannotJoin(Conflict):
    """The signed-in account cannot take this invitation up."""

    code = "cannot_join"
    message = N_("Thư mời gửi tới một địa chỉ khác, hoặc tài khoản này đã làm việc cho nơi khác.")


class InvitedEnough(Conflict):
    """An address is written to at most three times a day for one organisation."""

    code = "invited_enough"
    message = N_("Hôm nay đã gửi ba thư mời tới địa chỉ này. Hãy đợi tới mai.")


def invite(*, email: str, by: Actor, at: datetime) -> Invitation:
    """Ask the address, by a letter with a link, to join the acting owner's organisation; an open one is renewed."""
    organisation_id = owned_by(by)
    known = find_user(email)
    if known is not None and known.organisation_id == organisation_id:
        raise AlreadyMember
    sent_today = db.session.scalar(
        select(func.count()).where(
            Invitation.organisation_id == organisation_id,
            Invitation.email == email,
            Invitation.created_at > at - timedelta(days=1),
        )
    )
    if (sent_today or 0) >= MOST_LETTERS_A_DAY:
        raise InvitedEnough
    _withdraw(organisation_id, at, Invitation.email == email)
    token = new_token()
    invitation = Invitation(
        code=random_code(10),
        organisation_id=organisation_id,
        email=email,
        token_hash=token_hash(token),
        invited_by=by.name,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    organisation = db.session.get_one(Organisation, organisation_id)
    mails.invited(invitation, organisation, own_row(by), token, at=at)
    record(by=by, action="invitation.sent", subject_type="invitation", subject=invitation.code, at=at)
    return invitation


def withdraw_invitation(*, code: str, by: Actor, at: datetime) -> None:
    """Take an open invitation back; another organisation's is NotFound."""
    if _withdraw(owned_by(by), at, Invitation.code == code) != 1:
        raise NotFound
    record(by=by, action="invitation.withdrawn", subject_type="invitation", subject=code, at=at)


def join(*, token: str, by: Actor, at: datetime) -> User:
    """The signed-in buyer takes an invitation up, if it was sent to their address (CannotJoin)."""
    invitation = _take(token, at=at)
    user = db.session.get_one(User, by.user_id)
    if user.email != invitation.email or user.role is not Role.BUYER:
        raise CannotJoin
    return _become_member(user, invitation, at=at)


def join_as_new(*, token: str, name: str, password_hash: str, language: str, at: datetime) -> User:
    """Somebody without an account takes an invitation up: the link proves the address, so it is confirmed."""
    invitation = _take(token, at=at)
    known = find_user(invitation.email)
    if known is not None and known.confirmed_at is not None:
        raise CannotJoin
    if known is not None:
        forget_unconfirmed(known)
    account = NewAccount(
        email=invitation.email, name=name, password_hash=password_hash, role=Role.BUYER, language=language
    )
    user = add_user(account=account, by=Actor(name=nfc(name)), at=at, confirmed_at=at)
    return _become_member(user, invitation, at=at)


def _withdraw(organisation_id: int, at: datetime, which: ColumnElement[bool]) -> int:
    return rows_changed(
        update(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            which,
        )
        .values(withdrawn_at=at)
    )


def _take(token: str, *, at: datetime) -> Invitation:
    invitation = get_invitation(token, at=at)
    taken = rows_changed(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(accepted_at=at)
    )
    if taken != 1:
        raise NotFound
    return invitation


def _become_member(user: User, invitation: Invitation, *, at: datetime) -> User:
    user.role = Role(invitation.organisation.kind.value)
    user.organisation_id, user.membership = invitation.organisation_id, Membership.MEMBER
    db.session.flush()
    record(by=user.actor(), action="member.joined", subject_type="user", subject=user.code, at=at)
    return user
