"""The trail's chain: the worker seals new rows; `flask audit verify` checks it."""

from datetime import UTC, datetime
from typing import Any

from marketplace.platform.audit.chain import Chain
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.audit.queries import is_cut
from marketplace.platform.audit.services import note_check
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction


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


def walk_chain(*, by: Actor, at: datetime) -> None:
    """Walk the whole chain, then note what came of it, in a block of its own."""
    position, seal = TRAIL.head()
    broken, unsealed, cut = len(TRAIL.broken_positions()), len(TRAIL.unsealed_before()), is_cut()
    with transaction():
        note_check(position=position, seal=seal, broken=broken, unsealed=unsealed, cut=cut, by=by, at=at)


seal_new = TRAIL.seal_new
head = TRAIL.head
holds_head = TRAIL.holds_head
unsealed_before = TRAIL.unsealed_before
broken_positions = TRAIL.broken_positions
