"""What people found out about cases that do not match."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId


class Explanation(Model):
    """Why a case is in order though it does not match. It holds for these figures: others want other words."""

    __tablename__ = "reconciliation_explanations"
    __table_args__ = (
        UniqueConstraint("case_name", "figures"),
        CheckConstraint("words <> ''", name="words"),
    )

    id: Mapped[RowId]
    case_name: Mapped[str] = mapped_column(String(320))
    figures: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))
