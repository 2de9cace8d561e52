"""Putting messages in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from marketplace.platform.core.db import announce, db
from marketplace.platform.mail.models import OutgoingMail


@dataclass(frozen=True)
class Letter:
    """A composed message: subject, plain text, HTML."""

    subject: str
    text: str
    html: str


def post(*, key: str, to: str, letter: Letter, at: datetime) -> None:
    """Put a letter in the outbox, in the open block. The same `key` again is the same letter, sent once."""
    if db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.key == key)) is None:
        db.session.add(
            OutgoingMail(
                key=key,
                message_id=f"<{sha256(key.encode()).hexdigest()[:40]}@cho-phien>",
                to_address=to,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                created_at=at,
                due_at=at,
            )
        )
        announce("mail")
