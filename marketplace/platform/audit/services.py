"""Writing the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from marketplace.platform.audit.models import AuditEntry, ChainCheck, SeenPersonal
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.context import request_id
from marketplace.platform.core.db import db, make_once


def record(
    *, by: Actor, action: str, subject_type: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Write one act in the open block. `subject` is a public code or slug; `detail` is plain JSON, no secrets.

    Whoever acts on another's behalf stays the one who did it; `on_behalf_of` in the detail says for whom.
    """
    db.session.add(
        AuditEntry(
            at=at,
            actor_id=by.user_id,
            actor_name=by.name or "guest",
            action=action,
            subject_type=subject_type,
            subject=subject,
            detail=_with_behalf(by, detail or {}),
            request_id=request_id(),
        )
    )


@dataclass(frozen=True)
class Act:
    """One act of many by the same person at the same instant."""

    action: str
    subject_type: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def record_all(acts: Iterable[Act], *, by: Actor, at: datetime) -> None:
    """Write many acts in the open block, each a row of its own as `record` writes it."""
    common = {"at": at, "actor_id": by.user_id, "actor_name": by.name or "guest", "request_id": request_id()}
    rows = [
        {
            "action": a.action,
            "subject_type": a.subject_type,
            "subject": a.subject,
            "detail": _with_behalf(by, a.detail),
            **common,
        }
        for a in acts
    ]
    if rows:
        db.session.execute(insert(AuditEntry), rows)


def note_seen(*, kind: str, subject: str, by: Actor, at: datetime) -> None:
    """Note in the open block that a person of the office saw somebody's personal data; once a day is enough.

    The trail has it too, where the chain holds it: taken out of the one, it is missing beside the other.
    """
    values = {
        "user_id": by.user_id,
        "user_name": by.name,
        "kind": kind,
        "subject": subject,
        "day": day_of(at),
        "first_at": at,
    }
    if make_once(SeenPersonal, **values):
        record(by=by, action="personal.seen", subject_type=kind, subject=subject, at=at)


def note_check(*, position: int, seal: str, broken: int, unsealed: int, cut: bool, by: Actor, at: datetime) -> None:
    """Note in the open block that the chain was walked, and what came of it."""
    found = {"position": position, "seal": seal, "broken": broken, "unsealed": unsealed, "cut": cut}
    db.session.add(ChainCheck(at=at, by_name=by.name, **found))


def _with_behalf(by: Actor, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {**detail, "on_behalf_of": by.behalf} if by.behalf else dict(detail)
