"""Reading payout batches."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.payouts.models import BatchState, PayoutBatch, PayoutLine


def get_batch(code: str) -> PayoutBatch:
    """A batch with its lines and their producers."""
    query = select(PayoutBatch).where(PayoutBatch.code == code).execution_options(populate_existing=True)
    found = db.session.scalar(query.options(selectinload(PayoutBatch.lines).joinedload(PayoutLine.producer)))
    if found is None:
        raise NotFound
    return found


def get_line(code: str, slug: str) -> PayoutLine:
    """One producer's line of a batch."""
    line = next((line for line in get_batch(code).lines if line.producer.slug == slug), None)
    if line is None:
        raise NotFound
    return line


def list_batches(limit: int = 100) -> list[PayoutBatch]:
    """Batches with their lines, the newest first."""
    query = select(PayoutBatch).options(selectinload(PayoutBatch.lines)).order_by(PayoutBatch.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def count_drafts(*, but: int | None) -> int:
    """How many batches wait to be approved by somebody else than whoever made them: of a person, by others."""
    waits = select(func.count(PayoutBatch.id)).where(PayoutBatch.state == BatchState.DRAFT)
    return db.session.scalar(waits.where(PayoutBatch.made_by_id.is_distinct_from(but))) or 0


def list_payouts(producer_id: int) -> list[PayoutLine]:
    """A producer's own lines with their batches, the newest first."""
    query = select(PayoutLine).where(PayoutLine.producer_id == producer_id).options(joinedload(PayoutLine.batch))
    return list(db.session.scalars(query.order_by(PayoutLine.id.desc())))
