"""How an edition's booths are to be given, and every working out of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId
from marketplace.platform.core.types import choice
from marketplace.trade.allocations.problem import Gathering


class RunState(StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    TAKEN = "taken"  # the office made it the placing that stands


WAITS = frozenset({RunState.ASKED, RunState.RUNNING})


class AllocationTerms(Model):
    """What counts how much for an edition, as the officer chose; without a row the usual weights."""

    __tablename__ = "fair_allocation_terms"

    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"), primary_key=True, autoincrement=False)
    gathering: Mapped[Gathering] = mapped_column(choice(Gathering, "gathering"))
    weights: Mapped[dict[str, int]] = mapped_column(JSON)  # `problem.Weights`
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(200))


class AllocationRun(Model):
    """One working out: what was asked, who is placed where and why, who is left and why, how good that is."""

    __tablename__ = "fair_allocation_runs"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("state NOT IN ('done', 'taken') OR result IS NOT NULL", name="result"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(choice(RunState, "state"))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # `problem.Problem`
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # placed, value, bound, gap, explained, left
    error: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def busy(self) -> bool:
        """Whether it waits or is being worked out."""
        return self.state in WAITS
