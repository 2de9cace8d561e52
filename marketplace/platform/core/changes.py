"""Change rows: whoever changes what others derive from says so in the same block; readers delete what they took."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, announce, db


class Change(Model):
    """One thing that changed: search reads these rows and deletes them once indexed."""

    __tablename__ = "changes"

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    at: Mapped[datetime]


def changed(kind: str, subject_id: int, *, at: datetime) -> None:
    """Say in the open block that the thing `kind` with row `subject_id` changed."""
    db.session().add(Change(kind=kind, subject_id=subject_id, at=at))
    announce("changes")


def changed_all(kind: str, subject_ids: Iterable[int], *, at: datetime) -> None:
    """Say in the open block that many things of one kind changed."""
    rows = [{"kind": kind, "subject_id": subject_id, "at": at} for subject_id in sorted(set(subject_ids))]
    if rows:
        db.session.execute(insert(Change), rows)
        announce("changes")
