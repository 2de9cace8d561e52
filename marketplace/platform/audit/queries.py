"""Reading the trail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db


def list_acts(
    subjects: Iterable[tuple[str, str]], *, since: datetime | None, until: datetime | None, most: int
) -> list[AuditEntry]:
    """What was done to these subjects (type, code) from `since` and before `until`, the newest first."""
    wanted = or_(*(and_(AuditEntry.subject_type == t, AuditEntry.subject == code) for t, code in subjects))
    query = select(AuditEntry).where(wanted)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.at < until)
    return list(db.session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most)))
