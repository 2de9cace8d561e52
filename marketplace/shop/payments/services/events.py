"""What providers tell us: stored first, handled once."""

from datetime import datetime

from sqlalchemy import update

from marketplace.platform.core.db import db, insert_into
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.payments.models import ProviderEvent
from marketplace.shop.payments.providers.interface import Notice

EVENT = "payments.event"


def store_event(*, provider: str, notice: Notice, body: str, at: datetime, job: str = EVENT) -> bool:
    """Keep what came, for the worker to see to by `job`; answers whether it was new. A duplicate changes nothing."""
    values = {
        "provider": provider,
        "event_id": notice.event_id,
        "kind": notice.kind,
        "reference": notice.reference,
        "body": body,
        "received_at": at,
    }
    made = db.session.execute(
        insert_into(ProviderEvent).values(**values).on_conflict_do_nothing().returning(ProviderEvent.id)
    ).scalar()
    if made is None:
        return False
    enqueue(name=job, key=f"{job}:{made}", at=at, payload={"id": made, "subject": notice.subject})
    return True


def handled(*, event_id: int, at: datetime) -> None:
    """The event was seen to."""
    unhandled = (ProviderEvent.id == event_id) & ProviderEvent.handled_at.is_(None)
    db.session.execute(update(ProviderEvent).where(unhandled).values(handled_at=at))
