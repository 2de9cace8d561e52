"""Work that must not be lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId


class Job(Model):
    """One piece of work. `key` makes asking twice the same as asking once; `claimed_until` is the worker's lease."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "finished_at", "due_at"),)

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
