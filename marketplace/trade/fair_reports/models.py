"""What exhibitors and visitors think of a fair."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId

LONGEST_WORDS = 1000


class FairFeedback(Model):
    """One answer of one exhibitor, or of one ticket's holder; given again, the last word counts."""

    __tablename__ = "fair_feedback"
    __table_args__ = (
        CheckConstraint("(application_id IS NULL) <> (ticket_id IS NULL)", name="one_side"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_fair_feedback_edition_id", "edition_id"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("fair_applications.id"), unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("fair_tickets.id"), unique=True)
    rating: Mapped[int]  # stars, 1 to 5
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    at: Mapped[datetime]
