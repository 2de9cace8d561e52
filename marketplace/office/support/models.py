"""What a producer was given."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice


class SupportKind(StrEnum):
    SUBSIDY = "subsidy"
    TRAINING = "training"
    PACKAGING = "packaging"
    TESTS = "tests"
    OTHER = "other"


class Support(Model):
    """One act of support. What was entered by mistake is withdrawn with the reason, never deleted."""

    __tablename__ = "producer_support"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why = '')", name="withdrawn_with_reason"),
        Index("ix_producer_support_given_on", "given_on"),
        Index("ix_producer_support_producer_id", "producer_id"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    kind: Mapped[SupportKind] = mapped_column(choice(SupportKind, "kind"))
    programme: Mapped[str] = mapped_column(String(200))
    decision_number: Mapped[str] = mapped_column(String(64), default="")
    what: Mapped[str] = mapped_column(String(300))
    amount: Mapped[Money]  # 0: given in kind, without a price
    given_on: Mapped[date]
    result: Mapped[str] = mapped_column(Text, default="")  # what came of it, as seen later
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")

    producer: Mapped[Producer] = related()
