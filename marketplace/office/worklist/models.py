"""A piece of work and who has it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.platform.core.db import Model, RowId, related


class WorkClaim(Model):
    """One officer has one piece of work: a second cannot take it. What waits, the rooms themselves say.

    It is the piece that waits since `since`: what comes back later is new work, which nobody has yet.
    """

    __tablename__ = "work_claims"
    __table_args__ = (UniqueConstraint("kind", "item"), Index("ix_work_claims_officer_id", "officer_id"))

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(32))
    item: Mapped[str] = mapped_column(String(120))  # its public code or slug
    officer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    since: Mapped[datetime]
    taken_at: Mapped[datetime]

    officer: Mapped[User] = related()
