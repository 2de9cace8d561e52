"""The trail's chain: the worker seals new rows; `flask audit verify` checks it."""

from datetime import UTC
from typing import Any

from marketplace.platform.audit.chain import Chain
from marketplace.platform.audit.models import AuditEntry


def _facts(entry: AuditEntry) -> list[Any]:
    return [
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.subject_type,
        entry.subject,
        entry.detail,
        entry.request_id,
    ]


TRAIL = Chain("audit", AuditEntry, _facts)

seal_new = TRAIL.seal_new
head = TRAIL.head
holds_head = TRAIL.holds_head
unsealed_before = TRAIL.unsealed_before
broken_positions = TRAIL.broken_positions
