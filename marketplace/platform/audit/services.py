"""Writing the trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.context import request_id
from marketplace.platform.core.db import db


def record(
    *, by: Actor, action: str, subject_type: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Write one act in the open block. `subject` is a public code or slug; `detail` is plain JSON, no secrets."""
    db.session.add(
        AuditEntry(
            at=at,
            actor_id=by.user_id,
            actor_name=by.name or "guest",
            action=action,
            subject_type=subject_type,
            subject=subject,
            detail=dict(detail or {}),
            request_id=request_id(),
        )
    )
