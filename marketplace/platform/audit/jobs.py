"""The worker's part: sealing new rows into the chain; and checking the chain."""

import json
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction

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
    return len(fresh)


def broken_positions() -> list[int]:
    """Where the chain does not hold: a row was altered, taken out or put in. Empty for an honest trail."""
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
