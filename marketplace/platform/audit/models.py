"""The audit trail."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId


class AuditEntry(Model):
    """One act: append-only. `position` and `seal` are empty until the worker has chained the row."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_type", "subject"), Index("ix_audit_entries_at", "at"))

    id: Mapped[RowId]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # a user's row; no foreign key: the trail outlives what it speaks of
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(64))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[str | None] = mapped_column(String(64))


class SeenPersonal(Model):
    """One person of the office saw somebody's personal data on a day: append-only, one row however often."""

    __tablename__ = "seen_personal"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "subject", "day"),
        Index("ix_seen_personal_kind_subject", "kind", "subject"),
        Index("ix_seen_personal_first_at", "first_at"),
    )

    id: Mapped[RowId]
    user_id: Mapped[int]  # no foreign key: what was seen outlives the account
    user_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32))  # what kind of page
    subject: Mapped[str] = mapped_column(String(200))  # whose: a public code, or "" for a list
    day: Mapped[date]  # in Vietnam
    first_at: Mapped[datetime]


class ChainCheck(Model):
    """The trail's chain was walked from its start: how far, and how many places did not hold."""

    __tablename__ = "chain_checks"
    __table_args__ = (
        CheckConstraint("broken >= 0 AND unsealed >= 0 AND position >= 0", name="counts"),
        Index("ix_chain_checks_at", "at"),
    )

    id: Mapped[RowId]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    broken: Mapped[int]
    unsealed: Mapped[int]  # rows whose seal was taken away
    cut: Mapped[bool] = mapped_column(default=False)  # a head that an earlier walk noted is there no more
