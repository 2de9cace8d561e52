"""The worker's part: sealing new rows into the chain; and checking the chain."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.log import log

START = "0" * 64
BATCH = 1000


def seal_new(_at: datetime) -> int:
    """Give rows not yet sealed their place in the chain; answers how many."""
    with transaction():
        last = db.session.scalar(
            select(AuditEntry)
            .where(AuditEntry.position.is_not(None))
            .order_by(AuditEntry.position.desc())
            .limit(1)
            .with_for_update()
        )
        position, seal = (last.position or 0, last.seal or START) if last else (0, START)
        fresh = db.session.scalars(
            select(AuditEntry).where(AuditEntry.position.is_(None)).order_by(AuditEntry.id).limit(BATCH)
        ).all()
        for entry in fresh:
            position += 1
            seal = _seal(entry, position, seal)
            entry.position, entry.seal = position, seal
    if fresh:
        log.info("audit sealed", position=position, seal=seal)  # outside the database: `flask audit verify --head`
    return len(fresh)


def head() -> tuple[int, str]:
    """The last sealed position and its seal; (0, zeros) for an empty trail."""
    last = select(AuditEntry.position, AuditEntry.seal).where(AuditEntry.position.is_not(None))
    row = db.session.execute(last.order_by(AuditEntry.position.desc()).limit(1)).first()
    return (row[0] or 0, row[1] or START) if row else (0, START)


def holds_head(position: int, seal: str) -> bool:
    """Whether the trail still has this position with this seal, as an earlier log line says: nothing was cut off."""
    if position == 0:
        return seal == START
    return db.session.scalar(select(AuditEntry.seal).where(AuditEntry.position == position)) == seal


def unsealed_before() -> list[int]:
    """Rows without a seal although one an hour younger has it: somebody took their seal away."""
    youngest = db.session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.position.is_not(None)))
    if youngest is None:
        return []
    left = select(AuditEntry.id).where(AuditEntry.position.is_(None), AuditEntry.at < youngest - timedelta(hours=1))
    return list(db.session.scalars(left.order_by(AuditEntry.id)))


def broken_positions() -> list[int]:
    """Where the chain does not hold: a row was altered, taken out or put in. Empty for an honest trail.

    That the newest rows were cut off, the chain alone cannot tell: compare its `head` with one noted elsewhere.
    """
    broken, before, expected = [], START, 1
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.position.is_not(None)).order_by(AuditEntry.position))
    for entry in rows:
        position = entry.position or 0
        if position != expected or entry.seal != _seal(entry, position, before):
            broken.append(position)
        before, expected = entry.seal or START, position + 1
    return broken


def _seal(entry: AuditEntry, position: int, before: str) -> str:
    facts = [
        position,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.subject_type,
        entry.subject,
        entry.detail,
        entry.request_id,
        before,
    ]
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
