"""A file brought in: its rows as staged, and what the check found."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import Model, RowId
from marketplace.platform.core.types import choice
from marketplace.platform.imports.rules import Weight


class ImportState(StrEnum):
    STAGED = "staged"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING = frozenset({ImportState.STAGED, ImportState.CHECKING, ImportState.APPLYING})
OPEN = frozenset({ImportState.STAGED, ImportState.CHECKING, ImportState.CHECKED})


class StagedImport(Model):
    """One file. Who brought it in is kept as they acted, for the worker to act as them."""

    __tablename__ = "staged_imports"
    __table_args__ = (
        CheckConstraint("rows_done >= 0 AND rows_done <= rows_total", name="progress"),
        CheckConstraint("state <> 'applied' OR rows_bad = 0", name="good_when_applied"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(200))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    user_id: Mapped[int | None]
    user_name: Mapped[str] = mapped_column(String(200))
    user_role: Mapped[str | None] = mapped_column(String(32))
    organisation_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    created_at: Mapped[datetime]
    state: Mapped[ImportState] = mapped_column(choice(ImportState, "state"))
    rows_total: Mapped[int]
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_bad: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)  # each check and each application is a job of its own round
    summary: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    seen: Mapped[str] = mapped_column(String(200), default="")  # the state of the tables that the check was made on
    finished_at: Mapped[datetime | None]

    @property
    def actor(self) -> Actor:
        """Who brought it in."""
        return Actor(self.user_id, self.user_name, self.user_role, self.organisation_id, self.unit_id)

    @property
    def waiting(self) -> bool:
        """Whether the worker still has to do something."""
        return self.state in WAITING


class StagedRow(Model):
    """One row of the file, by its line there; every cell is text."""

    __tablename__ = "staged_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey("staged_imports.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[dict[str, str]] = mapped_column(JSON)


class ImportFinding(Model):
    """What the check says of a row: why it is bad, a warning, or a note of what it would do."""

    __tablename__ = "import_findings"
    __table_args__ = (Index("ix_import_findings_import_id_line", "import_id", "line"),)

    id: Mapped[RowId]
    import_id: Mapped[int] = mapped_column(ForeignKey("staged_imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    column_name: Mapped[str] = mapped_column(String(64))
    weight: Mapped[Weight] = mapped_column(choice(Weight, "weight"))
    reason: Mapped[str] = mapped_column(String(400))  # a translatable sentence; `facts` fill its gaps
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
