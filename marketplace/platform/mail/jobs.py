"""The worker's part: delivering the outbox, at least once."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from marketplace.platform.core.db import db, rows_changed, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.mail.services import EMPTY
from marketplace.platform.mail.transports import Transport, compose

MOST_ATTEMPTS = 12  # the last wait is a day and a half: two to three days of trying in all


def deliver_due(at: datetime, *, transport: Transport, sender: str, lease: timedelta) -> int:
    """Deliver what is due; answers how many messages left.

    Each is claimed for `lease` in a block of its own, sent outside any block, then marked. A worker killed in
    between leaves it claimed; when the lease has run out it is sent again, with the same Message-ID.
    """
    sent = 0
    for mail in _due(at):
        if not _claim(mail, at, lease):
            continue
        try:
            transport.send(compose(mail, sender))
        except Exception as error:  # whatever is wrong with one message, the next ones leave
            _failed(mail, at, f"{type(error).__name__}: {error}")
        else:
            kept = EMPTY if mail.secret else {}
            _mark(mail, sent_at=at, claimed_until=None, last_error=None, **kept)
            sent += 1
    return sent


def wait_before(attempt: int) -> timedelta:
    """How long to wait after the `attempt`th failure: one minute, doubling."""
    return timedelta(minutes=2 ** (attempt - 1))


def _due(at: datetime) -> list[OutgoingMail]:
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until <= at)
    return list(
        db.session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None), OutgoingMail.due_at <= at, free)
            .order_by(OutgoingMail.due_at, OutgoingMail.id)
            .limit(100)
        )
    )


def _claim(mail: OutgoingMail, at: datetime, lease: timedelta) -> bool:
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until <= at)
    with transaction():
        claimed = rows_changed(
            update(OutgoingMail)
            .where(OutgoingMail.id == mail.id, OutgoingMail.sent_at.is_(None), free)
            .values(claimed_until=at + lease, attempts=OutgoingMail.attempts + 1)
        )
    return claimed == 1


def _mark(mail: OutgoingMail, **values: object) -> None:
    with transaction():
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id == mail.id).values(**values))


def _failed(mail: OutgoingMail, at: datetime, error: str) -> None:
    attempt = mail.attempts + 1
    last = attempt >= MOST_ATTEMPTS
    _mark(
        mail,
        claimed_until=None,
        due_at=at + wait_before(attempt),
        last_error=error[:2000],
        failed_at=at if last else None,
    )
