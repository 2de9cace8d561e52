"""What was found each time the books were checked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId


class BookCheck(Model):
    """One look at all invariants: `findings` holds, by check, how many faults there were and the first of them."""

    __tablename__ = "book_checks"

    id: Mapped[RowId]
    at: Mapped[datetime]
    faults: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
