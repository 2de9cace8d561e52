"""Passwords: setting a new one by mail, changing one's own. Hashing is the caller's, before the block opens."""

from datetime import datetime

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import LinkPurpose, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services.links import end_links, issue_link, many_already, take_link
from marketplace.people.accounts.services.signing_in import end_sign_ins_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.db import db


def start_reset(*, email: str, at: datetime) -> None:
    """Send the link that sets a new password, where the address has an open account; at most five a day.

    Says nothing about whether it did. Unknown addresses cost the same letter, which is thrown away.
    """
    user = find_user(email)
    if (
        user is None
        or user.confirmed_at is None
        or user.disabled_at is not None
        or many_already(user, LinkPurpose.RESET, at=at)
    ):
        mails.reset_for_nobody()
        return
    mails.reset(user, issue_link(user, LinkPurpose.RESET, at=at), at=at)
    record(by=user.actor(), action="user.reset_asked", subject_type="user", subject=user.code, at=at)


def finish_reset(*, token: str, password_hash: str, at: datetime) -> User:
    """Set a new password by the link: every sign-in ends, every other link too, and a letter says so."""
    user = take_link(token, purpose=LinkPurpose.RESET, at=at).user
    _set(user, password_hash, at=at)
    end_sign_ins_of(user.id, at=at)
    record(by=user.actor(), action="user.password_reset", subject_type="user", subject=user.code, at=at)
    return user


def change_password(*, password_hash: str, keep: str, by: Actor, at: datetime) -> None:
    """Set the acting person's new password, the old one having been checked; sign-ins other than `keep` end."""
    user = db.session.get_one(User, in_person(by).user_id)
    _set(user, password_hash, at=at)
    ended = end_sign_ins_of(user.id, at=at, keep=keep)
    detail = {"ended": ended}
    record(by=by, action="user.password_changed", subject_type="user", subject=user.code, at=at, detail=detail)


def _set(user: User, password_hash: str, *, at: datetime) -> None:
    user.password_hash = password_hash
    end_links(user, LinkPurpose.RESET, LinkPurpose.CHANGE_EMAIL, at=at)
    mails.password_changed(user, at=at)
