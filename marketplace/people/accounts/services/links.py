"""Links that open one thing once: random secrets, of which only the hash is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from marketplace.people.accounts.models import LinkPurpose, MailLink, User
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.ids import new_token, token_hash
from marketplace.platform.core.words import N_

LASTS = {
    LinkPurpose.CONFIRM: timedelta(hours=48),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.UNDO_EMAIL: timedelta(hours=72),
}
MOST_A_DAY = 5


class LinkGone(Refusal):
    """The link was used, has expired, was replaced by a newer one, or never was; which, is not told."""

    status = 404
    code = "link_gone"
    message = N_("Đường dẫn này không còn dùng được: đã dùng rồi, đã hết hạn, hoặc đã có thư mới hơn.")


def issue_link(user: User, purpose: LinkPurpose, *, at: datetime, email: str = "", target: str = "") -> str:
    """A new link for an account, about `email` (its own address when left out); answers the secret.

    Older ones for the same purpose end, but for undoing, where each may be needed.
    """
    if purpose is not LinkPurpose.UNDO_EMAIL:
        end_links(user, purpose, at=at)
    token = new_token()
    db.session.add(
        MailLink(
            purpose=purpose,
            user_id=user.id,
            email=email or user.email,
            target=target[:500],
            token_hash=token_hash(token),
            created_at=at,
            expires_at=at + LASTS[purpose],
        )
    )
    return token


def many_already(user: User, purpose: LinkPurpose, *, at: datetime) -> bool:
    """Whether an account has been sent enough links for this purpose within a day."""
    sent = db.session.scalar(
        select(func.count()).where(
            MailLink.user_id == user.id, MailLink.purpose == purpose, MailLink.created_at > at - timedelta(days=1)
        )
    )
    return (sent or 0) >= MOST_A_DAY


def find_link(token: str, *, purpose: LinkPurpose, at: datetime) -> MailLink:
    """The link with this secret, its account loaded, if it still opens something; else LinkGone."""
    link = db.session.scalar(_open(token, purpose, at).options(joinedload(MailLink.user)))
    if link is None or link.user.disabled_at is not None:
        raise LinkGone
    return link


def take_link(token: str, *, purpose: LinkPurpose, at: datetime) -> MailLink:
    """Use the link up: of two who try at once one succeeds, the other is told LinkGone."""
    link = find_link(token, purpose=purpose, at=at)
    taken = rows_changed(
        update(MailLink).where(MailLink.id == link.id, MailLink.ended_at.is_(None)).values(ended_at=at)
    )
    if taken != 1:
        raise LinkGone
    return link


def end_links(user: User, *purposes: LinkPurpose, at: datetime) -> None:
    """Void an account's links for these purposes."""
    db.session.execute(
        update(MailLink)
        .where(MailLink.user_id == user.id, MailLink.purpose.in_(purposes), MailLink.ended_at.is_(None))
        .values(ended_at=at)
    )


def _open(token: str, purpose: LinkPurpose, at: datetime) -> Select[MailLink]:
    return select(MailLink).where(
        MailLink.token_hash == token_hash(token),
        MailLink.purpose == purpose,
        MailLink.ended_at.is_(None),
        MailLink.expires_at > at,
    )
