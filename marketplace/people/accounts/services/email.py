"""Changing the address one signs in with: asked for, confirmed from the new mailbox, undone from the old one."""

from datetime import datetime

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import LinkPurpose, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services.links import end_links, issue_link, take_link
from marketplace.people.accounts.services.registration import forget_unconfirmed
from marketplace.people.accounts.services.signing_in import end_sign_ins_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_


class EmailTaken(Conflict):
    """Somebody has opened an account with this address meanwhile; told only to who reads its mail."""

    code = "email_taken"
    message = N_("Địa chỉ thư này nay đã thuộc một tài khoản khác, nên không đổi được.")


def start_email_change(*, email: str, by: Actor, at: datetime) -> None:
    """Send the new address a link that confirms it, and the old one a link that undoes it.

    Where the new address has an account, its owner is told instead of being sent a link; the page does not differ.
    """
    user = db.session.get_one(User, in_person(by).user_id)
    if email == user.email:
        return
    known = find_user(email)
    end_links(user, LinkPurpose.CHANGE_EMAIL, at=at)
    if known is not None and known.confirmed_at is not None:
        mails.tried_again(known, at=at)
    else:
        token = issue_link(user, LinkPurpose.CHANGE_EMAIL, at=at, email=email)
        mails.confirm_email(user, email, token, at=at)
    undo = issue_link(user, LinkPurpose.UNDO_EMAIL, at=at)
    mails.email_changing(user, undo, at=at)
    record(by=by, action="user.email_change_asked", subject_type="user", subject=user.code, at=at)


def change_email(*, token: str, at: datetime) -> User:
    """Make the new address the account's, by its link, the password having been checked; both addresses are told."""
    link = take_link(token, purpose=LinkPurpose.CHANGE_EMAIL, at=at)
    user = link.user
    old = user.email
    _take_address(user, link.email, at=at)
    mails.email_changed(user, old, at=at)
    record(by=user.actor(), action="user.email_changed", subject_type="user", subject=user.code, at=at)
    return user


def undo_email_change(*, token: str, at: datetime) -> User:
    """Give the account its old address back, or keep it from changing; every sign-in and every link ends."""
    link = take_link(token, purpose=LinkPurpose.UNDO_EMAIL, at=at)
    user = link.user
    if user.email != link.email:
        _take_address(user, link.email, at=at)
    end_links(user, *LinkPurpose, at=at)
    end_sign_ins_of(user.id, at=at)
    mails.email_undone(user, at=at)
    record(by=user.actor(), action="user.email_undone", subject_type="user", subject=user.code, at=at)
    return user


def _take_address(user: User, email: str, *, at: datetime) -> None:
    """The unique address decides between two who come at once: the later is asked again, and finds it taken."""
    known = find_user(email)
    if known is not None and known.confirmed_at is not None:
        raise EmailTaken
    if known is not None:
        forget_unconfirmed(known)
    user.email = email
    end_links(user, LinkPurpose.RESET, LinkPurpose.CHANGE_EMAIL, at=at)
    db.session.flush()
