"""Putting messages in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update

from marketplace.platform.core.db import announce, db
from marketplace.platform.mail.models import OutgoingMail


@dataclass(frozen=True)
class Letter:
    """A composed message: subject, plain text, HTML."""

    subject: str
    text: str
    html: str


EMPTY = {"to_address": "", "subject": "", "text": "", "html": ""}


def post(*, key: str, to: str, letter: Letter, at: datetime, secret: bool = False, unsubscribe: str = "") -> None:
    """Put a letter in the outbox, in the open block. The same `key` again is the same letter, sent once.

    A `secret` one carries a link's secret or a person's last trace: nothing of it is kept once it has left.
    `unsubscribe` is the address at which one click of the mail program ends the subscription it came by.
    """
    if db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.key == key)) is None:
        db.session.add(
            OutgoingMail(
                key=key,
                message_id=f"<{sha256(key.encode()).hexdigest()[:40]}@cho-phien>",
                to_address=to,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                secret=secret,
                unsubscribe=unsubscribe,
                created_at=at,
                due_at=at,
            )
        )
        announce("mail")


def forget_letters(*, to: str) -> None:
    """Withdraw what has not left yet for an address, and empty what has."""
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.to_address == to, OutgoingMail.sent_at.is_(None)))
    db.session.execute(update(OutgoingMail).where(OutgoingMail.to_address == to).values(**EMPTY))
