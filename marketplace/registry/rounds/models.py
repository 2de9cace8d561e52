"""Rounds."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId
from marketplace.registry.rulesets.queries import ruleset
from marketplace.registry.rulesets.rules import RuleSet


class EvaluationRound(Model):
    """One of a year's rounds. Every day is included: what arrives on the deadline's day arrives in time.

    The first level is the district until June 2025 and the commune since; its rule set says which.
    """

    __tablename__ = "evaluation_rounds"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number BETWEEN 1 AND 12", name="number"),
        CheckConstraint("opens_on <= first_deadline AND first_deadline <= province_deadline", name="days"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)  # 2026-1
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))  # whose officers keep it
    year: Mapped[int]
    number: Mapped[int]
    ruleset_code: Mapped[str] = mapped_column(String(16))  # of registry.rulesets
    opens_on: Mapped[date]
    first_deadline: Mapped[date]  # dossiers at the first level
    province_deadline: Mapped[date]  # assessed and passed on to the province
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def rules(self) -> RuleSet:
        return ruleset(self.ruleset_code)

    def takes_new(self, on: date) -> bool:
        """Whether a dossier may be handed in for the first time on the day."""
        return self.closed_at is None and self.opens_on <= on <= self.first_deadline

    def takes_mended(self, on: date) -> bool:
        """Whether a dossier that was returned may be handed in again on the day."""
        return self.closed_at is None and on <= self.province_deadline
