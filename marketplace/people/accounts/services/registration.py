"""Registering, and confirming the address by the link in the letter."""

from datetime import datetime

from sqlalchemy import delete

from marketplace.people.accounts import mails
from marketplace.people.accounts.models import LinkPurpose, Organisation, Role, User
from marketplace.people.accounts.queries import find_user
from marketplace.people.accounts.services.links import issue_link, many_already, take_link
from marketplace.people.accounts.services.people import NewAccount, add_user
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_


def register(*, account: NewAccount, at: datetime, target: str = "") -> User | None:
    """Make an unconfirmed account for somebody from outside, and send the link that confirms it.

    Where the address has a confirmed one nothing is made: its owner is written to instead, and None answered; the
    caller's page must not differ. An unconfirmed one is nobody's yet and gives way. `target` is where to go on to.
    """
    if account.role not in (Role.BUYER, Role.PRODUCER, Role.DISTRIBUTOR):
        raise Invalid({"role": N_("Chọn một vai trò.")})
    known = find_user(account.email)
    if known is not None and known.confirmed_at is not None:
        mails.tried_again(known, at=at)
        return None
    if known is not None:
        forget_unconfirmed(known)
    user = add_user(account=account, by=GUEST, at=at, confirmed_at=None)
    token = issue_link(user, LinkPurpose.CONFIRM, at=at, target=target)
    mails.confirm(user, token, at=at)
    return user


def send_confirmation(*, user_id: int, at: datetime) -> None:
    """Post the confirming letter anew to somebody who knows the password; at most five a day."""
    user = db.session.get_one(User, user_id)
    if user.confirmed_at is None and user.disabled_at is None and not many_already(user, LinkPurpose.CONFIRM, at=at):
        mails.confirm(user, issue_link(user, LinkPurpose.CONFIRM, at=at), at=at)


def confirm(*, token: str, at: datetime) -> tuple[User, str]:
    """Open the account whose registration the link speaks of; answers it and where to go on to.

    The caller has checked the password chosen at registration, so that nobody is made to open another's account.
    """
    link = take_link(token, purpose=LinkPurpose.CONFIRM, at=at)
    user = link.user
    user.confirmed_at = at
    record(by=user.actor(), action="user.confirmed", subject_type="user", subject=user.code, at=at)
    mails.welcome(user, at=at)
    return user, link.target


def forget_unconfirmed(user: User) -> None:
    """Take away an account that nobody has confirmed, its links and its organisation with it."""
    db.session.expunge(user)
    gone = rows_changed(delete(User).where(User.id == user.id, User.confirmed_at.is_(None)))
    if gone:  # else somebody has confirmed it this moment, and the address decides
        db.session.execute(delete(Organisation).where(Organisation.id == user.organisation_id))
