"""Reading the trail."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, exists, func, or_, select

from marketplace.platform.audit.models import AuditEntry, ChainCheck, SeenPersonal
from marketplace.platform.core.db import db

Listed = TypeVar("Listed", bound=Select[Any])


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


@dataclass(frozen=True)
class TrailAsked:
    """Which acts are asked for: part of who, the beginning of what, whole to what, from `since`, before `until`."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_trail(asked: TrailAsked, *, page: int, per_page: int) -> list[AuditEntry]:
    """One page of the acts asked for, the newest first."""
    query = _asked(select(AuditEntry), asked).order_by(AuditEntry.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_trail(asked: TrailAsked) -> int:
    """How many acts are asked for."""
    return db.session.scalar(_asked(select(func.count()).select_from(AuditEntry), asked)) or 0


def last_check() -> ChainCheck | None:
    """When the chain was last walked, and what came of it."""
    return db.session.scalar(select(ChainCheck).order_by(ChainCheck.at.desc(), ChainCheck.id.desc()).limit(1))


def is_cut() -> bool:
    """Whether a head that an earlier walk noted is gone from the trail, or has another seal: rows were cut off."""
    held = exists().where(AuditEntry.position == ChainCheck.position, AuditEntry.seal == ChainCheck.seal)
    lost = select(ChainCheck.id).where(ChainCheck.position > 0, ~held)
    return db.session.scalar(lost.limit(1)) is not None


def was_seen(*, user_id: int, kind: str, subject: str, day: date) -> bool:
    """Whether it is noted already that this person saw this on that day."""
    noted = (
        SeenPersonal.user_id == user_id,
        SeenPersonal.kind == kind,
        SeenPersonal.subject == subject,
        SeenPersonal.day == day,
    )
    return bool(db.session.scalar(select(exists().where(*noted))))


def list_seen(words: str, *, page: int, per_page: int) -> list[SeenPersonal]:
    """Who saw whose personal data, the newest first; `words` is part of who, or whole of whose."""
    query = _seen(select(SeenPersonal), words).order_by(SeenPersonal.first_at.desc(), SeenPersonal.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_seen(words: str) -> int:
    """How many rows that is."""
    return db.session.scalar(_seen(select(func.count()).select_from(SeenPersonal), words)) or 0


def list_seen_of(kind: str, subjects: Collection[str]) -> list[SeenPersonal]:
    """Who saw these subjects of one kind, oldest first."""
    query = select(SeenPersonal).where(SeenPersonal.kind == kind, SeenPersonal.subject.in_(subjects))
    return list(db.session.scalars(query.order_by(SeenPersonal.first_at, SeenPersonal.id)))


def _seen(query: Listed, words: str) -> Listed:
    if not words:
        return query
    return query.where(or_(SeenPersonal.user_name.icontains(words, autoescape=True), SeenPersonal.subject == words))


def _asked(query: Listed, asked: TrailAsked) -> Listed:
    if asked.actor:
        query = query.where(AuditEntry.actor_name.icontains(asked.actor, autoescape=True))
    if asked.action:
        query = query.where(AuditEntry.action.startswith(asked.action, autoescape=True))
    if asked.subject:
        query = query.where(AuditEntry.subject == asked.subject)
    if asked.since is not None:
        query = query.where(AuditEntry.at >= asked.since)
    return query if asked.until is None else query.where(AuditEntry.at < asked.until)
